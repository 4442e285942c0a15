package dev.wavetank.core.container.awk;

import java.util.ArrayList;
import java.util.List;

/** Cuts a program of {@code awk} into words. */
final class AwkLexer {

  /** What a word is. */
  enum Kind {
    NUMBER,
    STRING,
    PATTERN,
    NAME,
    /** A name that an opening parenthesis follows at once. */
    CALL,
    KEYWORD,
    OPERATOR,
    NEWLINE,
    END
  }

  /** A word; the text of a string is without its quotes and escapes. */
  record Token(Kind kind, String text) {
    boolean is(String word) {
      return (kind == Kind.OPERATOR || kind == Kind.KEYWORD) && text.equals(word);
    }
  }

  private static final List<String> KEYWORDS =
      List.of(
          "BEGIN",
          "END",
          "break",
          "continue",
          "delete",
          "do",
          "else",
          "exit",
          "for",
          "func",
          "function",
          "getline",
          "if",
          "in",
          "next",
          "nextfile",
          "print",
          "printf",
          "return",
          "while");
  private static final List<String> OPERATORS =
      List.of(
          "**=", "&&", "||", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "^=", "++", "--",
          "!~", ">>", "**", "{", "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^",
          "!", "<", ">", "|", "?", ":", "~", "$", "=");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private AwkLexer(String text) {
    this.text = text;
  }

  /**
   * The words of a program, with an end behind them.
   *
   * @throws AwkFailure for what is no word
   */
  static List<Token> tokens(String program) {
    AwkLexer lexer = new AwkLexer(program);
    while (lexer.at < program.length()) {
      lexer.next();
    }
    lexer.add(Kind.END, "");
    return lexer.tokens;
  }

  private void add(Kind kind, String word) {
    tokens.add(new Token(kind, word));
  }

  private void next() {
    char c = text.charAt(at);
    if (c == ' ' || c == '\t' || c == '\r') {
      at++;
    } else if (text.startsWith("\\\n", at)) {
      at += 2;
    } else if (c == '#') {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
    } else if (c == '\n') {
      at++;
      add(Kind.NEWLINE, "newline");
    } else if (c == '"') {
      add(Kind.STRING, unescaped(quoted('"', "string")));
    } else if (c == '/' && patternMayStart()) {
      add(Kind.PATTERN, quoted('/', "regular expression").replace("\\/", "/"));
    } else if (digitAt(at) || (c == '.' && digitAt(at + 1))) {
      number();
    } else if (Character.isLetter(c) || c == '_') {
      name();
    } else {
      operator();
    }
  }

  private boolean digitAt(int index) {
    return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
  }

  private void number() {
    int start = at;
    while (digitAt(at)) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      while (digitAt(at)) {
        at++;
      }
    }
    boolean exponent = at < text.length() && Character.toLowerCase(text.charAt(at)) == 'e';
    int digits = at + 1;
    if (exponent && digits < text.length() && "+-".indexOf(text.charAt(digits)) >= 0) {
      digits++;
    }
    if (exponent && digitAt(digits)) {
      at = digits;
      while (digitAt(at)) {
        at++;
      }
    }
    add(Kind.NUMBER, text.substring(start, at));
  }

  private void name() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    String name = text.substring(start, at);
    boolean called = at < text.length() && text.charAt(at) == '(';
    add(KEYWORDS.contains(name) ? Kind.KEYWORD : called ? Kind.CALL : Kind.NAME, name);
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (text.startsWith(operator, at)) {
        at += operator.length();
        add(Kind.OPERATOR, operator);
        return;
      }
    }
    throw new AwkFailure("unexpected character '" + text.charAt(at) + "'");
  }

  /** A slash divides only behind a value. */
  private boolean patternMayStart() {
    if (tokens.isEmpty()) {
      return true;
    }
    Token last = tokens.get(tokens.size() - 1);
    return switch (last.kind()) {
      case NUMBER, STRING, PATTERN, NAME -> false;
      case OPERATOR -> !List.of(")", "]", "$", "++", "--").contains(last.text());
      default -> true;
    };
  }

  private String quoted(char end, String what) {
    int start = ++at;
    while (at < text.length() && text.charAt(at) != end && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= text.length() || text.charAt(at) != end) {
      String begun = text.substring(start - 1, Math.min(text.length(), start + 9));
      throw new AwkFailure("runaway " + what + " " + begun + " ...");
    }
    return text.substring(start, at++);
  }

  /** A string without its backslashes; one before any other character stays. */
  static String unescaped(String quoted) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c != '\\' || i + 1 == quoted.length()) {
        plain.append(c);
        continue;
      }
      char kind = quoted.charAt(++i);
      int letter = "abfnrtv\"\\/".indexOf(kind);
      if (letter >= 0) {
        plain.append("\u0007\b\f\n\r\t\u000b\"\\/".charAt(letter));
      } else if (kind >= '0' && kind <= '7') {
        int end = i + 1;
        while (end < quoted.length()
            && end < i + 3
            && quoted.charAt(end) >= '0'
            && quoted.charAt(end) <= '7') {
          end++;
        }
        plain.append((char) Integer.parseInt(quoted.substring(i, end), 8));
        i = end - 1;
      } else {
        plain.append('\\').append(kind);
      }
    }
    return plain.toString();
  }
}
