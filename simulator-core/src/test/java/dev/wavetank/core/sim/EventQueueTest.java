package dev.wavetank.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EventQueueTest {

  private static final Comparator<Timer> ORDER =
      Comparator.<Timer>comparingLong(t -> t.timeNanos).thenComparingLong(t -> t.sequence);

  private static Timer timer(long timeNanos, long sequence) {
    return new Timer(timeNanos, sequence, 0, "test/event", "x", () -> {});
  }

  /** Steps: a delay adds an event that long after the newest one taken, -1 takes one out. */
  @Provide
  Arbitrary<List<Long>> steps() {
    Arbitrary<Long> delay =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 3),
            Arbitraries.longs().between(0, 200_000),
            Arbitraries.longs().between(0, 20_000_000_000L),
            Arbitraries.longs().between(0, 1L << 60));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, delay), net.jqwik.api.Tuple.of(2, Arbitraries.just(-1L)))
        .list()
        .ofMaxSize(200);
  }

  @Property
  void takesEventsOutInTheOrderOfAPlainPriorityQueue(@ForAll("steps") List<Long> steps) {
    EventQueue queue = new EventQueue();
    PriorityQueue<Timer> model = new PriorityQueue<>(ORDER);
    long now = 0;
    long sequence = 0;
    for (long step : steps) {
      if (step >= 0) {
        Timer timer = timer(Math.min(now + step, Long.MAX_VALUE / 2), ++sequence);
        queue.add(timer);
        model.add(timer);
      } else {
        assertThat(queue.peek()).isSameAs(model.peek());
        Timer taken = queue.poll();
        assertThat(taken).isSameAs(model.poll());
        now = taken == null ? now : taken.timeNanos;
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
    List<Timer> rest = new ArrayList<>();
    for (Timer timer = queue.poll(); timer != null; timer = queue.poll()) {
      rest.add(timer);
    }
    assertThat(rest).isSortedAccordingTo(ORDER).hasSameSizeAs(model);
  }

  @Test
  void anEventAddedBeforeOneThatWasAlreadyLookedAtComesFirst() {
    EventQueue queue = new EventQueue();
    Timer late = timer(5_000_000_000L, 1);
    Timer early = timer(1_000L, 2);
    queue.add(late);
    assertThat(queue.peek()).isSameAs(late);
    queue.add(early);
    assertThat(queue.poll()).isSameAs(early);
    assertThat(queue.poll()).isSameAs(late);
    assertThat(queue.poll()).isNull();
  }
}
