package dev.wavetank.core.kubelet;

/**
 * A growing wait: doubles from its initial value to a maximum and begins anew after a quiet time of
 * twice the maximum.
 *
 * <p>Follows staging/src/k8s.io/client-go/util/flowcontrol/backoff.go (v1.36).
 */
public final class BackOff {

  private static final long SECOND = 1_000_000_000L;

  /** Initial wait of container restarts and image pulls. */
  public static final long INITIAL_NANOS = 10 * SECOND;

  /** Longest wait of container restarts and image pulls. */
  public static final long NANOS_MAX = 300 * SECOND;

  private long nanos;
  private long updatedNanos;

  /** The wait that is in force; 0 before the first failure. */
  public long nanos() {
    return nanos;
  }

  /** Whether an event of that time still has to wait. */
  public boolean holdsSince(long eventNanos, long nowNanos) {
    return nanos > 0 && !expired(eventNanos) && nowNanos - eventNanos < nanos;
  }

  /** Whether the wait since the last failure is not over. */
  public boolean holdsSinceUpdate(long nowNanos) {
    return nanos > 0 && !expired(nowNanos) && nowNanos - updatedNanos < nanos;
  }

  /** Counts a failure: the next wait is longer. */
  public void next(long eventNanos, long nowNanos) {
    nanos = nanos == 0 || expired(eventNanos) ? INITIAL_NANOS : Math.min(nanos * 2, NANOS_MAX);
    updatedNanos = nowNanos;
  }

  private boolean expired(long eventNanos) {
    return eventNanos - updatedNanos > 2 * NANOS_MAX;
  }
}
