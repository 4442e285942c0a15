package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.shell.ShellLexer.Kind;
import dev.wavetank.core.container.shell.ShellLexer.Token;
import dev.wavetank.core.container.shell.ShellNode.Assignment;
import dev.wavetank.core.container.shell.ShellNode.Redirect;
import dev.wavetank.core.container.shell.ShellWord.Literal;
import dev.wavetank.core.container.shell.ShellWord.Part;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses the language of the POSIX shell, one complete command at a time, so that a shell has done
 * what stands before a mistake. Messages are those of BusyBox's shell.
 */
public final class ShellParser {

  private final ShellLexer lexer;
  private @Nullable Token peeked;

  /** Whether the command that was read last ended with an ampersand. */
  private boolean backgroundTaken;

  ShellParser(ShellLexer lexer) {
    this.lexer = lexer;
  }

  static ShellParser of(String script) throws ShellSyntaxException {
    return new ShellParser(new ShellLexer(script, 0, 0));
  }

  /** Whether the script ended within the lines that are a command's input. */
  boolean cutShort() {
    return lexer.cutShort();
  }

  /** First words of the simple commands of a script; what cannot be known is an empty name. */
  public static Set<String> commandNames(String script) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> functions = new LinkedHashSet<>();
    try {
      collect(of(script).script(), names, functions);
    } catch (ShellSyntaxException e) {
      names.add("");
    }
    names.removeAll(functions);
    return names;
  }

  private static void collect(ShellNode node, Set<String> names, Set<String> functions) {
    List<ShellNode> inner = new ArrayList<>();
    if (node instanceof ShellNode.Simple simple) {
      if (!simple.words().isEmpty()) {
        boolean exec = simple.words().get(0).plain().equals("exec") && simple.words().size() > 1;
        names.add(simple.words().get(exec ? 1 : 0).plain());
      }
    } else if (node instanceof ShellNode.Pipeline pipeline) {
      inner.addAll(pipeline.parts());
    } else if (node instanceof ShellNode.Sequence sequence) {
      inner.addAll(sequence.parts());
    } else if (node instanceof ShellNode.AndOr both) {
      inner.addAll(List.of(both.left(), both.right()));
    } else if (node instanceof ShellNode.Background background) {
      inner.add(background.part());
    } else if (node instanceof ShellNode.Loop loop) {
      inner.addAll(List.of(loop.condition(), loop.body()));
    } else if (node instanceof ShellNode.For each) {
      inner.add(each.body());
    } else if (node instanceof ShellNode.If choice) {
      inner.addAll(List.of(choice.condition(), choice.then(), choice.otherwise()));
    } else if (node instanceof ShellNode.Case cases) {
      cases.items().forEach(item -> inner.add(item.body()));
    } else if (node instanceof ShellNode.Subshell subshell) {
      inner.add(subshell.body());
    } else if (node instanceof ShellNode.Function function) {
      functions.add(function.name());
      inner.add(function.body());
    } else if (node instanceof ShellNode.Redirected redirected) {
      inner.add(redirected.body());
    }
    inner.forEach(part -> collect(part, names, functions));
  }

  int at() {
    return lexer.at();
  }

  private Token peek() throws ShellSyntaxException {
    Token token = peeked;
    if (token == null) {
      token = lexer.next();
      peeked = token;
    }
    return token;
  }

  private Token take() throws ShellSyntaxException {
    Token token = peek();
    peeked = null;
    return token;
  }

  private boolean takeWord(String word) throws ShellSyntaxException {
    if (peek().plain(word)) {
      take();
      return true;
    }
    return false;
  }

  private boolean takeOperator(String operator) throws ShellSyntaxException {
    if (peek().operator(operator)) {
      take();
      return true;
    }
    return false;
  }

  private void expectWord(String word) throws ShellSyntaxException {
    if (!takeWord(word)) {
      throw unexpected(word);
    }
  }

  private ShellSyntaxException unexpected(String expected) throws ShellSyntaxException {
    Token token = peek();
    String what =
        switch (token.kind()) {
          case END -> "end of file";
          case NEWLINE -> "newline";
          case REDIRECT -> "redirection";
          case OPERATOR -> "\"" + token.text() + "\"";
          case WORD -> reserved(token.text()) ? "\"" + token.text() + "\"" : "word";
        };
    return new ShellSyntaxException(
        "unexpected " + what + (expected.isEmpty() ? "" : " (expecting \"" + expected + "\")"));
  }

  private static boolean reserved(String word) {
    return switch (word) {
      case "!", "{", "case", "for", "if", "until", "while" -> true;
      default -> closes(word);
    };
  }

  private static boolean closes(String word) {
    return switch (word) {
      case "}", "do", "done", "elif", "else", "esac", "fi", "then" -> true;
      default -> false;
    };
  }

  private void newlines() throws ShellSyntaxException {
    while (peek().kind() == Kind.NEWLINE) {
      take();
    }
  }

  /** The next line of commands, or null at the end of the script. */
  @Nullable ShellNode nextCommand() throws ShellSyntaxException {
    newlines();
    if (peek().kind() == Kind.END) {
      return null;
    }
    List<ShellNode> parts = new ArrayList<>();
    do {
      parts.add(andOrMaybeInBackground());
    } while (separated() && peek().kind() != Kind.NEWLINE && peek().kind() != Kind.END);
    if (peek().kind() != Kind.NEWLINE && peek().kind() != Kind.END) {
      throw unexpected("");
    }
    return sequence(parts);
  }

  /** The whole script. */
  ShellNode script() throws ShellSyntaxException {
    List<ShellNode> parts = new ArrayList<>();
    for (ShellNode part = nextCommand(); part != null; part = nextCommand()) {
      parts.add(part);
    }
    return sequence(parts);
  }

  /** The commands of {@code $(…)} behind its opening parenthesis, and the closing one. */
  ShellNode substitution() throws ShellSyntaxException {
    newlines();
    ShellNode commands = peek().operator(")") ? ShellNode.NOTHING : list();
    if (!takeOperator(")")) {
      throw unexpected(")");
    }
    return commands;
  }

  private static ShellNode sequence(List<ShellNode> parts) {
    return parts.size() == 1 ? parts.get(0) : new ShellNode.Sequence(List.copyOf(parts));
  }

  private ShellNode andOrMaybeInBackground() throws ShellSyntaxException {
    ShellNode node = andOr();
    backgroundTaken = takeOperator("&");
    return backgroundTaken ? new ShellNode.Background(node) : node;
  }

  /** Whether the command before ended with a separator, so that another one may follow. */
  private boolean separated() throws ShellSyntaxException {
    return backgroundTaken || takeOperator(";");
  }

  /** Commands of a compound command, at least one. */
  private ShellNode list() throws ShellSyntaxException {
    List<ShellNode> parts = new ArrayList<>();
    newlines();
    do {
      parts.add(andOrMaybeInBackground());
      boolean more = separated();
      if (peek().kind() == Kind.NEWLINE) {
        newlines();
        more = true;
      }
      if (!more) {
        break;
      }
    } while (!listEnds());
    return sequence(parts);
  }

  private boolean listEnds() throws ShellSyntaxException {
    Token token = peek();
    return switch (token.kind()) {
      case END -> true;
      case WORD -> closes(token.text());
      case OPERATOR -> token.text().equals(")") || token.text().equals(";;");
      default -> false;
    };
  }

  private ShellNode andOr() throws ShellSyntaxException {
    ShellNode left = pipeline();
    while (peek().operator("&&") || peek().operator("||")) {
      boolean and = take().text().equals("&&");
      newlines();
      left = new ShellNode.AndOr(left, and, pipeline());
    }
    return left;
  }

  private ShellNode pipeline() throws ShellSyntaxException {
    boolean negated = takeWord("!");
    List<ShellNode> parts = new ArrayList<>();
    parts.add(command());
    while (takeOperator("|")) {
      newlines();
      parts.add(command());
    }
    return parts.size() == 1 && !negated
        ? parts.get(0)
        : new ShellNode.Pipeline(List.copyOf(parts), negated);
  }

  private ShellNode command() throws ShellSyntaxException {
    Token token = peek();
    if (token.operator("(")) {
      take();
      ShellNode body = list();
      if (!takeOperator(")")) {
        throw unexpected(")");
      }
      return redirected(new ShellNode.Subshell(body));
    }
    return switch (token.kind() == Kind.WORD ? token.text() : "") {
      case "if" -> {
        take();
        yield redirected(choice());
      }
      case "while", "until" -> {
        boolean until = take().text().equals("until");
        ShellNode condition = list();
        yield redirected(new ShellNode.Loop(condition, until, body()));
      }
      case "for" -> {
        take();
        yield redirected(each());
      }
      case "case" -> {
        take();
        yield redirected(cases());
      }
      case "{" -> {
        take();
        ShellNode group = list();
        expectWord("}");
        yield redirected(group);
      }
      default -> simple();
    };
  }

  private ShellNode redirected(ShellNode body) throws ShellSyntaxException {
    List<Redirect> redirects = new ArrayList<>();
    while (peek().kind() == Kind.REDIRECT) {
      redirect(redirects);
    }
    return redirects.isEmpty() ? body : new ShellNode.Redirected(body, List.copyOf(redirects));
  }

  private ShellNode choice() throws ShellSyntaxException {
    ShellNode condition = list();
    expectWord("then");
    ShellNode then = list();
    if (takeWord("elif")) {
      return new ShellNode.If(condition, then, choice());
    }
    ShellNode otherwise = takeWord("else") ? list() : ShellNode.NOTHING;
    expectWord("fi");
    return new ShellNode.If(condition, then, otherwise);
  }

  private ShellNode body() throws ShellSyntaxException {
    expectWord("do");
    ShellNode body = list();
    expectWord("done");
    return body;
  }

  private ShellNode each() throws ShellSyntaxException {
    Token name = take();
    if (!ShellLexer.isName(name.text())) {
      throw new ShellSyntaxException("bad for loop variable");
    }
    newlines();
    List<ShellWord> words = null;
    if (takeWord("in")) {
      words = new ArrayList<>();
      while (peek().kind() == Kind.WORD) {
        words.add(take().word());
      }
      if (!peek().operator(";") && peek().kind() != Kind.NEWLINE) {
        throw unexpected("");
      }
    }
    takeOperator(";");
    newlines();
    return new ShellNode.For(name.text(), words, body());
  }

  private ShellNode cases() throws ShellSyntaxException {
    if (peek().kind() != Kind.WORD) {
      throw unexpected("");
    }
    ShellWord word = take().word();
    newlines();
    expectWord("in");
    newlines();
    List<ShellNode.CaseItem> items = new ArrayList<>();
    while (!takeWord("esac")) {
      takeOperator("(");
      List<ShellWord> patterns = new ArrayList<>();
      do {
        if (peek().kind() != Kind.WORD) {
          throw unexpected("");
        }
        patterns.add(take().word());
      } while (takeOperator("|"));
      if (!takeOperator(")")) {
        throw unexpected(")");
      }
      newlines();
      ShellNode body = peek().operator(";;") || peek().plain("esac") ? ShellNode.NOTHING : list();
      items.add(new ShellNode.CaseItem(patterns, body));
      if (!takeOperator(";;") && !peek().plain("esac")) {
        throw unexpected(";;");
      }
      newlines();
    }
    return new ShellNode.Case(word, items);
  }

  private ShellNode simple() throws ShellSyntaxException {
    List<Assignment> assignments = new ArrayList<>();
    List<ShellWord> words = new ArrayList<>();
    List<Redirect> redirects = new ArrayList<>();
    if (closes(peek().kind() == Kind.WORD ? peek().text() : "")) {
      throw unexpected("");
    }
    while (peek().kind() == Kind.WORD || peek().kind() == Kind.REDIRECT) {
      if (peek().kind() == Kind.REDIRECT) {
        redirect(redirects);
        continue;
      }
      Token token = take();
      Assignment assignment = words.isEmpty() ? assignment(token.word()) : null;
      if (assignment != null) {
        assignments.add(assignment);
      } else {
        words.add(token.word());
      }
      if (words.size() == 1 && assignments.isEmpty() && peek().operator("(")) {
        return function(token.text());
      }
    }
    if (assignments.isEmpty() && words.isEmpty() && redirects.isEmpty()) {
      throw unexpected("");
    }
    return new ShellNode.Simple(
        List.copyOf(assignments), List.copyOf(words), List.copyOf(redirects));
  }

  private ShellNode function(String name) throws ShellSyntaxException {
    take();
    if (!takeOperator(")")) {
      throw unexpected(")");
    }
    if (!ShellLexer.isName(name)) {
      throw new ShellSyntaxException("bad function name");
    }
    newlines();
    return new ShellNode.Function(name, command());
  }

  /** The word as an assignment, or null when it is none. */
  static @Nullable Assignment assignment(ShellWord word) {
    if (word.parts().isEmpty() || !(word.parts().get(0) instanceof Literal first)) {
      return null;
    }
    int equals = first.text().indexOf('=');
    if (first.quoted() || equals < 0 || !ShellLexer.isName(first.text().substring(0, equals))) {
      return null;
    }
    List<Part> value = new ArrayList<>();
    if (equals + 1 < first.text().length()) {
      value.add(new Literal(first.text().substring(equals + 1), false));
    }
    value.addAll(word.parts().subList(1, word.parts().size()));
    return new Assignment(first.text().substring(0, equals), new ShellWord(List.copyOf(value)));
  }

  private void redirect(List<Redirect> redirects) throws ShellSyntaxException {
    Token token = take();
    if (peek().kind() != Kind.WORD) {
      throw unexpected("");
    }
    String operator = token.text();
    if (operator.startsWith("<<")) {
      Token delimiter = take();
      ShellWord text = lexer.hereDocument(delimiter.word(), operator.endsWith("-"));
      redirects.add(new Redirect(Math.max(token.number(), 0), "<<", text));
      return;
    }
    ShellWord target = take().word();
    boolean both = operator.startsWith("&");
    String plain = both ? operator.substring(1) : operator.equals(">|") ? ">" : operator;
    int number = token.number() >= 0 ? token.number() : plain.startsWith("<") ? 0 : 1;
    redirects.add(new Redirect(number, plain, target));
    if (both) {
      redirects.add(new Redirect(2, ">&", new ShellWord(List.of(new Literal("1", false)))));
    }
  }
}
