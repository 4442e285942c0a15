package dev.wavetank.scenarios.traffic;

import org.HdrHistogram.Histogram;

/**
 * How long requests took, in a histogram whose size depends on the longest and not on how many
 * there were. A percentile is right to three significant digits; the maximum is exact.
 */
final class Latencies {

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double PERCENT = 100;

  private final Histogram histogram = new Histogram(SIGNIFICANT_DIGITS);
  private long maxNanos;

  void record(long nanos) {
    histogram.recordValue(nanos);
    maxNanos = Math.max(maxNanos, nanos);
  }

  /**
   * The time that the given part of the requests did not exceed: the longest one that the histogram
   * does not tell apart from it.
   *
   * @param part 0 to 1
   * @return nanoseconds; 0 without requests
   */
  long percentile(double part) {
    return Math.min(histogram.getValueAtPercentile(part * PERCENT), maxNanos);
  }
}
