package dev.wavetank.core.api;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Spans of time in two or three significant figures, as ages are printed: {@code 46s}, {@code
 * 9m30s}, {@code 5d3h}.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go (v1.36).
 */
public final class HumanDuration {

  private static final long SECOND = 1_000_000_000L;
  private static final long HOURS_OF_YEAR = 24 * 365;

  private HumanDuration() {}

  /** The text of a span; up to two seconds below zero count as none, more are invalid. */
  public static String of(long nanos) {
    long seconds = nanos / SECOND;
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 120) {
      return Math.max(seconds, 0) + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    if (hours < 24 * 8) {
      return two(hours / 24, "d", hours % 24, "h");
    }
    if (hours < 2 * HOURS_OF_YEAR) {
      return hours / 24 + "d";
    }
    if (hours < 8 * HOURS_OF_YEAR) {
      return two(hours / HOURS_OF_YEAR, "y", hours / 24 % 365, "d");
    }
    return hours / HOURS_OF_YEAR + "y";
  }

  /**
   * How long ago a timestamp of an API object is.
   *
   * @param timestamp RFC 3339 text; anything else is unknown
   */
  public static String since(@Nullable Object timestamp, Instant now) {
    Instant then = Timestamps.parse(timestamp);
    return then == null ? "<unknown>" : of(Duration.between(then, now).toNanos());
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
  }
}
