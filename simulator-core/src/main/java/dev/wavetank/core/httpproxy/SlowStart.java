package dev.wavetank.core.httpproxy;

/**
 * How the share of a new endpoint grows: for a window after it joined, its weight is multiplied by
 * {@code max(minWeightPercent, timeFactor^(1/aggression))}, where the time factor is its age in
 * seconds, at least one, divided by the window.
 *
 * <p>Follows the page "Slow start mode" of Envoy's documentation (v1.31).
 *
 * @param windowNanos length of the window; 0 for no slow start
 * @param aggression greater than zero; 1: the weight grows evenly, more: fast at first
 * @param minWeightPercent the weight is never less than so much of the whole, 1 to 100
 */
public record SlowStart(long windowNanos, double aggression, int minWeightPercent) {

  /** New endpoints count as much as old ones. */
  public static final SlowStart NONE = new SlowStart(0, 1, 100);

  /** Envoy's, when only the window is told. */
  public static final double AGGRESSION = 1;

  /** Likewise. */
  public static final int MIN_WEIGHT_PERCENT = 10;

  private static final double SECOND_NANOS = 1e9;

  /** A window with Envoy's other values. */
  public static SlowStart over(long windowNanos) {
    return new SlowStart(windowNanos, AGGRESSION, MIN_WEIGHT_PERCENT);
  }

  /**
   * What the weight of an endpoint is multiplied by, greater than 0 and at most 1.
   *
   * @param ageNanos since it joined
   */
  public double factor(long ageNanos) {
    if (ageNanos >= windowNanos) {
      return 1;
    }
    double timeFactor = Math.max((double) ageNanos, SECOND_NANOS) / (double) windowNanos;
    double grown = StrictMath.pow(Math.min(1, timeFactor), 1 / aggression);
    return Math.max(minWeightPercent / 100.0, grown);
  }
}
