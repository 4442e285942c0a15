package dev.wavetank.scheduler;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PermitPlugin;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreBindPlugin;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.queue.Nominator;
import dev.wavetank.scheduler.queue.QueuedPod;
import dev.wavetank.scheduler.queue.SchedulingQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a chosen node to a bound pod: assume, reserve, permit, then what must be done before, and
 * the binding itself, while the scheduler goes on with the next pod.
 *
 * <p>Follows {@code prepareForBindingCycle} and {@code bindingCycle} of
 * pkg/scheduler/schedule_one.go (v1.36).
 */
final class BindingCycle {

  /** A pod on its way to a node. */
  private static final class Assumed {
    final RunningProfile profile;
    final CycleState state;
    final QueuedPod queued;
    final PodInfo pod;

    /** What is still to be done before it is bound; null while it may be told to wait. */
    @Nullable ImmutableList<PreBindPlugin> preBinds;

    int nextPreBind;
    long waitsUntilNanos = -1;

    Assumed(RunningProfile profile, CycleState state, QueuedPod queued, String node) {
      this.profile = profile;
      this.state = state;
      this.queued = queued;
      this.pod = queued.podInfo().onNode(node);
    }

    Framework framework() {
      return profile.framework();
    }

    String node() {
      return pod.nodeName();
    }
  }

  private final ApiClient client;
  private final Simulation simulation;
  private final SchedulerCache cache;
  private final SchedulingQueue queue;
  private final ImmutableMap<String, RunningProfile> profiles;
  private final Nominator nominator;
  private final WaitingPods waiting;
  private final FailureHandler failures;

  /** Pods for which something is to be done before they are bound, by uid. */
  private final Map<String, Assumed> preBinding = new LinkedHashMap<>();

  private int bindings;

  BindingCycle(
      ApiClient client,
      SchedulerCache cache,
      SchedulingQueue queue,
      ImmutableMap<String, RunningProfile> profiles,
      Nominator nominator,
      WaitingPods waiting,
      FailureHandler failures) {
    this.client = client;
    this.simulation = client.server().simulation();
    this.cache = cache;
    this.queue = queue;
    this.profiles = profiles;
    this.nominator = nominator;
    this.waiting = waiting;
    this.failures = failures;
  }

  /** The profile that a pod of the queue belongs to. */
  static RunningProfile profile(ImmutableMap<String, RunningProfile> profiles, QueuedPod pod) {
    RunningProfile profile = profiles.get(pod.framework().profile().schedulerName());
    if (profile == null) {
      throw new SimulationBug("a pod without a profile");
    }
    return profile;
  }

  /** Whether no pod is on its way to a node. */
  boolean idle() {
    return bindings == 0;
  }

  /** Goes on from the end of a scheduling cycle. */
  void begin(CycleState state, QueuedPod queued, ScheduleResult result) {
    String node = result.suggestedHost();
    if (node == null) {
      failures.fail(queued, result);
      return;
    }
    Assumed assumed = new Assumed(profile(profiles, queued), state, queued, node);
    cache.assumePod(assumed.pod);
    nominator.delete(assumed.pod.uid());
    Framework framework = assumed.framework();
    Status status = framework.runReservePluginsReserve(state, assumed.pod, node);
    if (!status.success()) {
      undo(assumed);
      failures.fail(queued, rejection(framework, status));
      return;
    }
    List<PermitPlugin> waits = new ArrayList<>(0);
    status = framework.runPermitPlugins(state, assumed.pod, node, waits);
    if (!status.success() && status != Status.WAIT) {
      undo(assumed);
      failures.fail(queued, rejection(framework, status));
      return;
    }
    bindings++;
    if (status == Status.WAIT) {
      waiting.add(assumed.pod, waits, outcome(assumed));
    }
    simulation.after(
        0, "scheduler/bind", assumed.pod.key(), () -> bindingCycle(assumed, !waits.isEmpty()));
  }

  private static ScheduleResult rejection(Framework framework, Status status) {
    return status.rejected()
        ? rejectedOnNode(1L << framework.rejector(), status.message())
        : ScheduleResult.failed(status.message());
  }

  private static ScheduleResult rejectedOnNode(long plugins, String message) {
    return ScheduleResult.rejected(
        "0/1 nodes are available: 1 " + message + ".", plugins, 0, 1, "");
  }

  private static long bit(Framework framework, String plugin) {
    for (int i = 0; i < framework.plugins().size(); i++) {
      if (framework.name(i).equals(plugin)) {
        return 1L << i;
      }
    }
    return 0;
  }

  private WaitingPods.Outcome outcome(Assumed assumed) {
    return new WaitingPods.Outcome() {
      @Override
      public void allowed() {
        preBindSoon(assumed);
      }

      @Override
      public void rejected(String plugin, String message) {
        boolean freed = undo(assumed);
        failures.fail(assumed.queued, rejectedOnNode(bit(assumed.framework(), plugin), message));
        bindings--;
        if (freed) {
          freed(assumed, false);
        }
      }

      @Override
      public void preempted(String message) {
        bindFailed(assumed, "waiting on permit for pod: " + message);
      }
    };
  }

  private void bindingCycle(Assumed assumed, boolean waits) {
    Status flight =
        assumed.framework().runPreBindPreFlights(assumed.state, assumed.pod, assumed.node());
    if (!flight.success() && flight.code() != Code.SKIP) {
      waiting.forget(assumed.pod);
      bindFailed(assumed, flight.message());
      return;
    }
    assumed.preBinds = assumed.framework().preBindPlugins(assumed.state);
    if (flight.success() || waits) {
      nominate(assumed);
    }
    if (waits && waiting.holds(assumed.pod)) {
      return;
    }
    if (!waits) {
      preBind(assumed);
    }
  }

