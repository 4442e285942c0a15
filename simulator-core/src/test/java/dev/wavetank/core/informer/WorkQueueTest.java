package dev.wavetank.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkQueueTest {

  private static final long SECOND = 1_000_000_000L;

  private final Simulation simulation = new Simulation(Choices.first());
  private final WorkQueue<String> queue = queue(simulation);

  private static WorkQueue<String> queue(Simulation simulation) {
    return new WorkQueue<>(simulation, "test", RateLimiter.controllerDefault(), () -> {});
  }

  private @Nullable String get() {
    return get(queue);
  }

  private static @Nullable String get(WorkQueue<String> queue) {
    String item = queue.take();
    if (item != null) {
      queue.begin(item);
    }
    return item;
  }

  @Test
  void anItemThatWaitsIsNotAddedTwice() {
    queue.add("a");
    queue.add("b");
    queue.add("a");
    assertThat(get()).isEqualTo("a");
    assertThat(get()).isEqualTo("b");
    assertThat(get()).isNull();
  }

  @Test
  void anItemThatIsAddedWhileItIsWorkedOnComesAgainAfterThat() {
    queue.add("a");
    get();
    queue.add("a");
    assertThat(get()).isNull();
    queue.done("a");
    assertThat(get()).isEqualTo("a");
    queue.done("a");
    assertThat(get()).isNull();
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void ofSeveralDelaysOfOneItemTheShortestCounts() {
    queue.addAfter("a", 5 * SECOND);
    queue.addAfter("a", 2 * SECOND);
    queue.addAfter("a", 9 * SECOND);
    simulation.runUntil(2 * SECOND);
    assertThat(get()).isEqualTo("a");
    queue.done("a");
    simulation.runUntil(20 * SECOND);
    assertThat(get()).isNull();
  }

  @Test
  void aDelayDoesNotHoldUpAPlainAddition() {
    queue.addAfter("a", 5 * SECOND);
    queue.add("a");
    assertThat(get()).isEqualTo("a");
    queue.done("a");
    simulation.runUntil(5 * SECOND);
    assertThat(get()).isEqualTo("a");
  }

  @Test
  void noDelayAtAllIsAPlainAddition() {
    queue.addAfter("a", 0);
    queue.addAfter("b", -1);
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  void backOffGrowsUntilTheItemIsForgotten() {
    queue.addRateLimited("a");
    queue.addRateLimited("a");
    assertThat(queue.failures("a")).isEqualTo(2);
    simulation.runUntil(SECOND / 200);
    assertThat(get()).isEqualTo("a");
    queue.forget("a");
    assertThat(queue.failures("a")).isZero();
  }

  enum What {
    ADD,
    ADD_AFTER,
    GET,
    DONE,
    WAIT
  }

  record Step(What what, int item, int amount) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(What.values()),
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 5))
        .as(Step::new)
        .list()
        .ofMaxSize(200);
  }

  /** The three sets of client-go's queue and the times of its delaying queue. */
  private static final class Model {
    final ArrayDeque<String> queue = new ArrayDeque<>();
    final TreeSet<String> dirty = new TreeSet<>();
    final TreeSet<String> processing = new TreeSet<>();
    final Map<String, Long> readyAt = new TreeMap<>();

    void add(String item) {
      if (dirty.add(item) && !processing.contains(item)) {
        queue.addLast(item);
      }
    }

    void addAfter(String item, long readyNanos, long nowNanos) {
      if (readyNanos <= nowNanos) {
        add(item);
      } else {
        readyAt.merge(item, readyNanos, Math::min);
      }
    }

    /** One second passes; what is ready in one instant is added in the order of its asking. */
    void tick(long nowNanos) {
      List<String> due = new ArrayList<>();
      readyAt.forEach(
          (item, at) -> {
            if (at <= nowNanos) {
              due.add(item);
            }
          });
      due.forEach(readyAt::remove);
      due.forEach(this::add);
    }

    @Nullable String get() {
      String item = queue.pollFirst();
      if (item != null) {
        processing.add(item);
        dirty.remove(item);
      }
      return item;
    }

    void done(String item) {
      if (processing.remove(item) && dirty.contains(item)) {
        queue.addLast(item);
      }
    }
  }

  @Property(tries = 500)
  void itDoesWhatTheQueueOfClientGoDoes(@ForAll("steps") List<Step> steps) {
    Simulation run = new Simulation(Choices.first());
    WorkQueue<String> tested = queue(run);
    Model model = new Model();
    for (Step step : steps) {
      // Items become ready in different instants, so that no order among them is left open.
      String item = "item-" + step.item();
      long offset = step.item();
      long now = run.now();
      switch (step.what()) {
        case ADD -> {
          tested.add(item);
          model.add(item);
        }
        case ADD_AFTER -> {
          long ready = step.amount() == 0 ? now : now - now % SECOND + step.amount() * SECOND;
          long at = step.amount() == 0 ? ready : ready + offset;
          tested.addAfter(item, at - now);
          model.addAfter(item, at, now);
        }
        case GET -> assertThat(get(tested)).isEqualTo(model.get());
        case DONE -> {
          if (model.processing.contains(item)) {
            tested.done(item);
            model.done(item);
          }
        }
        case WAIT -> {
          long until = now - now % SECOND + step.amount() * SECOND + SECOND / 2;
          for (long t = now + 1; t <= until; t = next(t)) {
            model.tick(t);
          }
          run.runUntil(Math.max(now, until));
          model.tick(run.now());
        }
      }
      assertThat(tested.size()).isEqualTo(model.queue.size());
      assertThat(tested.idle()).isEqualTo(model.queue.isEmpty() && model.processing.isEmpty());
    }
  }

  /** The next instant at which an item of the property may become ready. */
  private static long next(long nanos) {
    long inSecond = nanos % SECOND;
    return inSecond < 5 ? nanos + 1 : nanos - inSecond + SECOND;
  }
}
