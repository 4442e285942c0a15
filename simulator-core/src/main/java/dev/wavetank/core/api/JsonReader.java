package dev.wavetank.core.api;

/**
 * Reads JSON strictly, with the place of every value and with the words of Go's decoder for what is
 * wrong.
 */
final class JsonReader {

  /** A text that is no JSON. */
  static final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int line;
    final int column;
    final int offset;

    SyntaxException(String message, int line, int column, int offset) {
      super(message, null, false, false);
      this.line = line;
      this.column = column;
      this.offset = offset;
    }
  }

  /** How deep values may be nested. */
  static final int DEPTH_MAX = 256;

  private static final int NUMBER_MAX = 400;

  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;

  JsonReader(String text) {
    this.text = text;
  }

  /** Whether anything but white space is left. */
  boolean hasMore() {
    skipBlanks();
    return at < text.length();
  }

  /** The next value. */
  ManifestNode next() {
    return value(0);
  }

  /** The only value of the text. */
  ManifestNode only() {
    ManifestNode node = next();
    if (hasMore()) {
      throw unexpected("after top-level value");
    }
    return node;
  }

  private ManifestNode value(int depth) {
    skipBlanks();
    if (at >= text.length()) {
      throw wrong("unexpected end of JSON input");
    }
    if (depth > DEPTH_MAX) {
      throw wrong("exceeded max depth");
    }
    int startLine = line;
    int column = at - lineStart + 1;
    char c = text.charAt(at);
    switch (c) {
      case '{':
        return object(ManifestNode.map(startLine, column), depth);
      case '[':
        return array(ManifestNode.list(startLine, column), depth);
      case '"':
        return ManifestNode.scalar(startLine, column, string());
      case 't':
        return ManifestNode.scalar(startLine, column, literal("true", true));
      case 'f':
        return ManifestNode.scalar(startLine, column, literal("false", false));
      case 'n':
        return ManifestNode.scalar(startLine, column, literal("null", KubeNull.NULL));
      default:
        if (c == '-' || (c >= '0' && c <= '9')) {
          return ManifestNode.scalar(startLine, column, number());
        }
        throw unexpected("looking for beginning of value");
    }
  }

  private ManifestNode object(ManifestNode map, int depth) {
    at++;
    skipBlanks();
    if (peek() == '}') {
      at++;
      return map;
    }
    while (true) {
      skipBlanks();
      if (peek() != '"') {
        throw unexpected("looking for beginning of object key string");
      }
      int keyLine = line;
      int column = at - lineStart + 1;
      String key = string();
      skipBlanks();
      if (peek() != ':') {
        throw unexpected("after object key");
      }
      at++;
      map.add(new ManifestNode.Entry(key, keyLine, column, value(depth + 1)));
      skipBlanks();
      if (peek() == '}') {
        at++;
        return map;
      }
      if (peek() != ',') {
        throw unexpected("after object key:value pair");
      }
      at++;
    }
  }

  private ManifestNode array(ManifestNode list, int depth) {
    at++;
    skipBlanks();
    if (peek() == ']') {
      at++;
      return list;
    }
    while (true) {
      list.add(value(depth + 1));
      skipBlanks();
      if (peek() == ']') {
        at++;
        return list;
      }
      if (peek() != ',') {
        throw unexpected("after array element");
      }
      at++;
    }
  }

  private Object literal(String word, Object value) {
    for (int i = 1; i < word.length(); i++) {
      at++;
      if (peek() != word.charAt(i)) {
        throw unexpected("in literal " + word + " (expecting '" + word.charAt(i) + "')");
      }
    }
    at++;
    return value;
  }

  private Object number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits("in numeric literal");
    }
    boolean whole = true;
    if (peek() == '.') {
      whole = false;
      at++;
      digits("after decimal point in numeric literal");
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits("in exponent of numeric literal");
    }
    String written = text.substring(start, at);
    if (written.length() > NUMBER_MAX) {
      throw wrong("a number has more than " + NUMBER_MAX + " characters");
    }
    return value(written, whole);
  }

  private Object value(String written, boolean whole) {
    if (whole && written.length() < 20) {
      try {
        return Long.parseLong(written);
      } catch (NumberFormatException e) {
        return Double.parseDouble(written);
      }
    }
    double number = Double.parseDouble(written);
    if (!Double.isFinite(number)) {
      throw wrong("the number " + written + " is too large");
    }
    return number;
  }

  private void digits(String where) {
    if (peek() < '0' || peek() > '9') {
      throw unexpected(where);
    }
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
  }

  private String string() {
    int start = ++at;
    while (at < text.length() && text.charAt(at) >= ' ' && text.charAt(at) != '\\') {
      if (text.charAt(at) == '"') {
        return text.substring(start, at++);
      }
      at++;
    }
    StringBuilder out = new StringBuilder().append(text, start, at);
    while (peek() != '"') {
      char c = peek();
      if (c < ' ') {
        throw unexpected("in string literal");
      }
      at++;
      out.append(c == '\\' ? escape() : c);
    }
    at++;
    return out.toString();
  }

  private char escape() {
    char c = peek();
    int simple = "\"\\/bfnrt".indexOf(c);
    if (simple >= 0) {
      at++;
      return "\"\\/\b\f\n\r\t".charAt(simple);
    }
    if (c != 'u') {
      throw unexpected("in string escape code");
    }
    int code = 0;
    for (int i = 0; i < 4; i++) {
      at++;
      int digit = peek() > 'f' ? -1 : Character.digit(peek(), 16);
      if (digit < 0) {
        throw unexpected("in \\u hexadecimal character escape");
      }
      code = code * 16 + digit;
    }
    at++;
    return (char) code;
  }

  /** The next character; NUL at the end, which no JSON contains outside of a wrong place. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        lineStart = at + 1;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
      at++;
    }
  }

  private SyntaxException unexpected(String where) {
    if (at >= text.length()) {
      return wrong("unexpected end of JSON input");
    }
    int c = text.codePointAt(at);
    String quoted = c == '\'' ? "'\\''" : c == '"' ? "'\"'" : single(c);
    return wrong("invalid character " + quoted + " " + where);
  }

  private static String single(int c) {
    String quoted = GoQuote.quote(Character.toString(c));
    return "'" + quoted.substring(1, quoted.length() - 1) + "'";
  }

  private SyntaxException wrong(String message) {
    return new SyntaxException(message, line, at - lineStart + 1, Math.min(at + 1, text.length()));
  }
}
