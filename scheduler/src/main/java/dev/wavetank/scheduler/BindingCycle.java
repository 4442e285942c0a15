package dev.wavetank.scheduler;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PermitPlugin;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.queue.QueuedPod;
import dev.wavetank.scheduler.queue.SchedulingQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * From a chosen node to a bound pod: assume, reserve, permit, then bind while the scheduler goes on
 * with the next pod.
 *
 * <p>Follows {@code prepareForBindingCycle} and {@code bindingCycle} of
 * pkg/scheduler/schedule_one.go (v1.36).
 */
final class BindingCycle {

  /** A pod on its way to a node. */
  private record Assumed(CycleState state, QueuedPod queued, PodInfo pod) {
    String node() {
      return pod.nodeName();
    }
  }

  private final ApiClient client;
  private final Simulation simulation;
  private final SchedulerCache cache;
  private final SchedulingQueue queue;
  private final Framework framework;
  private final WaitingPods waiting;
  private final EventRecorder recorder;
  private final FailureHandler failures;

  BindingCycle(
      ApiClient client,
      SchedulerCache cache,
      SchedulingQueue queue,
      Framework framework,
      WaitingPods waiting,
      EventRecorder recorder,
      FailureHandler failures) {
    this.client = client;
    this.simulation = client.server().simulation();
    this.cache = cache;
    this.queue = queue;
    this.framework = framework;
    this.waiting = waiting;
    this.recorder = recorder;
    this.failures = failures;
  }

  /** Goes on from the end of a scheduling cycle. */
  void begin(CycleState state, QueuedPod queued, ScheduleResult result) {
    String node = result.suggestedHost();
    if (node == null) {
      failures.fail(queued, result);
      return;
    }
    Assumed assumed = new Assumed(state, queued, queued.podInfo().onNode(node));
    cache.assumePod(assumed.pod);
    Status status = framework.runReservePluginsReserve(state, assumed.pod, node);
    if (!status.success()) {
      undo(assumed);
      failures.fail(queued, rejection(status));
      return;
    }
    List<PermitPlugin> waits = new ArrayList<>(0);
    status = framework.runPermitPlugins(state, assumed.pod, node, waits);
    if (status == Status.WAIT) {
      waiting.add(assumed.pod, waits, outcome(assumed));
    } else if (!status.success()) {
      undo(assumed);
      failures.fail(queued, rejection(status));
    } else {
      bindSoon(assumed);
    }
  }

  private ScheduleResult rejection(Status status) {
    return status.rejected()
        ? rejectedOnNode(1L << framework.rejector(), status.message())
        : ScheduleResult.failed(status.message());
  }

  private static ScheduleResult rejectedOnNode(long plugins, String message) {
    return ScheduleResult.rejected("0/1 nodes are available: 1 " + message + ".", plugins, 0, 1);
  }

  private long bit(String plugin) {
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
        bindSoon(assumed);
      }

      @Override
      public void rejected(String plugin, String message) {
        boolean wasAssumed = undo(assumed);
        failures.fail(assumed.queued, rejectedOnNode(bit(plugin), message));
        if (wasAssumed) {
          freed(assumed.queued.pod(), assumed.node());
        }
      }
    };
  }

  private void bindSoon(Assumed assumed) {
    queue.done(assumed.queued);
    simulation.after(0, "scheduler/bind", assumed.pod.key(), () -> bind(assumed));
  }

  private void bind(Assumed assumed) {
    PodInfo pod = assumed.pod;
    Status status = framework.runPreBindPlugins(assumed.state, pod, assumed.node());
    if (status.success()) {
      status = framework.runBindPlugins(assumed.state, pod, assumed.node());
    }
    long answerNanos = client.takeElapsedNanos();
    if (!status.success()) {
      String message = status.message();
      simulation.after(
          answerNanos, "scheduler/bind-failed", pod.key(), () -> bindFailed(assumed, message));
      return;
    }
    recorder.normal(
        assumed.queued.pod(),
        "Scheduled",
        "Successfully assigned "
            + pod.key().namespace()
            + "/"
            + pod.key().name()
            + " to "
            + assumed.node());
    framework.runPostBindPlugins(assumed.state, pod, assumed.node());
  }

  private void bindFailed(Assumed assumed, String message) {
    if (undo(assumed)) {
      freed(assumed.queued.pod(), assumed.node());
    }
    failures.fail(assumed.queued, ScheduleResult.failed(message));
  }

  private boolean undo(Assumed assumed) {
    framework.runReservePluginsUnreserve(assumed.state, assumed.pod, assumed.node());
    return cache.forgetPod(assumed.pod);
  }

  private void freed(KubeObject pod, String node) {
    queue.moveAllToActiveOrBackoffQueue(
        ClusterEvent.ASSIGNED_POD_DELETE, pod.withSpec(pod.spec().with("nodeName", node)), null);
  }

  /** An assumed pod is being deleted, or gone, before its binding was seen. */
  void assumedPodDeleted(ObjectKey key, KubeObject pod) {
    PodInfo assumed = cache.assumedPod(key);
    if (assumed == null || waiting.reject(assumed, "", "pod deleted")) {
      return;
    }
    cache.forgetPod(assumed);
    freed(pod, assumed.nodeName());
  }
}
