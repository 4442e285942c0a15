package dev.wavetank.core.container;

import dev.wavetank.core.container.ShellNode.Redirect;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses the part of the shell's language that manifests use: lists, {@code &&} and {@code ||},
 * pipes, {@code if}, {@code while}, {@code until}, {@code for}, groups, redirections.
 */
final class ShellParser {

  /** The script is wrong. */
  static final class SyntaxError extends Exception {
    private static final long serialVersionUID = 1L;

    SyntaxError(String message) {
      super(message);
    }
  }

  private final List<String> tokens = new ArrayList<>();
  private int next;

  private ShellParser(String script) throws SyntaxError {
    tokenize(script);
  }

  static ShellNode parse(String script) throws SyntaxError {
    ShellParser parser = new ShellParser(script);
    ShellNode node = parser.list();
    if (parser.next < parser.tokens.size()) {
      throw new SyntaxError("unexpected \"" + parser.tokens.get(parser.next) + "\"");
    }
    return node;
  }

  /** First words of the simple commands of a script; a wrong script has one unknown name. */
  static List<String> commandNames(String script) {
    List<String> names = new ArrayList<>();
    try {
      collect(parse(script), names);
    } catch (SyntaxError e) {
      names.add("");
    }
    return names;
  }

  private static void collect(ShellNode node, List<String> names) {
    if (node instanceof ShellNode.Simple simple) {
      if (!simple.words().isEmpty()) {
        String name = simple.words().get(0);
        names.add(name.equals("exec") && simple.words().size() > 1 ? simple.words().get(1) : name);
      }
    } else if (node instanceof ShellNode.Pipeline pipeline) {
      pipeline.parts().forEach(part -> collect(part, names));
    } else if (node instanceof ShellNode.Sequence sequence) {
      sequence.parts().forEach(part -> collect(part, names));
    } else if (node instanceof ShellNode.AndOr both) {
      collect(both.left(), names);
      collect(both.right(), names);
    } else if (node instanceof ShellNode.Background background) {
      collect(background.part(), names);
    } else if (node instanceof ShellNode.Loop loop) {
      collect(loop.condition(), names);
      collect(loop.body(), names);
    } else if (node instanceof ShellNode.For each) {
      collect(each.body(), names);
    } else if (node instanceof ShellNode.If choice) {
      collect(choice.condition(), names);
      collect(choice.then(), names);
      collect(choice.otherwise(), names);
    }
  }

  private void tokenize(String script) throws SyntaxError {
    int i = 0;
    while (i < script.length()) {
      char c = script.charAt(i);
      if (c == '\\' && script.startsWith("\\\n", i)) {
        i += 2;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        i++;
      } else if (c == '#') {
        int end = script.indexOf('\n', i);
        i = end < 0 ? script.length() : end;
      } else if (c == '\n') {
        tokens.add("\n");
        i++;
      } else if (script.startsWith("&&", i) || script.startsWith("||", i)) {
        tokens.add(script.substring(i, i + 2));
        i += 2;
      } else if (isRedirect(script, i)) {
        int end = redirectEnd(script, i);
        tokens.add(script.substring(i, end));
        i = end;
      } else if (c == ';' || c == '&' || c == '|' || c == '(' || c == ')') {
        tokens.add(String.valueOf(c));
        i++;
      } else {
        int end = wordEnd(script, i);
        tokens.add(script.substring(i, end));
        i = end;
      }
    }
  }

  private static boolean isRedirect(String script, int at) {
    char c = script.charAt(at);
    return c == '>'
        || c == '<'
        || ((c == '1' || c == '2') && at + 1 < script.length() && script.charAt(at + 1) == '>')
        || script.startsWith("&>", at);
  }

  /** The operator alone; {@code 2>&1} is one token. */
  private static int redirectEnd(String script, int at) {
    int i = at;
    while (i < script.length() && script.charAt(i) != '>' && script.charAt(i) != '<') {
      i++;
    }
    i++;
    if (i < script.length() && script.charAt(i) == '>') {
      i++;
    } else if (i + 1 < script.length() && script.charAt(i) == '&') {
      i += 2;
    }
    return i;
  }

  static int wordEnd(String script, int start) throws SyntaxError {
    int i = start;
    while (i < script.length()) {
      char c = script.charAt(i);
      if (c == '\\') {
        i += 2;
      } else if (c == '\'' || c == '`') {
        i = closing(script, i, c) + 1;
      } else if (c == '"') {
        i = quoteEnd(script, i) + 1;
      } else if (c == '$' && i + 1 < script.length() && script.charAt(i + 1) == '(') {
        i = parenEnd(script, i + 1) + 1;
      } else if (c == '$' && i + 1 < script.length() && script.charAt(i + 1) == '{') {
        i = closing(script, i, '}') + 1;
      } else if (" \t\r\n;&|()<>".indexOf(c) >= 0) {
        break;
      } else {
        i++;
      }
    }
    return Math.min(i, script.length());
  }

  private static int closing(String script, int open, char quote) throws SyntaxError {
    int end = script.indexOf(quote, open + 1);
    if (end < 0) {
      throw new SyntaxError("unterminated quoted string");
    }
    return end;
  }

