package dev.wavetank.core.apiserver;

/**
 * How long requests to the API server and watch deliveries take, in nanoseconds; each is drawn
 * evenly from a range. Upstream names only bounds (a mutating call answers within one second), so
 * these are parameters of calibration, not constants of Kubernetes.
 *
 * @param requestMinNanos shortest request of a controller
 * @param requestMaxNanos longest request of a controller
 * @param watchMinNanos shortest time from commit to a watcher
 * @param watchMaxNanos longest time from commit to a watcher
 */
public record Latencies(
    long requestMinNanos, long requestMaxNanos, long watchMinNanos, long watchMaxNanos) {

  private static final long MILLI = 1_000_000L;

  public static final Latencies DEFAULT = new Latencies(2 * MILLI, 10 * MILLI, MILLI, 10 * MILLI);
}
