package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.shell.ShellWord.Literal;
import dev.wavetank.core.container.shell.ShellWord.Parameter;
import dev.wavetank.core.container.shell.ShellWord.Part;
import java.util.ArrayList;
import java.util.List;

/** Cuts a shell script into words and operators. */
final class ShellLexer {

  /** What a token is. */
  enum Kind {
    WORD,
    OPERATOR,
    REDIRECT,
    NEWLINE,
    END
  }

  /**
   * A word or an operator.
   *
   * @param text the operator, or the word when it has neither quotes nor dollar signs
   * @param number the number before an operator of redirection; -1 for none
   */
  record Token(Kind kind, String text, ShellWord word, int number) {
    private static final Token NEWLINE = new Token(Kind.NEWLINE, "\n", ShellWord.EMPTY, -1);
    private static final Token END = new Token(Kind.END, "", ShellWord.EMPTY, -1);

    boolean operator(String operator) {
      return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean plain(String word) {
      return kind == Kind.WORD && text.equals(word);
    }
  }

  private record HereDocument(String delimiter, boolean quoted, boolean dashed, List<Part> parts) {}

  private static final int DEPTH_MAX = 50;
  private static final List<String> OPERATORS = List.of("&&", "||", ";;", ";", "&", "|", "(", ")");
  private static final List<String> REDIRECTS =
      List.of("&>>", "&>", "<<-", "<<", "<&", "<", ">>", ">&", ">|", ">");
  private static final List<String> PARAMETER_OPERATORS =
      List.of(":-", ":=", ":?", ":+", "-", "=", "?", "+", "%%", "%", "##", "#");

  private final String text;
  private final int depth;
  private final List<HereDocument> hereDocuments = new ArrayList<>();
  private int at;
  private boolean cutShort;

  ShellLexer(String text, int at, int depth) throws ShellSyntaxException {
    if (depth > DEPTH_MAX) {
      throw new ShellSyntaxException("nested too deeply");
    }
    this.text = text;
    this.at = at;
    this.depth = depth;
  }

  /** Whether the lines that are a command's input had no end. */
  boolean cutShort() {
    return cutShort;
  }

  int at() {
    return at;
  }

  private boolean startsWith(String prefix) {
    return text.startsWith(prefix, at);
  }

  private boolean ended() {
    return at >= text.length();
  }

  Token next() throws ShellSyntaxException {
    skipBlanks();
    if (ended()) {
      return Token.END;
    }
    if (text.charAt(at) == '\n') {
      at++;
      readHereDocuments();
      return Token.NEWLINE;
    }
    int digits = at;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    boolean numbered =
        digits == at + 1 && digits < text.length() && "<>".indexOf(text.charAt(digits)) >= 0;
    int number = numbered ? text.charAt(at) - '0' : -1;
    for (String redirect : REDIRECTS) {
      if (text.startsWith(redirect, numbered ? digits : at)) {
        at = (numbered ? digits : at) + redirect.length();
        return new Token(Kind.REDIRECT, redirect, ShellWord.EMPTY, number);
      }
    }
    for (String operator : OPERATORS) {
      if (startsWith(operator)) {
        at += operator.length();
        return new Token(Kind.OPERATOR, operator, ShellWord.EMPTY, -1);
      }
    }
    ShellWord word = new ShellWord(parts(" \t\r\n;&|()<>", false));
    return new Token(Kind.WORD, word.plain(), word, -1);
  }

  private void skipBlanks() {
    while (!ended()) {
      char c = text.charAt(at);
      if (startsWith("\\\n")) {
        at += 2;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        at++;
      } else if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else {
        return;
      }
    }
  }

  /** Reads the parts of a word until one of some characters, which is left. */
  private List<Part> parts(String terminators, boolean quoted) throws ShellSyntaxException {
    List<Part> parts = new ArrayList<>(2);
    StringBuilder literal = new StringBuilder();
    while (!ended() && terminators.indexOf(text.charAt(at)) < 0) {
      char c = text.charAt(at);
      if (c == '\\') {
        escape(terminators, quoted, literal, parts);
      } else if (c == '$' || c == '`') {
        flush(literal, quoted, parts);
        dollar(quoted, parts, literal);
      } else if (!quoted && c == '\'') {
        flush(literal, false, parts);
        int end = text.indexOf('\'', at + 1);
        if (end < 0) {
          throw ShellSyntaxException.unterminated();
        }
        parts.add(new Literal(text.substring(at + 1, end), true));
        at = end + 1;
      } else if (c == '"' && (!quoted || terminators.equals("}"))) {
        flush(literal, false, parts);
        at++;
        doubleQuoted(parts);
      } else {
        literal.append(c);
        at++;
      }
    }
    flush(literal, quoted, parts);
    return parts;
  }

  private static void flush(StringBuilder literal, boolean quoted, List<Part> parts) {
    if (literal.length() > 0) {
      parts.add(new Literal(literal.toString(), quoted));
      literal.setLength(0);
    }
  }

  private void escape(String terminators, boolean quoted, StringBuilder literal, List<Part> parts) {
    if (startsWith("\\\n")) {
      at += 2;
      return;
    }
    char escaped = at + 1 < text.length() ? text.charAt(at + 1) : '\\';
    at = Math.min(at + 2, text.length());
    if (!quoted) {
      flush(literal, false, parts);
      parts.add(new Literal(String.valueOf(escaped), true));
    } else if ("$`\\".indexOf(escaped) >= 0 || terminators.indexOf(escaped) >= 0) {
      literal.append(escaped);
    } else {
      literal.append('\\').append(escaped);
    }
  }

