package dev.wavetank.core.container.awk;

import dev.wavetank.core.container.awk.AwkLexer.Kind;
import dev.wavetank.core.container.awk.AwkLexer.Token;
import java.util.List;

/** The words of a program of {@code awk} and how far they are read. */
final class AwkTokens {

  private static final int DEPTH_MAX = 200;

  private final List<Token> tokens;
  private int at;
  private int depth;

  AwkTokens(String program) {
    tokens = AwkLexer.tokens(program);
  }

  Token peek() {
    return tokens.get(at);
  }

  /** The word behind the next one. */
  Token second() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  boolean is(Kind kind) {
    return peek().kind() == kind;
  }

  boolean is(String word) {
    return peek().is(word);
  }

  Token next() {
    Token token = peek();
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  boolean take(String word) {
    boolean found = is(word);
    at += found ? 1 : 0;
    return found;
  }

  void expect(String word) {
    if (!take(word)) {
      throw AwkFailure.syntax(peek().text());
    }
  }

  /** The name that must stand here. */
  String name() {
    if (!is(Kind.NAME) && !is(Kind.CALL)) {
      throw AwkFailure.syntax(peek().text());
    }
    return next().text();
  }

  void skipNewlines() {
    while (is(Kind.NEWLINE)) {
      at++;
    }
  }

  /** Skips what stands between statements. */
  void skipSeparators() {
    while (is(Kind.NEWLINE) || is(";")) {
      at++;
    }
  }

  /** Whether a statement is over here. */
  boolean ends() {
    return is(Kind.NEWLINE) || is(";") || is("}") || is(Kind.END);
  }

  int position() {
    return at;
  }

  void back(int position) {
    at = position;
  }

  void deeper() {
    if (++depth > DEPTH_MAX) {
      throw new AwkFailure("nested too deeply");
    }
  }

  void higher() {
    depth--;
  }
}
