package dev.wavetank.core.api;

/** Texts in quotes as Go's {@code %q} prints them: the form of Kubernetes' messages. */
public final class GoQuote {

  private static final String HEX = "0123456789abcdef";

  /** A byte that is no UTF-8 is that character and its value, where texts stand for bytes. */
  private static final int BYTE = 0xDC00;

  private GoQuote() {}

  /** The text in double quotes, with Go's escapes. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(c -> append(out, c));
    return out.append('"').toString();
  }

  private static void append(StringBuilder out, int c) {
    int simple = "\"\\\u0007\b\f\n\r\t\u000b".indexOf(c);
    if (simple >= 0) {
      out.append('\\').append("\"\\abfnrtv".charAt(simple));
    } else if (c < 0x20 || c == 0x7f) {
      hex(out.append("\\x"), c, 2);
    } else if (c >= BYTE + 0x80 && c <= BYTE + 0xff) {
      hex(out.append("\\x"), c - BYTE, 2);
    } else if (printable(c)) {
      out.appendCodePoint(c);
    } else {
      hex(out.append(c < 0x10000 ? "\\u" : "\\U"), c, c < 0x10000 ? 4 : 8);
    }
  }

  private static boolean printable(int c) {
    if (c == ' ') {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static void hex(StringBuilder out, int c, int digits) {
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((c >> shift) & 15));
    }
  }
}
