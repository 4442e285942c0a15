package dev.wavetank.scenarios.step;

import java.util.Locale;

/** Virtual times for people. */
public final class Times {

  private static final double SECOND = 1e9;

  private Times() {}

  /** {@code 0.021 s}, {@code 9.4 s}, {@code 75 s}, {@code 1 h 2 min}. */
  public static String text(long nanos) {
    double seconds = nanos / SECOND;
    if (seconds < 1) {
      return String.format(Locale.ROOT, "%.3f s", seconds);
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 3600) {
      return whole / 60 + " min" + (whole % 60 == 0 ? "" : " " + whole % 60 + " s");
    }
    long minutes = whole / 60;
    return minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
  }
}
