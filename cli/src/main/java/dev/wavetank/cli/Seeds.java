package dev.wavetank.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A seed, or a range of seeds {@code A..B}, both included.
 *
 * @param last not less than {@code first}
 */
record Seeds(long first, long last) {

  static final String DEFAULT = "1";

  private static final long RANGE_MAX = 1_000_000;
  private static final Pattern TEXT = Pattern.compile("(-?\\d{1,18})(?:\\.\\.(-?\\d{1,18}))?");

  boolean one() {
    return first == last;
  }

  /** Reads {@code N} or {@code A..B}. */
  static final class Converter implements CommandLine.ITypeConverter<Seeds> {
    @Override
    public Seeds convert(String text) {
      Matcher matcher = TEXT.matcher(text);
      if (!matcher.matches()) {
        throw new CommandLine.TypeConversionException(
            "expected a number N or a range A..B, not '" + text + "'");
      }
      long first = Long.parseLong(matcher.group(1));
      String end = matcher.group(2);
      long last = end == null ? first : Long.parseLong(end);
      if (last < first || last - first >= RANGE_MAX) {
        throw new CommandLine.TypeConversionException(
            "expected a range A..B of at most " + RANGE_MAX + " seeds, not '" + text + "'");
      }
      return new Seeds(first, last);
    }
  }
}
