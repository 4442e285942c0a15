package dev.wavetank.core.informer;

import dev.wavetank.core.sim.SimulationBug;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a failed key waits: the longer of its own exponential back-off and of a token bucket
 * that all keys share.
 *
 * <p>Follows staging/src/k8s.io/client-go/util/workqueue/default_rate_limiters.go (v1.36).
 */
public final class RateLimiter {

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  private final long baseNanos;
  private final long maxNanos;
  private final long tokenNanos;
  private final int burst;
  private final Map<Object, Integer> failures = new LinkedHashMap<>();

  /** When the last token that was promised is there; a bucket that is full has been for long. */
  private long lastTokenNanos = Long.MIN_VALUE / 2;

  /**
   * A limiter.
   *
   * @param baseNanos first back-off of a key; doubles each time
   * @param maxNanos longest back-off
   * @param tokensPerSecond refill of the shared bucket; 0 for no bucket
   * @param burst size of the bucket
   */
  public RateLimiter(long baseNanos, long maxNanos, int tokensPerSecond, int burst) {
    SimulationBug.check(baseNanos > 0 && maxNanos >= baseNanos, "back-off out of range");
    this.baseNanos = baseNanos;
    this.maxNanos = maxNanos;
    this.tokenNanos = tokensPerSecond == 0 ? 0 : SECOND / tokensPerSecond;
    this.burst = burst;
  }

  /** client-go's default: 5 ms doubling to 1000 s, and ten a second with bursts of a hundred. */
  public static RateLimiter controllerDefault() {
    return new RateLimiter(5 * MILLI, 1_000 * SECOND, 10, 100);
  }

  /** Counts a failure of the key and says how long it waits. */
  long whenNanos(Object key, long nowNanos) {
    int failed = failures.merge(key, 1, Integer::sum) - 1;
    long own = failed >= 62 || baseNanos > (maxNanos >> failed) ? maxNanos : baseNanos << failed;
    if (tokenNanos == 0) {
      return own;
    }
    lastTokenNanos = Math.max(lastTokenNanos, nowNanos - burst * tokenNanos) + tokenNanos;
    return Math.max(own, lastTokenNanos - nowNanos);
  }

  int failures(Object key) {
    return failures.getOrDefault(key, 0);
  }

  void forget(Object key) {
    failures.remove(key);
  }
}
