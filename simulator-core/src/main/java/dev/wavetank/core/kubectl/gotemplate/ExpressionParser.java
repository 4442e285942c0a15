package dev.wavetank.core.kubectl.gotemplate;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeNull;
import java.util.ArrayList;
import java.util.List;

/** Parses a pipeline: commands with {@code |} between them, each fed to the next. */
final class ExpressionParser {

  private static final int DEPTH_MAX = 100;

  private final List<Token> tokens;
  private int next;
  private int depth;

  private ExpressionParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  static Expression parse(List<Token> tokens) {
    ExpressionParser parser = new ExpressionParser(tokens);
    Expression expression = parser.pipeline();
    if (parser.next < tokens.size()) {
      throw new TemplateException("unexpected <" + tokens.get(parser.next).text() + "> in command");
    }
    return expression;
  }

  private boolean at(String word) {
    return next < tokens.size() && tokens.get(next).is(word);
  }

  private Expression pipeline() {
    if (++depth > DEPTH_MAX) {
      throw new TemplateException("expressions are nested more than " + DEPTH_MAX + " deep");
    }
    Expression value = command();
    while (at("|")) {
      next++;
      if (!(command() instanceof Expression.Call call)) {
        throw new TemplateException("non executable command in pipeline");
      }
      value = call.with(value);
    }
    depth--;
    return value;
  }

  private Expression command() {
    if (next >= tokens.size()) {
      throw new TemplateException("missing value for command");
    }
    Token first = tokens.get(next);
    if (!first.quoted() && Functions.NAMES.contains(first.text())) {
      next++;
      ImmutableList.Builder<Expression> arguments = ImmutableList.builder();
      while (next < tokens.size() && !at("|") && !at(")")) {
        arguments.add(operand());
      }
      return new Expression.Call(first.text(), arguments.build());
    }
    return operand();
  }

  private Expression operand() {
    Token token = tokens.get(next++);
    if (token.quoted()) {
      return new Expression.Literal(token.text());
    }
    if (token.is("(")) {
      Expression inner = pipeline();
      if (!at(")")) {
        throw new TemplateException("unclosed left paren");
      }
      next++;
      boolean chained =
          next < tokens.size() && tokens.get(next).glued() && isField(tokens.get(next));
      return chained ? fields(inner, tokens.get(next++).text().substring(1)) : inner;
    }
    return word(token.text());
  }

  private static boolean isField(Token token) {
    return !token.quoted() && token.text().startsWith(".") && token.text().length() > 1;
  }

  private Expression word(String text) {
    if (text.equals(".")) {
      return new Expression.Dot();
    }
    if (text.startsWith(".")) {
      return fields(new Expression.Dot(), text.substring(1));
    }
    if (text.startsWith("$")) {
      int dot = text.indexOf('.');
      Expression variable = new Expression.Variable(dot < 0 ? text : text.substring(0, dot));
      return dot < 0 ? variable : fields(variable, text.substring(dot + 1));
    }
    return switch (text) {
      case "true" -> new Expression.Literal(true);
      case "false" -> new Expression.Literal(false);
      case "nil" -> new Expression.Literal(KubeNull.NULL);
      default -> number(text);
    };
  }

  private static Expression fields(Expression of, String names) {
    List<String> all = new ArrayList<>();
    for (String name : Splitter.on('.').split(names)) {
      if (name.isEmpty()) {
        throw new TemplateException("unexpected . after term");
      }
      all.add(name);
    }
    return new Expression.Fields(of, ImmutableList.copyOf(all));
  }

  private static Expression number(String text) {
    try {
      return new Expression.Literal(Long.valueOf(text));
    } catch (NumberFormatException whole) {
      if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
        try {
          return new Expression.Literal(Double.valueOf(text));
        } catch (NumberFormatException e) {
          throw new TemplateException("bad number syntax: " + Functions.quoted(text));
        }
      }
      throw new TemplateException("function " + Functions.quoted(text) + " not defined");
    }
  }
}