  static int quoteEnd(String script, int open) throws SyntaxError {
    int i = open + 1;
    while (i < script.length()) {
      char c = script.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c == '\\') {
        i++;
      } else if (c == '$' && i + 1 < script.length() && script.charAt(i + 1) == '(') {
        i = parenEnd(script, i + 1);
      }
      i++;
    }
    throw new SyntaxError("unterminated quoted string");
  }

  /** Position of the parenthesis that closes the one at {@code open}. */
  static int parenEnd(String script, int open) throws SyntaxError {
    int depth = 0;
    for (int i = open; i < script.length(); i++) {
      char c = script.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '\'') {
        i = closing(script, i, c);
      } else if (c == '"') {
        i = quoteEnd(script, i);
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return i;
      }
    }
    throw new SyntaxError("missing \")\"");
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : "";
  }

  private boolean take(String token) {
    if (peek().equals(token)) {
      next++;
      return true;
    }
    return false;
  }

  private void expect(String token) throws SyntaxError {
    separators();
    if (!take(token)) {
      throw new SyntaxError("expecting \"" + token + "\"");
    }
  }

  private void separators() {
    while (peek().equals(";") || peek().equals("\n")) {
      next++;
    }
  }

  private static boolean closes(String token) {
    return switch (token) {
      case "", ")", "}", "do", "done", "then", "else", "elif", "fi" -> true;
      default -> false;
    };
  }

  private ShellNode list() throws SyntaxError {
    List<ShellNode> parts = new ArrayList<>();
    separators();
    while (!closes(peek())) {
      ShellNode part = andOr();
      if (take("&")) {
        part = new ShellNode.Background(part);
      }
      parts.add(part);
      separators();
    }
    return parts.size() == 1 ? parts.get(0) : new ShellNode.Sequence(parts);
  }

  private ShellNode andOr() throws SyntaxError {
    ShellNode left = pipeline();
    while (peek().equals("&&") || peek().equals("||")) {
      boolean and = tokens.get(next++).equals("&&");
      while (take("\n")) {}
      left = new ShellNode.AndOr(left, and, pipeline());
    }
    return left;
  }

  private ShellNode pipeline() throws SyntaxError {
    boolean negated = take("!");
    List<ShellNode> parts = new ArrayList<>();
    parts.add(command());
    while (take("|")) {
      while (take("\n")) {}
      parts.add(command());
    }
    return parts.size() == 1 && !negated ? parts.get(0) : new ShellNode.Pipeline(parts, negated);
  }

  private ShellNode command() throws SyntaxError {
    switch (peek()) {
      case "if" -> {
        next++;
        return choice();
      }
      case "while", "until" -> {
        boolean until = tokens.get(next++).equals("until");
        ShellNode condition = list();
        return new ShellNode.Loop(condition, until, body());
      }
      case "for" -> {
        next++;
        return each();
      }
      case "{" -> {
        next++;
        ShellNode group = list();
        expect("}");
        return group;
      }
      case "(" -> {
        next++;
        ShellNode group = list();
        expect(")");
        return group;
      }
      default -> {
        return simple();
      }
    }
  }

  private ShellNode choice() throws SyntaxError {
    ShellNode condition = list();
    expect("then");
    ShellNode then = list();
    ShellNode otherwise = new ShellNode.Sequence(List.of());
    if (take("elif")) {
      return new ShellNode.If(condition, then, choice());
    }
    if (take("else")) {
      otherwise = list();
    }
    expect("fi");
    return new ShellNode.If(condition, then, otherwise);
  }

  private ShellNode body() throws SyntaxError {
    expect("do");
    ShellNode body = list();
    expect("done");
    return body;
  }

  private ShellNode each() throws SyntaxError {
    String name = tokens.get(next++);
    List<String> words = new ArrayList<>();
    if (take("in")) {
      while (!peek().equals(";") && !peek().equals("\n") && !peek().isEmpty()) {
        words.add(tokens.get(next++));
      }
    }
    separators();
    return new ShellNode.For(name, words, body());
  }

  private ShellNode simple() throws SyntaxError {
    List<String> assignments = new ArrayList<>();
    List<String> words = new ArrayList<>();
    List<Redirect> redirects = new ArrayList<>();
    while (next < tokens.size() && !ends(peek())) {
      String token = tokens.get(next++);
      if (isRedirect(token, 0)) {
        redirect(token, redirects);
      } else if (words.isEmpty() && token.matches("(?s)[A-Za-z_]\\w*=.*")) {
        assignments.add(token);
      } else {
        words.add(token);
      }
    }
    if (assignments.isEmpty() && words.isEmpty() && redirects.isEmpty()) {
      throw new SyntaxError("unexpected \"" + peek() + "\"");
    }
    return new ShellNode.Simple(assignments, words, redirects);
  }

  private static boolean ends(String token) {
    return switch (token) {
      case ";", "\n", "&", "|", "&&", "||", ")", "(" -> true;
      default -> false;
    };
  }

  private void redirect(String token, List<Redirect> redirects) throws SyntaxError {
    if (token.endsWith("&1") || token.endsWith("&2")) {
      redirects.add(new Redirect(token.endsWith("&1") ? 2 : 1, false, ""));
      return;
    }
    if (next >= tokens.size()) {
      throw new SyntaxError("unexpected end of file");
    }
    String file = tokens.get(next++);
    int stream = token.startsWith("2") ? 2 : token.startsWith("<") ? 0 : 1;
    redirects.add(new Redirect(stream, token.endsWith(">>"), file));
    if (token.startsWith("&>")) {
      redirects.add(new Redirect(2, false, ""));
    }
  }
}
