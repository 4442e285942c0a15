package dev.wavetank.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.record.EventCorrelator.About;
import dev.wavetank.core.record.EventCorrelator.Observation;
import dev.wavetank.core.sim.Choices;
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
import org.junit.jupiter.api.Test;

class EventCorrelatorTest {

  private static final long SECOND = 1_000_000_000L;

  /** One event: of whom, why, what it says, and how many seconds after the one before. */
  record Said(int object, int reason, int message, int afterSeconds) {}

  @Provide
  Arbitrary<List<Said>> events() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 1),
            Arbitraries.integers().between(0, 1),
            Arbitraries.integers().between(0, 15),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(20, Arbitraries.just(0)),
                net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(1, 400)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(590, 610))))
        .as(Said::new)
        .list()
        .ofMaxSize(150);
  }

  /** events_cache.go in the simplest words: sets, counters and buckets of tokens. */
  private static final class Model {
    private final Map<String, Set<Integer>> messages = new LinkedHashMap<>();
    private final Map<String, Long> lastSeconds = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<Integer, Double> tokens = new LinkedHashMap<>();
    private final Map<Integer, Long> tokenSeconds = new LinkedHashMap<>();

    /** What is sent: {@code key count}, or nothing. */
    String correlate(Said said, long now) {
      String group = said.object() + "/" + said.reason();
      Long last = lastSeconds.put(group, now);
      if (last == null || now - last > 600) {
        messages.put(group, new LinkedHashSet<>());
      }
      Set<Integer> similar = messages.computeIfAbsent(group, g -> new LinkedHashSet<>());
      similar.add(said.message());
      boolean combined = similar.size() >= 10;
      if (combined) {
        similar.remove(similar.iterator().next());
      }
      String key = combined ? group : group + "/" + said.message();
      int count = counts.merge(key, 1, Integer::sum);
      double there =
          Math.min(
              25,
              tokens.getOrDefault(said.object(), 25.0)
                  + (now - tokenSeconds.getOrDefault(said.object(), now)) / 300.0);
      tokenSeconds.put(said.object(), now);
      boolean sent = there >= 1 - 1e-6;
      tokens.put(said.object(), sent ? there - 1 : there);
      return sent ? key + " " + count : "";
    }
  }

  @Property(tries = 500)
  void wl_EVT_01_itCorrelatesAsTheSimplestModelDoes(@ForAll("events") List<Said> events) {
    // The first choice forgets the oldest of ten similar messages, as the model does.
    EventCorrelator correlator = new EventCorrelator(Choices.first(), "forgotten");
    Model model = new Model();
    long now = 0;
    for (Said said : events) {
      now += said.afterSeconds();
      About about = new About("Pod", "ns", "p" + said.object(), "", "v1", "Normal");
      EventCorrelator.Key event =
          new EventCorrelator.Key(about, "R" + said.reason(), "", "m" + said.message());
      EventCorrelator.Key key = correlator.aggregate(event, now * SECOND);
      Observation seen = correlator.observeAgain(key);
      if (seen == null) {
        seen = new Observation("name", "", key != event);
        correlator.observe(key, seen);
      }
      boolean sent = !correlator.spam(about, now * SECOND);
      String group = said.object() + "/" + said.reason();
      String shown = key == event ? group + "/" + said.message() : group;
      assertThat(sent ? shown + " " + seen.count : "").isEqualTo(model.correlate(said, now));
    }
  }

  @Test
  void theLeastRecentlyUsedIsForgotten() {
    LeastRecentlyUsed<String, Integer> cache = new LeastRecentlyUsed<>(2);
    cache.put("a", 1);
    cache.put("b", 2);
    cache.get("a");
    cache.put("c", 3);
    assertThat(cache.get("b")).isNull();
    assertThat(cache.get("a")).isEqualTo(1);
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void countsOfFourThousandEventsAreKept() {
    EventCorrelator correlator = new EventCorrelator(Choices.first(), "forgotten");
    List<EventCorrelator.Key> keys = new ArrayList<>();
    for (int i = 0; i <= EventCorrelator.CACHE_MAX; i++) {
      EventCorrelator.Key key =
          new EventCorrelator.Key(
              new About("Pod", "ns", "p" + i, "", "v1", "Normal"), "R", "", "m");
      keys.add(key);
      correlator.observe(key, new Observation("n", "", false));
    }
    assertThat(correlator.observeAgain(keys.get(0))).isNull();
    assertThat(correlator.observeAgain(keys.get(1))).isNotNull();
  }
}
