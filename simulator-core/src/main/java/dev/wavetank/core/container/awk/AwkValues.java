package dev.wavetank.core.container.awk;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of {@code awk}: numbers are {@link Double}, strings are {@link String}, and there are
 * texts from outside that count as a number where they look like one.
 */
final class AwkValues {

  /** A text from outside, such as a field. */
  record Input(String text) {}

  /** The value of a variable that was never set. */
  static final Input NOTHING = new Input("");

  private static final Pattern LEADING =
      Pattern.compile("\\s*([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)");

  /** Up to here a number without a fraction is written without an exponent. */
  private static final double WHOLE_MAX = 1e16;

  private AwkValues() {}

  static double number(Object value) {
    if (value instanceof Double number) {
      return number;
    }
    String text = value instanceof Input input ? input.text() : (String) value;
    Matcher leading = LEADING.matcher(text);
    return leading.lookingAt() ? Double.parseDouble(leading.group(1)) : 0;
  }

  static String text(Object value, String format) {
    if (value instanceof Double number) {
      return number == Math.rint(number) && Math.abs(number) < WHOLE_MAX
          ? Long.toString(number.longValue())
          : AwkFormat.real(format, number);
    }
    return value instanceof Input input ? input.text() : (String) value;
  }

  private static boolean looksNumeric(String text) {
    Matcher leading = LEADING.matcher(text);
    return leading.lookingAt() && text.substring(leading.end()).isBlank();
  }

  private static boolean numeric(Object value) {
    return value instanceof Double
        || value == NOTHING
        || (value instanceof Input input && looksNumeric(input.text()));
  }

  static boolean truth(Object value) {
    if (numeric(value)) {
      return number(value) != 0;
    }
    return !(value instanceof Input input ? input.text() : (String) value).isEmpty();
  }

  /** Less than, equal to or greater than zero, as numbers where both are, else as texts. */
  static int compare(Object one, Object other, String format) {
    return numeric(one) && numeric(other)
        ? Double.compare(number(one) + 0.0, number(other) + 0.0)
        : text(one, format).compareTo(text(other, format));
  }

  static Object truth(boolean holds) {
    return holds ? 1.0 : 0.0;
  }

  /** As the C library's {@code %g} writes it; with six digits when precision is negative. */
  static String general(double number, int precision) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }
    int digits = precision < 0 ? 6 : Math.max(1, precision);
    if (number == 0) {
      return "0";
    }
    String scientific = String.format(Locale.ROOT, "%." + (digits - 1) + "e", number);
    int exponent = Integer.parseInt(scientific.substring(scientific.indexOf('e') + 1));
    String text =
        exponent < -4 || exponent >= digits
            ? scientific
            : String.format(Locale.ROOT, "%." + (digits - 1 - exponent) + "f", number);
    int e = text.indexOf('e');
    String mantissa = e < 0 ? text : text.substring(0, e);
    if (mantissa.indexOf('.') >= 0) {
      int end = mantissa.length();
      while (mantissa.charAt(end - 1) == '0') {
        end--;
      }
      mantissa = mantissa.substring(0, mantissa.charAt(end - 1) == '.' ? end - 1 : end);
    }
    return mantissa + (e < 0 ? "" : text.substring(e));
  }
}
