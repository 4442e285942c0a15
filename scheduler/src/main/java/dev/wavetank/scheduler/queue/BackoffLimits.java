package dev.wavetank.scheduler.queue;

/**
 * How long a pod backs off after attempts that failed.
 *
 * <p>Follows pkg/scheduler/backend/queue/backoff_queue.go (v1.36).
 *
 * @param initialNanos after the first one
 * @param nanosMax at most; 0 for no back-off at all
 */
public record BackoffLimits(long initialNanos, long nanosMax) {

  private static final long SECOND = 1_000_000_000L;

  /** One second, doubling to ten. */
  public static final BackoffLimits DEFAULT = new BackoffLimits(SECOND, 10 * SECOND);

  /** The back-off after that many failed attempts. */
  long backoffNanos(int count) {
    if (count == 0) {
      return 0;
    }
    int shift = count - 1;
    return shift > 62 || initialNanos > nanosMax >> shift ? nanosMax : initialNanos << shift;
  }
}
