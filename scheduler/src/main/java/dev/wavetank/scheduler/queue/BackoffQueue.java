package dev.wavetank.scheduler.queue;

import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.framework.QueueSortPlugin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pods whose back-off is not over: by default 1 s after the first rejection, doubling to 10 s.
 * Times are cut to whole seconds, so that pods of one second leave in the order of the active
 * queue.
 *
 * <p>Follows pkg/scheduler/backend/queue/backoff_queue.go (v1.36).
 */
final class BackoffQueue {

  static final long WINDOW_NANOS = 1_000_000_000L;

  private final Simulation simulation;
  private final BackoffLimits limits;
  private final PodHeap rejected;
  private final PodHeap failed;

  BackoffQueue(Simulation simulation, QueueSortPlugin queueSort, BackoffLimits limits) {
    this.simulation = simulation;
    this.limits = limits;
    this.rejected =
        new PodHeap(
            QueuedPod.Place.BACKOFF,
            (first, second) -> {
              long one = backoffTime(first);
              long other = backoffTime(second);
              return one < other || (one == other && queueSort.less(first, second));
            });
    this.failed =
        new PodHeap(
            QueuedPod.Place.ERROR_BACKOFF,
            (first, second) -> backoffTime(first) < backoffTime(second));
  }

  private static long aligned(long nanos) {
    return nanos - nanos % WINDOW_NANOS;
  }

  /** When the pod's back-off ends; -1 when it has none. */
  private long backoffTime(QueuedPod pod) {
    int count =
        pod.consecutiveErrorsCount > 0 ? pod.consecutiveErrorsCount : pod.unschedulableCount;
    if (count == 0 || limits.nanosMax() == 0) {
      return -1;
    }
    if (pod.backoffExpirationNanos < 0) {
      pod.backoffExpirationNanos = aligned(pod.timestampNanos + limits.backoffNanos(count));
    }
    return pod.backoffExpirationNanos;
  }

  boolean backingOff(QueuedPod pod) {
    return backoffTime(pod) >= aligned(simulation.now());
  }

  void add(QueuedPod pod) {
    if (pod.unschedulablePlugins == 0 && pod.pendingPlugins == 0) {
      failed.add(pod);
    } else {
      rejected.add(pod);
    }
  }

  void remove(QueuedPod pod) {
    (pod.place == QueuedPod.Place.BACKOFF ? rejected : failed).remove(pod);
  }

  /** Takes the next rejected pod although its back-off is not over. */
  @Nullable QueuedPod popBackoff() {
    return rejected.pop();
  }

  int size() {
    return rejected.size() + failed.size();
  }

  /** Takes every pod whose back-off is over. */
  List<QueuedPod> popAllBackoffCompleted() {
    List<QueuedPod> done = new ArrayList<>();
    popCompleted(rejected, done);
    popCompleted(failed, done);
    return done;
  }

  private void popCompleted(PodHeap heap, List<QueuedPod> done) {
    for (QueuedPod pod = heap.peek(); pod != null && !backingOff(pod); pod = heap.peek()) {
      heap.remove(pod);
      done.add(pod);
    }
  }

  /** When the next back-off that ends is noticed; -1 when nobody backs off. */
  long nextFlushNanos() {
    QueuedPod one = rejected.peek();
    QueuedPod other = failed.peek();
    if (one == null && other == null) {
      return -1;
    }
    long first = one == null ? Long.MAX_VALUE : backoffTime(one);
    long second = other == null ? Long.MAX_VALUE : backoffTime(other);
    return Math.max(Math.min(first, second) + WINDOW_NANOS, simulation.now());
  }
}
