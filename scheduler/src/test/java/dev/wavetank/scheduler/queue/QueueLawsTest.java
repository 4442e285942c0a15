package dev.wavetank.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.scheduler.TestCluster;
import dev.wavetank.scheduler.framework.ClusterEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the queue keeps, whatever happens to it. */
class QueueLawsTest {

  enum What {
    ADD,
    DELETE,
    POP_AND_BIND,
    POP_AND_REJECT,
    POP_AND_FAIL,
    NODE_COMES,
    TIME_PASSES
  }

  /**
   * One thing that happens.
   *
   * @param pod which pod, for what is about one
   * @param amount its priority, or milliseconds that pass
   */
  record Step(What what, int pod, int amount) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.of(What.values()),
                Arbitraries.integers().between(0, 7),
                Arbitraries.integers().between(0, 9_000))
            .as(Step::new);
    return step.list().ofMaxSize(60);
  }

  /** Plays steps against a queue and keeps what a plain model knows. */
  private static final class Play {
    private final TestQueue queue = new TestQueue();
    private final Map<String, Integer> waiting = new LinkedHashMap<>();
    private final Set<String> bound = new LinkedHashSet<>();
    private final Map<String, Integer> attempts = new LinkedHashMap<>();

    void play(Step step) {
      String name = "pod-" + step.pod();
      switch (step.what()) {
        case ADD -> {
          if (!waiting.containsKey(name) && !bound.contains(name)) {
            queue.add(name, step.amount() % 5);
            waiting.put(name, step.amount() % 5);
            attempts.put(name, 0);
          }
        }
        case DELETE -> {
          queue.delete(name);
          waiting.remove(name);
        }
        case POP_AND_BIND -> {
          QueuedPod pod = pop();
          if (pod != null) {
            queue.queue.done(pod);
            waiting.remove(name(pod));
            bound.add(name(pod));
          }
        }
        case POP_AND_REJECT -> {
          QueuedPod pod = pop();
          if (pod != null) {
            queue.reject(pod);
          }
        }
        case POP_AND_FAIL -> {
          QueuedPod pod = pop();
          if (pod != null) {
            queue.fail(pod);
          }
        }
        case NODE_COMES -> queue.happens(ClusterEvent.NODE_ADD);
        case TIME_PASSES -> queue.run(step.amount() / 1000.0);
      }
      assertThat(held()).as("pods in the queue after %s", step).isEqualTo(waiting.size());
    }

    private QueuedPod pop() {
      int active = queue.queue.activePods();
      int best = Integer.MIN_VALUE;
      for (Map.Entry<String, Integer> pod : waiting.entrySet()) {
        QueuedPod queued = queue.queue.find(TestCluster.key(pod.getKey()));
        if (queued != null && queued.place() == QueuedPod.Place.ACTIVE) {
          best = Math.max(best, pod.getValue());
        }
      }
      QueuedPod pod = queue.pop();
      if (active > 0) {
        assertThat(pod).as("an active pod can be popped").isNotNull();
        assertThat(waiting.get(name(pod))).as("no active pod of higher priority").isEqualTo(best);
      }
      if (pod != null) {
        assertThat(waiting).as("what is popped was added and not deleted").containsKey(name(pod));
        attempts.merge(name(pod), 1, Integer::sum);
        assertThat(pod.attempts()).isEqualTo(attempts.get(name(pod)));
      }
      return pod;
    }

    private int held() {
      return queue.queue.activePods() + queue.queue.backoffPods() + queue.queue.unschedulablePods();
    }

    private static String name(QueuedPod pod) {
      return pod.podInfo().key().name();
    }
  }

  @Property(tries = 300)
  void noPodIsLostAndNoneIsThereTwice(@ForAll("steps") List<Step> steps) {
    Play play = new Play();
    steps.forEach(play::play);
  }

  @Property(tries = 300)
  void everyPodComesBackWithinFiveMinutesAndTheirFlush(@ForAll("steps") List<Step> steps) {
    Play play = new Play();
    steps.forEach(play::play);
    play.queue.run(300 + 30 + 11);
    assertThat(play.queue.drain()).containsExactlyInAnyOrderElementsOf(play.waiting.keySet());
  }

  @Property(tries = 300)
  void aHeapGivesBackInOrderWhatItWasGiven(
      @ForAll("priorities") List<Integer> priorities, @ForAll("removed") Set<Integer> removed) {
    TestQueue queue = new TestQueue();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < priorities.size(); i++) {
      queue.add("pod-" + i, priorities.get(i));
    }
    for (int priority = 5; priority >= 0; priority--) {
      for (int i = 0; i < priorities.size(); i++) {
        if (priorities.get(i) == priority && !removed.contains(i)) {
          expected.add("pod-" + i);
        }
      }
    }
    removed.forEach(i -> queue.delete("pod-" + i));
    assertThat(queue.drain()).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<Integer>> priorities() {
    return Arbitraries.integers().between(0, 5).list().ofMaxSize(40);
  }

  @Provide
  Arbitrary<Set<Integer>> removed() {
    return Arbitraries.integers().between(0, 40).set().ofMaxSize(20);
  }
}
