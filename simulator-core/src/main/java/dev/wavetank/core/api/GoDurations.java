package dev.wavetank.core.api;

import com.google.common.collect.ImmutableMap;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Go writes them: {@code 1h30m}, {@code 2.5s}, {@code 250ms}; {@code d} for days too.
 *
 * <p>Follows time.ParseDuration of Go, without signs.
 */
public final class GoDurations {

  private static final ImmutableMap<String, Long> UNITS =
      ImmutableMap.<String, Long>builder()
          .put("ns", 1L)
          .put("us", 1_000L)
          .put("µs", 1_000L)
          .put("ms", 1_000_000L)
          .put("s", 1_000_000_000L)
          .put("m", 60_000_000_000L)
          .put("h", 3_600_000_000_000L)
          .put("d", 86_400_000_000_000L)
          .buildOrThrow();

  private static final int LENGTH_MAX = 40;
  private static final Pattern PART =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{0,18})?|\\.\\d{1,18})(ns|us|µs|ms|s|m|h|d)");

  private GoDurations() {}

  /**
   * The nanoseconds that a text means; {@code 0} needs no unit.
   *
   * @throws IllegalArgumentException when the text is no duration or longer than 292 years; the
   *     message says what is expected
   */
  public static long parseNanos(String text) {
    if (text.equals("0")) {
      return 0;
    }
    Matcher matcher = PART.matcher(text.length() > LENGTH_MAX ? "" : text);
    BigDecimal sum = BigDecimal.ZERO;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      Long unit = UNITS.get(matcher.group(2));
      sum =
          sum.add(
              new BigDecimal(matcher.group(1))
                  .multiply(BigDecimal.valueOf(unit == null ? 0 : unit)));
      end = matcher.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException(
          GoQuote.quote(text) + " is no duration such as 30s, 1m30s or 250ms");
    }
    if (sum.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException(GoQuote.quote(text) + " is too long");
    }
    return sum.longValue();
  }
}
