package dev.wavetank.core.api;

/**
 * One text of YAML output: what it contains decides how it may be written.
 *
 * <p>Follows go.yaml.in/yaml/v2 emitterc.go.
 */
final class YamlText {

  private static final String STARTERS = "#,[]{}&*!|>'\"%@`";
  private static final String HEX = "0123456789ABCDEF";
  private static final String ESCAPED =
      "\0\u0007\b\t\n\u000b\f\r\u001b\"\\\u0085\u00a0\u2028\u2029";
  private static final String ESCAPES = "0abtnvfre\"\\N_LP";

  private final String text;
  private boolean plain = true;
  private boolean single = true;
  private boolean literal = true;

  YamlText(String text) {
    this.text = text;
    analyze();
  }

  private static boolean isBreak(int c) {
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  private static boolean isBlankOrEnd(String text, int at) {
    if (at >= text.length()) {
      return true;
    }
    char c = text.charAt(at);
    return c == ' ' || c == '\t' || c == '\0' || isBreak(c);
  }

  private static boolean printable(int c) {
    return c == '\n'
        || (c >= 0x20 && c <= 0x7e)
        || (c >= 0xa0 && c <= 0xd7ff)
        || (c >= 0xe000 && c <= 0xfffd && c != 0xfeff)
        || c > 0xffff;
  }

  private void analyze() {
    if (text.isEmpty()) {
      literal = false;
      return;
    }
    if (text.startsWith("---") || text.startsWith("...")) {
      plain = false;
    }
    boolean special = false;
    boolean spaceBreak = false;
    boolean breakSpace = false;
    boolean afterSpace = false;
    boolean afterBreak = false;
    boolean afterBlank = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      indicator(c, i == 0, afterBlank, isBlankOrEnd(text, next));
      special |= (!printable(c) && !isBreak(c)) || c == '\r';
      boolean edge = i == 0 || next == text.length();
      if (c == ' ') {
        plain &= !edge;
        literal &= next != text.length();
        breakSpace |= afterBreak;
      } else if (isBreak(c)) {
        plain = false;
        spaceBreak |= afterSpace;
      }
      afterSpace = c == ' ';
      afterBreak = isBreak(c);
      afterBlank = isBlankOrEnd(text, i);
      i = next;
    }
    if (breakSpace) {
      plain = false;
      single = false;
    }
    if (spaceBreak || special) {
      plain = false;
      single = false;
      literal = false;
    }
  }

  private void indicator(int c, boolean first, boolean afterBlank, boolean beforeBlank) {
    boolean forbidden =
        first
            ? STARTERS.indexOf(c) >= 0 || (beforeBlank && (c == '?' || c == ':' || c == '-'))
            : (c == ':' && beforeBlank) || (c == '#' && afterBlank);
    plain &= !forbidden;
  }

  /** Writes the text as a key before a colon. */
  void writeKey(StringBuilder out) {
    boolean quoted = YamlScalars.needsQuotes(text);
    if (quoted || text.indexOf('\n') >= 0) {
      doubleQuoted(out, 0, 0, Integer.MAX_VALUE);
    } else if (plain && !text.isEmpty()) {
      out.append(text);
    } else if (single) {
      singleQuoted(out, 0, 0, Integer.MAX_VALUE);
    } else {
      doubleQuoted(out, 0, 0, Integer.MAX_VALUE);
    }
  }

  /**
   * Writes the text as a value.
   *
   * @param column where it begins in its line
   * @param indent of lines that continue it
   */
  void write(StringBuilder out, int column, int indent, int width) {
    if (text.indexOf('\n') >= 0) {
      if (literal) {
        literal(out, indent);
      } else {
        doubleQuoted(out, column, indent, width);
      }
    } else if (YamlScalars.needsQuotes(text)) {
      doubleQuoted(out, column, indent, width);
    } else if (plain) {
      folded(out, text, column, indent, width, false);
    } else if (single) {
      singleQuoted(out, column, indent, width);
    } else {
      doubleQuoted(out, column, indent, width);
    }
  }

  private void singleQuoted(StringBuilder out, int column, int indent, int width) {
    out.append('\'');
    folded(out, text, column + 1, indent, width, true);
    out.append('\'');
  }

  /** Plain or single-quoted text; a lone blank beyond the width becomes a line break. */
  private static void folded(
      StringBuilder out, String text, int column, int indent, int width, boolean quoted) {
    boolean afterSpace = false;
    int at = column;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isLowSurrogate(c)) {
        out.append(c);
        continue;
      }
      if (c == ' ') {
        boolean inside = !quoted || (i > 0 && i < text.length() - 1);
        boolean lone = !afterSpace && (i + 1 >= text.length() || text.charAt(i + 1) != ' ');
        if (inside && lone && at > width) {
          out.append('\n').append(" ".repeat(indent));
          at = indent;
        } else {
          out.append(c);
          at++;
        }
        afterSpace = true;
        continue;
      }
      if (quoted && c == '\'') {
        out.append(c);
        at++;
      }
      out.append(c);
      at++;
      afterSpace = false;
    }
  }

  private void doubleQuoted(StringBuilder out, int column, int indent, int width) {
    out.append('"');
    int at = column + 1;
    boolean afterSpace = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (!printable(c) || isBreak(c) || c == '"' || c == '\\') {
        int before = out.length();
        escape(out, c);
        at += out.length() - before;
        afterSpace = false;
      } else if (c == ' ' && !afterSpace && at > width && i > 0 && next < text.length()) {
        out.append('\n').append(" ".repeat(indent));
        at = indent;
        if (text.charAt(next) == ' ') {
          out.append('\\');
          at++;
        }
        afterSpace = true;
      } else {
        out.appendCodePoint(c);
        at++;
        afterSpace = c == ' ';
      }
      i = next;
    }
    out.append('"');
  }

  private static void escape(StringBuilder out, int c) {
    out.append('\\');
    int known = c > 0xffff ? -1 : ESCAPED.indexOf(c);
    if (known >= 0) {
      out.append(ESCAPES.charAt(known));
      return;
    }
    int digits = c <= 0xff ? 2 : c <= 0xffff ? 4 : 8;
    out.append(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((c >> shift) & 15));
    }
  }

  private void literal(StringBuilder out, int indent) {
    out.append('|');
    if (text.charAt(0) == ' ' || isBreak(text.charAt(0))) {
      out.append(2);
    }
    int length = text.length();
    if (!isBreak(text.charAt(length - 1))) {
      out.append('-');
    } else if (length == 1 || isBreak(text.charAt(length - 2))) {
      out.append('+');
    }
    out.append('\n');
    for (int start = 0; start < length; ) {
      int end = text.indexOf('\n', start);
      int to = end < 0 ? length : end;
      if (to > start) {
        out.append(" ".repeat(indent)).append(text, start, to);
      }
      if (end < 0) {
        return;
      }
      out.append('\n');
      start = end + 1;
    }
  }
}
