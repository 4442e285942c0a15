package dev.wavetank.core.api;

import java.math.BigDecimal;

/** Durations as Go prints them: {@code 40s}, {@code 1m20s}, {@code 1.5s}, {@code 350ms}. */
public final class GoDuration {

  private static final long SECOND = 1_000_000_000L;

  private GoDuration() {}

  /** A duration that is not negative. */
  public static String of(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < SECOND) {
      if (nanos < 1_000) {
        return nanos + "ns";
      }
      return nanos < 1_000_000 ? scaled(nanos, 3) + "µs" : scaled(nanos, 6) + "ms";
    }
    long hours = nanos / (3600 * SECOND);
    long minutes = nanos / (60 * SECOND) % 60;
    StringBuilder text = new StringBuilder(12);
    if (hours > 0) {
      text.append(hours).append('h');
    }
    if (hours > 0 || minutes > 0) {
      text.append(minutes).append('m');
    }
    return text.append(scaled(nanos % (60 * SECOND), 9)).append('s').toString();
  }

  private static String scaled(long amount, int digits) {
    BigDecimal value = BigDecimal.valueOf(amount, digits).stripTrailingZeros();
    return value.signum() == 0 ? "0" : value.toPlainString();
  }
}
