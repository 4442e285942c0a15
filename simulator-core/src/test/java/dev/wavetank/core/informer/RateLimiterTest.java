package dev.wavetank.core.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  @Test
  void wl_RS_13_theBackOffOfAKeyDoublesUpToItsLimit() {
    RateLimiter limiter = RateLimiter.controllerDefault();
    List<Long> waits = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 20; i++) {
      long wait = limiter.whenNanos("key", now);
      waits.add(wait / MILLI);
      now += wait;
    }
    assertThat(waits.subList(0, 6)).containsExactly(5L, 10L, 20L, 40L, 80L, 160L);
    assertThat(waits.get(17)).isEqualTo(655_360L);
    assertThat(waits.get(18)).isEqualTo(1_000_000L);
    assertThat(waits.get(19)).isEqualTo(1_000_000L);
  }

  @Test
  void wl_RS_13_keysShareABucketOfAHundredThatFillsTenASecond() {
    RateLimiter limiter = RateLimiter.controllerDefault();
    for (int i = 0; i < 100; i++) {
      assertThat(limiter.whenNanos("key-" + i, 0)).isEqualTo(5 * MILLI);
    }
    assertThat(limiter.whenNanos("a", 0)).isEqualTo(100 * MILLI);
    assertThat(limiter.whenNanos("b", 0)).isEqualTo(200 * MILLI);
    assertThat(limiter.whenNanos("c", 10 * SECOND)).isEqualTo(5 * MILLI);
  }

  @Test
  void aForgottenKeyStartsAnew() {
    RateLimiter limiter = RateLimiter.controllerDefault();
    limiter.whenNanos("key", 0);
    limiter.whenNanos("key", 0);
    assertThat(limiter.failures("key")).isEqualTo(2);
    limiter.forget("key");
    assertThat(limiter.failures("key")).isZero();
    assertThat(limiter.whenNanos("key", 0)).isEqualTo(5 * MILLI);
  }

  @Test
  void manyFailuresDoNotOverflow() {
    RateLimiter limiter = new RateLimiter(1, Long.MAX_VALUE / 4, 0, 0);
    long last = 0;
    for (int i = 0; i < 200; i++) {
      long wait = limiter.whenNanos("key", 0);
      assertThat(wait).isBetween(last, Long.MAX_VALUE / 4);
      last = wait;
    }
  }

  /** One failure: of which key, and how long after the one before. */
  record Failure(int key, long afterNanos) {}

  @Provide
  Arbitrary<List<Failure>> failures() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 30),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, Arbitraries.just(0L)),
                net.jqwik.api.Tuple.of(1, Arbitraries.longs().between(0, 3 * SECOND))))
        .as(Failure::new)
        .list()
        .ofMaxSize(300);
  }

  /** Go's limiters, as their documentation describes them. */
  private static final class Model {
    private final Map<Integer, Integer> failures = new LinkedHashMap<>();
    private double tokens = 100;
    private long last;

    double whenSeconds(int key, long now) {
      int failed = failures.merge(key, 1, Integer::sum) - 1;
      double own = Math.min(0.005 * Math.pow(2, failed), 1_000);
      tokens = Math.min(100, tokens + (now - last) / 1e9 * 10);
      last = now;
      tokens -= 1;
      return Math.max(own, tokens < 0 ? -tokens / 10 : 0);
    }
  }

  @Property
  void wl_RS_13_aKeyWaitsForTheLongerOfItsBackOffAndTheBucket(
      @ForAll("failures") List<Failure> failures) {
    RateLimiter limiter = RateLimiter.controllerDefault();
    Model model = new Model();
    long now = 0;
    for (Failure failure : failures) {
      now += failure.afterNanos();
      double wanted = model.whenSeconds(failure.key(), now);
      assertThat(limiter.whenNanos(failure.key(), now) / 1e9).isCloseTo(wanted, within(1e-6));
    }
  }
}