  private void doubleQuoted(List<Part> parts) throws ShellSyntaxException {
    List<Part> inside = parts("\"", true);
    if (ended()) {
      throw ShellSyntaxException.unterminated();
    }
    at++;
    if (inside.isEmpty()) {
      parts.add(new Literal("", true));
    }
    parts.addAll(inside);
  }

  private void dollar(boolean quoted, List<Part> parts, StringBuilder literal)
      throws ShellSyntaxException {
    if (startsWith("`")) {
      parts.add(new ShellWord.Command(backquoted(), quoted));
    } else if (startsWith("$((")) {
      at += 3;
      parts.add(new ShellWord.Arithmetic(arithmetic(), quoted));
    } else if (startsWith("$(")) {
      ShellParser parser = new ShellParser(new ShellLexer(text, at + 2, depth + 1));
      parts.add(new ShellWord.Command(parser.substitution(), quoted));
      at = parser.at();
    } else if (startsWith("${")) {
      at += 2;
      parts.add(braced(quoted));
    } else {
      int end = nameEnd(at + 1);
      if (end == at + 1) {
        literal.append('$');
      } else {
        parts.add(new Parameter(text.substring(at + 1, end), "", ShellWord.EMPTY, quoted));
      }
      at = end;
    }
  }

  /** End of a parameter's name; the start when there is none. */
  private int nameEnd(int start) {
    if (start < text.length()
        && ("?#@*$!-".indexOf(text.charAt(start)) >= 0 || Character.isDigit(text.charAt(start)))) {
      return start + 1;
    }
    int end = start;
    while (end < text.length()
        && (isLetter(text.charAt(end)) || Character.isDigit(text.charAt(end)))) {
      end++;
    }
    return end;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  /** Whether a text can be the name of a variable or a function. */
  static boolean isName(String text) {
    if (text.isEmpty() || Character.isDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isLetter(text.charAt(i)) && !Character.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private Part braced(boolean quoted) throws ShellSyntaxException {
    boolean length = startsWith("#") && !startsWith("#}") && nameEnd(at + 1) > at + 1;
    int start = length ? at + 1 : at;
    int end = nameEnd(start);
    while (end > start
        && Character.isDigit(text.charAt(start))
        && end < text.length()
        && Character.isDigit(text.charAt(end))) {
      end++;
    }
    String name = text.substring(start, end);
    at = end;
    String operator = length ? "length" : operator();
    ShellWord operand = ShellWord.EMPTY;
    if (!operator.isEmpty() && !length) {
      boolean pattern = operator.startsWith("%") || operator.startsWith("#");
      operand = new ShellWord(parts("}", quoted && !pattern));
    }
    if (name.isEmpty() || !startsWith("}")) {
      throw new ShellSyntaxException(ended() ? "unterminated ${" : "bad substitution");
    }
    at++;
    return new Parameter(name, operator, operand, quoted);
  }

  private String operator() {
    for (String operator : PARAMETER_OPERATORS) {
      if (startsWith(operator)) {
        at += operator.length();
        return operator;
      }
    }
    return "";
  }

  /** The commands between backquotes, whose backslashes are taken away once. */
  private ShellNode backquoted() throws ShellSyntaxException {
    StringBuilder inside = new StringBuilder();
    at++;
    while (!ended() && text.charAt(at) != '`') {
      if (text.charAt(at) == '\\'
          && at + 1 < text.length()
          && "`\\$".indexOf(text.charAt(at + 1)) >= 0) {
        at++;
      }
      inside.append(text.charAt(at++));
    }
    if (ended()) {
      throw ShellSyntaxException.unterminated();
    }
    at++;
    return new ShellParser(new ShellLexer(inside.toString(), 0, depth + 1)).script();
  }

  /** The expression of {@code $((…))}, whose two closing parentheses are consumed. */
  private ShellWord arithmetic() throws ShellSyntaxException {
    List<Part> parts = new ArrayList<>();
    int open = 0;
    while (true) {
      parts.addAll(parts("()\"", true));
      if (ended()) {
        throw new ShellSyntaxException("missing '))'");
      }
      char c = text.charAt(at++);
      if (c == ')' && open == 0) {
        if (!startsWith(")")) {
          throw new ShellSyntaxException("missing '))'");
        }
        at++;
        return new ShellWord(parts);
      }
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c != '"') {
        parts.add(new Literal(String.valueOf(c), true));
      }
    }
  }

  /** Notes that the lines after this one are the input of a command. */
  ShellWord hereDocument(ShellWord delimiter, boolean dashed) {
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    for (Part part : delimiter.parts()) {
      if (part instanceof Literal literal) {
        name.append(literal.text());
        quoted |= literal.quoted();
      }
    }
    List<Part> parts = new ArrayList<>();
    hereDocuments.add(new HereDocument(name.toString(), quoted, dashed, parts));
    return new ShellWord(parts);
  }

  private void readHereDocuments() throws ShellSyntaxException {
    for (HereDocument document : hereDocuments) {
      StringBuilder body = new StringBuilder();
      boolean found = false;
      while (!ended() && !found) {
        int end = text.indexOf('\n', at);
        String line = text.substring(at, end < 0 ? text.length() : end);
        at = end < 0 ? text.length() : end + 1;
        String stripped = document.dashed() ? line.replaceFirst("^\t+", "") : line;
        found = stripped.equals(document.delimiter());
        if (!found) {
          body.append(stripped).append('\n');
        }
      }
      cutShort |= !found;
      document
          .parts()
          .addAll(
              document.quoted()
                  ? List.of(new Literal(body.toString(), true))
                  : new ShellLexer(body.toString(), 0, depth + 1).parts("", true));
    }
    hereDocuments.clear();
  }
}
