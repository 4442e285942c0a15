package dev.wavetank.scheduler.queue;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.Objects;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PluginSet;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreEnqueuePlugin;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.QueueingHintFn;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.whatif.DryRun;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A queue whose only filter rejects every pod and waits for new nodes. */
final class TestQueue {

  final Set<String> gated = new LinkedHashSet<>();
  final Simulation simulation = new Simulation(Choices.first());
  final SchedulingQueue queue;

  private final class Gate implements PreEnqueuePlugin, FilterPlugin, EnqueueExtensions {
    @Override
    public String name() {
      return "Gate";
    }

    @Override
    public Status preEnqueue(PodInfo pod) {
      return gated.contains(pod.key().name()) ? Status.unresolvable("gated") : Status.SUCCESS;
    }

    @Override
    public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
      return Status.unschedulable("closed");
    }

    @Override
    public ImmutableList<ClusterEventWithHint> eventsToRegister() {
      return ImmutableList.of(
          ClusterEventWithHint.of(EventResource.NODE, ActionType.ADD, QueueingHintFn.QUEUE));
    }
  }

  TestQueue() {
    Registry registry = DefaultPlugins.registry().with("Gate", (args, handle) -> new Gate());
    Profile profile =
        Profile.of(
            Profile.DEFAULT_SCHEDULER_NAME, PluginSet.of("PrioritySort", "Gate", "DefaultBinder"));
    DryRun dryRun = new DryRun(registry, profile, Choices.first());
    this.queue =
        new SchedulingQueue(
            simulation,
            List.of(dryRun.framework()),
            BackoffLimits.DEFAULT,
            dryRun.nominator(),
            () -> {});
  }

  private static KubeObject pod(String name, int priority) {
    return Objects.pod(name, "{priority: " + priority + "}");
  }

  TestQueue add(String name, int priority) {
    KubeObject pod = pod(name, priority);
    queue.add(pod, Objects.info(pod));
    return this;
  }

  TestQueue delete(String name) {
    KubeObject pod = pod(name, 0);
    queue.delete(pod.key(ResourceType.PODS), pod.uid());
    return this;
  }

  TestQueue run(double seconds) {
    simulation.runUntil(simulation.now() + (long) (seconds * 1e9));
    return this;
  }

  @Nullable QueuedPod pop() {
    return queue.pop();
  }

  /** The pod was turned down by the plugin. */
  void reject(QueuedPod pod) {
    pod.rejectedBy(1L << 1, 0);
    queue.addUnschedulableIfNotPresent(pod, pod.pod(), pod.podInfo());
  }

  /** The attempt ended with an error. */
  void fail(QueuedPod pod) {
    pod.rejectedBy(0, 0);
    queue.addUnschedulableIfNotPresent(pod, pod.pod(), pod.podInfo());
  }

  void happens(ClusterEvent event) {
    queue.moveAllToActiveOrBackoffQueue(event, null, null);
  }

  /** Names of all pods that can be popped now. */
  List<String> drain() {
    List<String> names = new ArrayList<>();
    for (QueuedPod pod = pop(); pod != null; pod = pop()) {
      names.add(pod.podInfo().key().name());
      queue.done(pod);
    }
    return names;
  }
}
