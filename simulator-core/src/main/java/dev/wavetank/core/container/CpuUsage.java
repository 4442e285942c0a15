package dev.wavetank.core.container;

/**
 * Processor time that requests have used, and how much it was at the last two whole ticks of the
 * clock, for who samples it.
 */
final class CpuUsage {

  private long totalNanos;
  private long tick;
  private long beforeTickNanos;
  private long earlierTick;
  private long beforeEarlierNanos;

  /** Adds what is used from an instant on. */
  void use(long nanos, long nowNanos) {
    long current = nowNanos / ContainerSamples.INTERVAL_NANOS;
    if (current > tick) {
      earlierTick = tick;
      beforeEarlierNanos = beforeTickNanos;
      tick = current;
      beforeTickNanos = totalNanos;
    }
    totalNanos += nanos;
  }

  long totalNanos() {
    return totalNanos;
  }

  /**
   * What was used before the beginning of a tick.
   *
   * @param asked the tick that runs, or the one before
   */
  long beforeNanos(long asked) {
    if (asked > tick) {
      return totalNanos;
    }
    return asked > earlierTick ? beforeTickNanos : beforeEarlierNanos;
  }
}
