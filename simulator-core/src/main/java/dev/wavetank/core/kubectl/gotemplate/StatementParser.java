package dev.wavetank.core.kubectl.gotemplate;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** Parses a template into its statements. */
final class StatementParser {

  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  private static final int DEPTH_MAX = 100;

  private final String text;
  private int position;
  private int depth;

  /** The action that ended the last block: {@code end} or an {@code else}; empty at the end. */
  private List<Token> ending = List.of();

  StatementParser(String text) {
    this.text = text;
  }

  ImmutableList<Statement> parse() {
    ImmutableList<Statement> statements = block();
    if (!ending.isEmpty()) {
      throw new TemplateException("unexpected {{" + ending.get(0).text() + "}}");
    }
    return statements;
  }

  private ImmutableList<Statement> block() {
    if (++depth > DEPTH_MAX) {
      throw new TemplateException("blocks are nested more than " + DEPTH_MAX + " deep");
    }
    ImmutableList.Builder<Statement> statements = ImmutableList.builder();
    ending = List.of();
    boolean trim = false;
    while (position < text.length()) {
      int open = text.indexOf(OPEN, position);
      String plain = text.substring(position, open < 0 ? text.length() : open);
      position = open < 0 ? text.length() : open + OPEN.length();
      boolean trimsBefore = open >= 0 && text.startsWith("- ", position);
      plain = trim ? plain.stripLeading() : plain;
      plain = trimsBefore ? plain.stripTrailing() : plain;
      if (!plain.isEmpty()) {
        statements.add(new Statement.Text(plain));
      }
      if (open < 0) {
        break;
      }
      int close = close();
      String action = text.substring(position, close);
      position = close + CLOSE.length();
      trim = action.endsWith(" -");
      action = trim ? action.substring(0, action.length() - 2) : action;
      action = trimsBefore ? action.substring(2) : action;
      if (action.strip().startsWith("/*")) {
        continue;
      }
      List<Token> tokens = Token.all(action);
      if (!tokens.isEmpty() && (tokens.get(0).is("end") || tokens.get(0).is("else"))) {
        ending = tokens;
        break;
      }
      statements.add(statement(tokens));
    }
    depth--;
    return statements.build();
  }

  /** Where the action ends; braces inside quotes do not count. */
  private int close() {
    char quote = 0;
    for (int i = position; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        i += c == '\\' && quote != '`' ? 1 : 0;
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '`' || c == '\'') {
        quote = c;
      } else if (text.startsWith(CLOSE, i)) {
        return i;
      }
    }
    throw new TemplateException("unclosed action");
  }

  private Statement statement(List<Token> tokens) {
    if (tokens.isEmpty()) {
      throw new TemplateException("missing value for command");
    }
    List<Token> rest = tokens.subList(1, tokens.size());
    return switch (tokens.get(0).text()) {
      case "if" -> ifStatement(rest);
      case "with" -> with(rest);
      case "range" -> range(rest);
      default -> {
        boolean assigns = tokens.size() > 1 && tokens.get(1).isOperator(":=", "=");
        yield assigns
            ? new Statement.Assign(
                variable(tokens.get(0)),
                tokens.get(1).is(":="),
                ExpressionParser.parse(tokens.subList(2, tokens.size())))
            : new Statement.Print(ExpressionParser.parse(tokens));
      }
    };
  }

  private Statement ifStatement(List<Token> condition) {
    Expression expression = ExpressionParser.parse(condition);
    ImmutableList<Statement> then = block();
    return new Statement.If(expression, then, otherwise("if"));
  }

  private Statement with(List<Token> tokens) {
    boolean declares = tokens.size() > 1 && tokens.get(1).is(":=");
    Expression value = ExpressionParser.parse(declares ? tokens.subList(2, tokens.size()) : tokens);
    String variable = declares ? variable(tokens.get(0)) : "";
    ImmutableList<Statement> then = block();
    return new Statement.With(variable, value, then, otherwise("with"));
  }

  private Statement range(List<Token> tokens) {
    String key = "";
    String element = "";
    List<Token> value = tokens;
    if (tokens.size() > 1 && tokens.get(1).is(":=")) {
      element = variable(tokens.get(0));
      value = tokens.subList(2, tokens.size());
    } else if (tokens.size() > 3 && tokens.get(1).is(",") && tokens.get(3).is(":=")) {
      key = variable(tokens.get(0));
      element = variable(tokens.get(2));
      value = tokens.subList(4, tokens.size());
    }
    Expression expression = ExpressionParser.parse(value);
    ImmutableList<Statement> body = block();
    return new Statement.Range(key, element, expression, body, otherwise("range"));
  }

  /** What follows {@code else}, up to {@code end}; {@code else if} and {@code else with} nest. */
  private ImmutableList<Statement> otherwise(String keyword) {
    List<Token> how = ending;
    if (how.isEmpty()) {
      throw new TemplateException("unexpected EOF");
    }
    if (how.get(0).is("end")) {
      ending = List.of();
      return ImmutableList.of();
    }
    if (how.size() > 1 && !how.get(1).is(keyword)) {
      throw new TemplateException("unexpected <" + how.get(1).text() + "> in else");
    }
    if (how.size() > 1) {
      return ImmutableList.of(statement(new ArrayList<>(how.subList(1, how.size()))));
    }
    ImmutableList<Statement> statements = block();
    if (ending.isEmpty() || !ending.get(0).is("end")) {
      throw new TemplateException(
          ending.isEmpty() ? "unexpected EOF" : "expected end; found {{else}}");
    }
    ending = List.of();
    return statements;
  }

  private static String variable(Token token) {
    if (!token.text().startsWith("$")) {
      throw new TemplateException("expected a variable, found " + token.text());
    }
    return token.text();
  }
}
