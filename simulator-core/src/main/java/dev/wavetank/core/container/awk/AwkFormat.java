package dev.wavetank.core.container.awk;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The formats of {@code printf} and {@code sprintf} in {@code awk}. */
final class AwkFormat {

  private static final int SIZE_MAX = 10_000;
  private static final Pattern DIRECTIVE =
      Pattern.compile("%([-+ #0]*)(\\*|\\d{0,5})(?:\\.(\\*|\\d{0,5}))?([a-zA-Z%])");

  private final List<Object> arguments;
  private final String conversion;
  private int next;

  private AwkFormat(List<Object> arguments, String conversion) {
    this.arguments = arguments;
    this.conversion = conversion;
  }

  /** A number by a format such as {@code %.6g}. */
  static String real(String format, double number) {
    return of(format, List.of(number), "%.6g");
  }

  /**
   * The text.
   *
   * @param conversion format of numbers that are written as strings
   */
  static String of(String format, List<Object> arguments, String conversion) {
    AwkFormat run = new AwkFormat(arguments, conversion);
    Matcher directive = DIRECTIVE.matcher(format);
    StringBuilder text = new StringBuilder();
    int copied = 0;
    while (directive.find()) {
      text.append(format, copied, directive.start());
      copied = directive.end();
      text.append(run.one(directive));
    }
    return text.append(format, copied, format.length()).toString();
  }

  private Object argument() {
    if (next >= arguments.size()) {
      throw new AwkFailure("not enough arguments passed to printf");
    }
    return arguments.get(next++);
  }

  private int size(String text, int otherwise) {
    int size =
        text.equals("*")
            ? (int) AwkValues.number(argument())
            : text.isEmpty() ? otherwise : Integer.parseInt(text);
    return Math.max(-SIZE_MAX, Math.min(SIZE_MAX, size));
  }

  private String one(Matcher directive) {
    char kind = directive.group(4).charAt(0);
    if (kind == '%') {
      return "%";
    }
    String flags = directive.group(1);
    int width = size(directive.group(2), 0);
    int precision = directive.group(3) == null ? -1 : size(directive.group(3), 0);
    Object value = argument();
    String plain = plain(kind, value, precision, flags);
    boolean number = kind != 's' && kind != 'c';
    if (number && !plain.startsWith("-") && "diefgG".indexOf(kind) >= 0) {
      plain = (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + plain;
    }
    int missing = Math.abs(width) - plain.length();
    if (missing <= 0) {
      return plain;
    }
    if (width < 0 || flags.contains("-")) {
      return plain + " ".repeat(missing);
    }
    boolean zeros = number && flags.contains("0") && (precision < 0 || "efgG".indexOf(kind) >= 0);
    if (!zeros) {
      return " ".repeat(missing) + plain;
    }
    int sign = plain.startsWith("-") || plain.startsWith("+") || plain.startsWith(" ") ? 1 : 0;
    return plain.substring(0, sign) + "0".repeat(missing) + plain.substring(sign);
  }

  private String plain(char kind, Object value, int precision, String flags) {
    double number = kind == 's' || kind == 'c' ? 0 : AwkValues.number(value);
    return switch (kind) {
      case 'd', 'i' -> digits(Long.toString((long) number), precision);
      case 'u' -> digits(Long.toUnsignedString((long) number), precision);
      case 'x' ->
          (flags.contains("#") && number != 0 ? "0x" : "")
              + digits(Long.toHexString((long) number), precision);
      case 'X' ->
          (flags.contains("#") && number != 0 ? "0X" : "")
              + digits(Long.toHexString((long) number).toUpperCase(Locale.ROOT), precision);
      case 'o' ->
          (flags.contains("#") ? "0" : "") + digits(Long.toOctalString((long) number), precision);
      case 'f', 'F' -> fixed(number, precision);
      case 'e', 'E' -> {
        String text =
            String.format(Locale.ROOT, "%." + (precision < 0 ? 6 : precision) + "e", number);
        yield kind == 'E' ? text.toUpperCase(Locale.ROOT) : text;
      }
      case 'g' -> AwkValues.general(number, precision);
      case 'G' -> AwkValues.general(number, precision).toUpperCase(Locale.ROOT);
      case 'c' -> character(value);
      case 's' -> {
        String text = AwkValues.text(value, conversion);
        yield precision < 0 ? text : text.substring(0, Math.min(precision, text.length()));
      }
      default -> throw new AwkFailure("bad conversion %" + kind);
    };
  }

  private static String fixed(double number, int precision) {
    return Double.isNaN(number) || Double.isInfinite(number)
        ? AwkValues.general(number, 6)
        : String.format(Locale.ROOT, "%." + (precision < 0 ? 6 : precision) + "f", number);
  }

  /** At least so many digits. */
  private static String digits(String number, int least) {
    int sign = number.startsWith("-") ? 1 : 0;
    int missing = least - (number.length() - sign);
    return missing <= 0
        ? number
        : number.substring(0, sign) + "0".repeat(missing) + number.substring(sign);
  }

  private String character(Object value) {
    if (value instanceof Double code) {
      return Character.toString((char) (code.longValue() & 255));
    }
    String text = AwkValues.text(value, conversion);
    return text.isEmpty() ? "" : text.substring(0, 1);
  }
}