  /** Tells everybody that the pod is about to go to its node. */
  private void nominate(Assumed assumed) {
    try {
      client.patchStatus(
          assumed.pod.key(), status -> status.with("nominatedNodeName", assumed.node()));
    } catch (ApiException e) {
      // It is a hint: the binding goes on without it.
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  private void preBindSoon(Assumed assumed) {
    simulation.after(0, "scheduler/prebind", assumed.pod.key(), () -> preBind(assumed));
  }

  private void preBind(Assumed assumed) {
    queue.done(assumed.queued);
    if (assumed.preBinds == null || assumed.preBinds.isEmpty()) {
      bind(assumed);
      return;
    }
    preBinding.put(assumed.pod.uid(), assumed);
    continuePreBind(assumed);
  }

  private void continuePreBind(Assumed assumed) {
    ImmutableList<PreBindPlugin> plugins =
        assumed.preBinds == null ? ImmutableList.of() : assumed.preBinds;
    while (assumed.nextPreBind < plugins.size()) {
      PreBindPlugin plugin = plugins.get(assumed.nextPreBind);
      Status status =
          assumed.framework().runPreBindPlugin(plugin, assumed.state, assumed.pod, assumed.node());
      if (status == Status.WAIT) {
        poll(assumed, plugin);
        return;
      }
      assumed.waitsUntilNanos = -1;
      if (!status.success()) {
        bindFailed(assumed, status.message());
        return;
      }
      assumed.nextPreBind++;
    }
    bind(assumed);
  }

  /** Asks a plugin again that waits, until it has waited too long. */
  private void poll(Assumed assumed, PreBindPlugin plugin) {
    if (assumed.waitsUntilNanos < 0) {
      assumed.waitsUntilNanos = simulation.now() + plugin.preBindNanosMax();
    }
    if (simulation.now() >= assumed.waitsUntilNanos) {
      bindFailed(
          assumed, "running PreBind plugin \"" + plugin.name() + "\": " + plugin.timeoutMessage());
      return;
    }
    long next = Math.min(simulation.now() + plugin.pollNanos(), assumed.waitsUntilNanos);
    simulation.at(
        next,
        "scheduler/prebind",
        assumed.pod.key(),
        () -> {
          if (preBinding.get(assumed.pod.uid()) == assumed) {
            continuePreBind(assumed);
          }
        });
  }

  private void bind(Assumed assumed) {
    preBinding.remove(assumed.pod.uid());
    PodInfo pod = assumed.pod;
    Status status = assumed.framework().runBindPlugins(assumed.state, pod, assumed.node());
    long answerNanos = client.takeElapsedNanos();
    if (!status.success()) {
      String message = status.message();
      simulation.after(
          answerNanos, "scheduler/bind-failed", pod.key(), () -> bindFailed(assumed, message));
      return;
    }
    bindings--;
    assumed
        .profile
        .recorder()
        .normal(
            assumed.queued.pod(),
            "Scheduled",
            "Successfully assigned "
                + pod.key().namespace()
                + "/"
                + pod.key().name()
                + " to "
                + assumed.node());
    assumed.framework().runPostBindPlugins(assumed.state, pod, assumed.node());
  }

  private void bindFailed(Assumed assumed, String message) {
    preBinding.remove(assumed.pod.uid());
    bindings--;
    if (undo(assumed)) {
      freed(assumed, true);
    }
    failures.fail(assumed.queued, ScheduleResult.failed(message));
  }

  private boolean undo(Assumed assumed) {
    assumed.framework().runReservePluginsUnreserve(assumed.state, assumed.pod, assumed.node());
    return cache.forgetPod(assumed.pod);
  }

  private void freed(Assumed assumed, boolean itselfToo) {
    String uid = assumed.pod.uid();
    queue.moveAllToActiveOrBackoffQueue(
        ClusterEvent.ASSIGNED_POD_DELETE,
        onNode(assumed.queued.pod(), assumed.node()),
        null,
        pod -> itselfToo || !pod.uid().equals(uid));
  }

  private static KubeObject onNode(KubeObject pod, String node) {
    return pod.withSpec(pod.spec().with("nodeName", node));
  }

  /** An assumed pod is being deleted, or gone, before its binding was seen. */
  void assumedPodDeleted(ObjectKey key, KubeObject pod) {
    PodInfo assumed = cache.assumedPod(key);
    if (assumed == null) {
      return;
    }
    if (!waiting.reject(assumed, "", "pod deleted")) {
      cache.forgetPod(assumed);
    }
    queue.moveAllToActiveOrBackoffQueue(
        ClusterEvent.ASSIGNED_POD_DELETE, onNode(pod, assumed.nodeName()), null);
  }

  /**
   * Takes an assumed pod back that waits for a permit plugin or for what is done before it is
   * bound, so that another can have its place. Returns whether it was one.
   */
  boolean preempt(PodInfo pod, String plugin) {
    if (waiting.preempt(pod, "preempted")) {
      return true;
    }
    Assumed assumed = preBinding.get(pod.uid());
    if (assumed == null) {
      return false;
    }
    ImmutableList<PreBindPlugin> plugins =
        assumed.preBinds == null ? ImmutableList.of() : assumed.preBinds;
    String running =
        assumed.nextPreBind < plugins.size() ? plugins.get(assumed.nextPreBind).name() : plugin;
    bindFailed(assumed, "running PreBind plugin \"" + running + "\": preempted by " + plugin);
    return true;
  }
}
