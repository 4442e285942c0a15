package dev.wavetank.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.scheduler.framework.ClusterEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where pods wait, for how long and in which order they leave. */
class SchedulingQueueTest {

  private static final long SECOND = 1_000_000_000L;

  private final TestQueue queue = new TestQueue();

  @Test
  void wl_SCHED_01_higherPriorityLeavesFirst() {
    queue.add("low", 1).add("high", 100).add("middle", 10);
    assertThat(queue.drain()).containsExactly("high", "middle", "low");
  }

  @Test
  void wl_SCHED_01_ofEqualPriorityTheOldestLeavesFirst() {
    queue.add("first", 5).run(1).add("second", 5).run(1).add("third", 5);
    assertThat(queue.drain()).containsExactly("first", "second", "third");
  }

  @Test
  void wl_SCHED_01_ofEqualPriorityAndTimeTheOrderOfArrivalIsKept() {
    queue.add("a", 0).add("b", 0).add("c", 0);
    assertThat(queue.drain()).containsExactly("a", "b", "c");
  }

  @Test
  void wl_SCHED_02_backoffDoublesFromOneSecondToTen() {
    List<Long> seconds = new ArrayList<>();
    for (int count = 1; count <= 7; count++) {
      seconds.add(BackoffLimits.DEFAULT.backoffNanos(count) / SECOND);
    }
    assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 10L, 10L, 10L);
    assertThat(BackoffLimits.DEFAULT.backoffNanos(1_000_000)).isEqualTo(10 * SECOND);
  }

  @Test
  void wl_SCHED_02_withoutFailedAttemptThereIsNoBackoff() {
    assertThat(BackoffLimits.DEFAULT.backoffNanos(0)).isZero();
  }

  @Test
  void wl_SCHED_02_aRejectedPodWaitsForAChangeThatMayHelpIt() {
    queue.add("web", 0);
    queue.reject(queue.pop());
    queue.run(20);
    assertThat(queue.pop()).isNull();
    queue.happens(ClusterEvent.NODE_ADD);
    assertThat(queue.pop().podInfo().key().name()).isEqualTo("web");
  }

  @Test
  void wl_SCHED_02_aPodThatBacksOffIsTakenEarlyWhenNoOtherIsActive() {
    queue.add("web", 0);
    queue.reject(queue.pop());
    queue.happens(ClusterEvent.NODE_ADD);
    assertThat(queue.queue.backoffPods()).isEqualTo(1);
    assertThat(queue.pop().podInfo().key().name()).isEqualTo("web");
  }

  @Test
  void wl_SCHED_02_anActivePodGoesBeforeOneThatBacksOff() {
    queue.add("rejected", 100);
    queue.reject(queue.pop());
    queue.happens(ClusterEvent.NODE_ADD);
    queue.add("fresh", 0);
    assertThat(queue.drain()).containsExactly("fresh", "rejected");
  }

  @Test
  void wl_SCHED_02_errorsHaveABackoffQueueOfTheirOwn() {
    queue.add("web", 0);
    queue.fail(queue.pop());
    assertThat(queue.queue.backoffPods()).isEqualTo(1);
    // Not taken early: only pods that were rejected are.
    assertThat(queue.pop()).isNull();
    // One second of back-off, cut to whole seconds, and noticed at the end of that second.
    queue.run(2);
    assertThat(queue.pop().podInfo().key().name()).isEqualTo("web");
  }

  @Test
  void wl_SCHED_02_errorsInARowBackOffLongerAndARejectionForgetsThem() {
    queue.add("web", 0);
    for (int error = 1; error <= 3; error++) {
      QueuedPod pod = queue.pop();
      queue.fail(pod);
      assertThat(pod.consecutiveErrorsCount).isEqualTo(error);
      queue.run(12);
    }
    QueuedPod pod = queue.pop();
    queue.reject(pod);
    assertThat(pod.consecutiveErrorsCount).isZero();
    assertThat(pod.unschedulableCount).isEqualTo(1);
  }

  @Test
  void aChangeDuringTheAttemptCounts() {
    queue.add("web", 0);
    QueuedPod pod = queue.pop();
    queue.happens(ClusterEvent.NODE_ADD);
    queue.reject(pod);
    assertThat(queue.queue.unschedulablePods()).isZero();
    assertThat(queue.queue.backoffPods()).isEqualTo(1);
  }

  @Test
  void aChangeBeforeTheAttemptDoesNotCount() {
    queue.add("web", 0);
    queue.happens(ClusterEvent.NODE_ADD);
    queue.reject(queue.pop());
    assertThat(queue.queue.unschedulablePods()).isEqualTo(1);
  }

  @Test
  void whatNobodyWaitsForMovesNobody() {
    queue.add("web", 0);
    queue.reject(queue.pop());
    queue.happens(ClusterEvent.NODE_DELETE);
    assertThat(queue.queue.unschedulablePods()).isEqualTo(1);
  }

  @Test
  void anUnschedulablePodIsTriedAgainAfterFiveMinutes() {
    queue.add("web", 0);
    queue.reject(queue.pop());
    queue.run(299);
    assertThat(queue.queue.unschedulablePods()).isEqualTo(1);
    queue.run(31);
    assertThat(queue.drain()).containsExactly("web");
  }

  @Test
  void aGatedPodWaitsWithoutBeingTried() {
    queue.gated.add("web");
    queue.add("web", 0);
    assertThat(queue.pop()).isNull();
    assertThat(queue.queue.unschedulablePods()).isEqualTo(1);
    queue.run(600);
    assertThat(queue.pop()).isNull();
  }

  @Test
  void aDeletedPodLeavesEveryPartOfTheQueue() {
    queue.add("active", 0).delete("active");
    queue.add("rejected", 0);
    queue.reject(queue.pop());
    queue.delete("rejected");
    queue.add("backing-off", 0);
    queue.reject(queue.pop());
    queue.happens(ClusterEvent.NODE_ADD);
    queue.delete("backing-off");
    assertThat(queue.pop()).isNull();
    assertThat(queue.queue.unschedulablePods()).isZero();
    assertThat(queue.queue.backoffPods()).isZero();
  }
}
