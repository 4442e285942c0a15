package dev.wavetank.core.kubectl.flags;

import dev.wavetank.core.api.GoQuote;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Durations as Go reads them: {@code 30s}, {@code 1h15m}, {@code 1.5s}.
 *
 * <p>Follows ParseDuration of Go's time package.
 */
public final class DurationText {

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private DurationText() {}

  /**
   * The duration in nanoseconds.
   *
   * @throws IllegalArgumentException with Go's words when the text is none
   */
  public static long parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return 0;
    }
    if (rest.isEmpty()) {
      throw invalid(text);
    }
    BigDecimal total = BigDecimal.ZERO;
    while (!rest.isEmpty()) {
      int digits = span(rest, "0123456789.");
      String amount = rest.substring(0, digits);
      if (amount.isEmpty()
          || amount.equals(".")
          || amount.indexOf('.') != amount.lastIndexOf('.')) {
        throw invalid(text);
      }
      rest = rest.substring(digits);
      int letters = unitLength(rest);
      if (letters == 0) {
        throw new IllegalArgumentException("time: missing unit in duration " + GoQuote.quote(text));
      }
      String unit = rest.substring(0, letters);
      rest = rest.substring(letters);
      total = total.add(decimal(amount).multiply(BigDecimal.valueOf(nanosOf(unit, text))));
    }
    if (total.compareTo(MAX) > 0) {
      throw invalid(text);
    }
    long nanos = total.setScale(0, RoundingMode.DOWN).longValueExact();
    return negative ? -nanos : nanos;
  }

  private static BigDecimal decimal(String amount) {
    String whole = amount.startsWith(".") ? "0" + amount : amount;
    return new BigDecimal(whole.endsWith(".") ? whole + "0" : whole);
  }

  private static int span(String text, String characters) {
    int length = 0;
    while (length < text.length() && characters.indexOf(text.charAt(length)) >= 0) {
      length++;
    }
    return length;
  }

  private static int unitLength(String text) {
    int length = 0;
    while (length < text.length() && "0123456789.".indexOf(text.charAt(length)) < 0) {
      length++;
    }
    return length;
  }

  private static long nanosOf(String unit, String text) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "\u00b5s", "\u03bcs" -> 1_000;
      case "ms" -> 1_000_000;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default ->
          throw new IllegalArgumentException(
              "time: unknown unit " + GoQuote.quote(unit) + " in duration " + GoQuote.quote(text));
    };
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("time: invalid duration " + GoQuote.quote(text));
  }
}
