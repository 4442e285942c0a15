package dev.wavetank.core.network;

/**
 * How long a packet takes one way, in nanoseconds; each packet draws evenly from the range of its
 * way. Upstream names none: these are parameters of calibration.
 */
public record NetworkLatencies(
    long sameNodeMinNanos,
    long sameNodeMaxNanos,
    long otherNodeMinNanos,
    long otherNodeMaxNanos,
    long outsideMinNanos,
    long outsideMaxNanos) {

  private static final long MICRO = 1_000L;

  public static final NetworkLatencies DEFAULT =
      new NetworkLatencies(
          20 * MICRO, 60 * MICRO, 100 * MICRO, 400 * MICRO, 2_000 * MICRO, 8_000 * MICRO);
}
