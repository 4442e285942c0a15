package dev.wavetank.core.kubectl.gotemplate;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import java.util.List;

/** Go's {@code printf} with the verbs that templates use: {@code %v %s %d %q %t %%} and widths. */
final class Printf {

  private final String format;
  private final List<Object> values;
  private final StringBuilder out = new StringBuilder();
  private int nextValue = 1;

  private Printf(String format, List<Object> values) {
    this.format = format;
    this.values = values;
  }

  /** The text; the first of the values is the format. */
  static String format(List<Object> values) {
    if (values.isEmpty() || !(values.get(0) instanceof String format)) {
      throw new TemplateException("wrong type for value; expected string");
    }
    Printf printf = new Printf(format, values);
    printf.run();
    return printf.out.toString();
  }

  private void run() {
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      int from = ++i;
      while (i < format.length() && "-+0123456789.".indexOf(format.charAt(i)) >= 0) {
        i++;
      }
      if (i >= format.length()) {
        out.append("%!(NOVERB)");
        return;
      }
      verb(format.charAt(i), format.substring(from, i));
    }
    if (nextValue < values.size()) {
      out.append("%!(EXTRA");
      while (nextValue < values.size()) {
        Object value = values.get(nextValue++);
        out.append(' ').append(GoText.type(value)).append('=').append(Functions.text(value));
      }
      out.append(')');
    }
  }

  private void verb(char verb, String options) {
    if (verb == '%') {
      out.append('%');
      return;
    }
    if (nextValue >= values.size()) {
      out.append("%!").append(verb).append("(MISSING)");
      return;
    }
    Object value = values.get(nextValue++);
    boolean fits =
        switch (verb) {
          case 'v' -> true;
          case 's', 'q' -> value instanceof String;
          case 'd' -> value instanceof Long;
          case 't' -> value instanceof Boolean;
          default -> false;
        };
    if (!fits) {
      String type = value instanceof Long ? "int" : GoText.type(value);
      out.append("%!").append(verb).append('(').append(type).append('=');
      out.append(Functions.text(value)).append(')');
      return;
    }
    String text = Functions.text(value);
    pad(verb == 'q' ? GoQuote.quote(text) : text, options);
  }

  private void pad(String text, String options) {
    boolean left = options.startsWith("-");
    String digits = options.replaceAll("[-+]", "").replaceAll("\\..*", "");
    int width = digits.isEmpty() || digits.length() > 4 ? 0 : Integer.parseInt(digits);
    String blanks = " ".repeat(Math.max(width - text.length(), 0));
    out.append(left ? text + blanks : blanks + text);
  }
}
