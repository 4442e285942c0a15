package dev.wavetank.core.container.awk;

import dev.wavetank.core.container.awk.AwkLexer.Kind;
import dev.wavetank.core.container.awk.AwkLexer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the expressions of a program of {@code awk}, the loosest operator first. */
final class AwkExpressions {

  private static final List<String> ASSIGNMENTS =
      List.of("=", "+=", "-=", "*=", "/=", "%=", "^=", "**=");
  private static final List<String> COMPARISONS = List.of("<", "<=", "==", "!=", ">", ">=");

  private final AwkTokens tokens;
  private final AwkState state;
  private final Map<String, AwkFunction> functions = new LinkedHashMap<>();
  private List<String> locals = List.of();

  /** Whether a greater sign leads to a file here, and is no comparison. */
  private boolean greaterRedirects;

  private boolean inEnds;

  AwkExpressions(AwkTokens tokens, AwkState state) {
    this.tokens = tokens;
    this.state = state;
  }

  void locals(List<String> names) {
    locals = names;
  }

  AwkFunction function(String name) {
    return functions.computeIfAbsent(name, AwkFunction::new);
  }

  void checkFunctions() {
    functions.values().forEach(AwkFunction::check);
  }

  AwkExpression.Variable variable(String name) {
    int local = locals.indexOf(name);
    if (local >= 0) {
      return running -> running.local(local);
    }
    AwkCell cell = state.global(name);
    return running -> cell;
  }

  /** The expressions of {@code print}, which a redirection may follow. */
  List<AwkExpression> printed() {
    greaterRedirects = true;
    List<AwkExpression> values = new ArrayList<>();
    while (!tokens.ends() && !tokens.is(">") && !tokens.is(">>") && !tokens.is("|")) {
      int before = tokens.position();
      List<AwkExpression> grouped = grouped();
      if (values.isEmpty() && !grouped.isEmpty()) {
        values.addAll(grouped);
        break;
      }
      tokens.back(before);
      values.add(expression());
      if (!tokens.take(",")) {
        break;
      }
      tokens.skipNewlines();
    }
    greaterRedirects = false;
    return values;
  }

  /** {@code (a, b)} as all that is printed; empty when it is something else. */
  private List<AwkExpression> grouped() {
    if (!tokens.take("(")) {
      return List.of();
    }
    greaterRedirects = false;
    List<AwkExpression> values = list(")");
    greaterRedirects = true;
    boolean all = tokens.ends() || tokens.is(">") || tokens.is(">>") || tokens.is("|");
    return all ? values : List.of();
  }

  /** The name of a file behind a redirection. */
  AwkExpression concatenated() {
    return concatenation();
  }

  /** Expressions between commas up to a closing word, which is read. */
  List<AwkExpression> list(String closing) {
    List<AwkExpression> values = new ArrayList<>();
    tokens.skipNewlines();
    while (!tokens.take(closing)) {
      if (!values.isEmpty()) {
        tokens.expect(",");
        tokens.skipNewlines();
      }
      values.add(expression());
      tokens.skipNewlines();
    }
    return values;
  }

  /** The first part of {@code for (;;)}, in which {@code in} is not an operator. */
  AwkExpression withoutIn() {
    inEnds = true;
    AwkExpression value = expression();
    inEnds = false;
    return value;
  }

  AwkExpression expression() {
    tokens.deeper();
    AwkExpression left = conditional();
    if (left instanceof AwkExpression.Target target) {
      for (String operator : ASSIGNMENTS) {
        if (tokens.take(operator)) {
          tokens.skipNewlines();
          left = assignment(target, operator, expression());
          break;
        }
      }
    }
    tokens.higher();
    return left;
  }

  private static AwkExpression assignment(
      AwkExpression.Target target, String operator, AwkExpression right) {
    return running -> {
      Object value = right.value(running);
      if (operator.length() > 1) {
        double before = AwkValues.number(target.value(running));
        value = compute(operator.charAt(0), operator.length() == 3, before, value);
      }
      target.set(running, value);
      return value;
    };
  }

  private static Object compute(char operator, boolean power, double left, Object value) {
    double right = AwkValues.number(value);
    if (power || operator == '^') {
      return StrictMath.pow(left, right);
    }
    if ((operator == '/' || operator == '%') && right == 0) {
      throw new AwkFailure("division by zero" + (operator == '%' ? " in %" : ""));
    }
    return switch (operator) {
      case '+' -> left + right;
      case '-' -> left - right;
      case '*' -> left * right;
      case '/' -> left / right;
      default -> left % right;
    };
  }

  private AwkExpression conditional() {
    AwkExpression condition = or();
    if (!tokens.take("?")) {
      return condition;
    }
    tokens.skipNewlines();
    AwkExpression yes = expression();
    tokens.skipNewlines();
    tokens.expect(":");
    tokens.skipNewlines();
    AwkExpression no = expression();
    return running -> (AwkValues.truth(condition.value(running)) ? yes : no).value(running);
  }

  private AwkExpression or() {
    AwkExpression left = and();
    while (tokens.take("||")) {
      tokens.skipNewlines();
      AwkExpression one = left;
      AwkExpression other = and();
      left =
          running ->
              AwkValues.truth(
                  AwkValues.truth(one.value(running)) || AwkValues.truth(other.value(running)));
    }
    return left;
  }

  private AwkExpression and() {
    AwkExpression left = membership();
    while (tokens.take("&&")) {
      tokens.skipNewlines();
      AwkExpression one = left;
      AwkExpression other = membership();
      left =
          running ->
              AwkValues.truth(
                  AwkValues.truth(one.value(running)) && AwkValues.truth(other.value(running)));
    }
    return left;
  }

  private AwkExpression membership() {
    AwkExpression left = matching();
    while (!inEnds && tokens.take("in")) {
      AwkExpression key = left;
      AwkExpression.Variable array = variable(tokens.name());
      left =
          running ->
              AwkValues.truth(
                  array.cell(running).array().containsKey(running.text(key.value(running))));
    }
    return left;
  }

  private AwkExpression matching() {
    AwkExpression left = comparison();
    while (tokens.is("~") || tokens.is("!~")) {
      boolean wanted = tokens.next().text().equals("~");
      AwkExpression text = left;
      AwkExpression pattern = comparison();
      left =
          running ->
              AwkValues.truth(
                  running.matches(
                          running.text(text.value(running)),
                          AwkExpression.pattern(pattern, running))
                      == wanted);
    }
    return left;
  }

  private AwkExpression comparison() {
    AwkExpression left = concatenation();
    Token operator = tokens.peek();
    boolean compares =
        operator.kind() == Kind.OPERATOR
            && COMPARISONS.contains(operator.text())
            && !(greaterRedirects && operator.text().equals(">"));
    if (!compares) {
      return left;
    }
    tokens.next();
    AwkExpression right = concatenation();
    return running -> {
      int order = running.compare(left.value(running), right.value(running));
      return AwkValues.truth(
          switch (operator.text()) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case ">" -> order > 0;
            default -> order >= 0;
          });
    };
  }

  private AwkExpression concatenation() {
    AwkExpression left = additive();
    while (operandFollows()) {
      AwkExpression one = left;
      AwkExpression other = additive();
      left =
          running ->
              AwkState.bounded(
                  running.text(one.value(running)).concat(running.text(other.value(running))));
    }
    return left;
  }

  /** Whether a value begins here that is written right behind another one. */
  private boolean operandFollows() {
    return switch (tokens.peek().kind()) {
      case NUMBER, STRING, PATTERN, NAME, CALL -> true;
      case OPERATOR ->
          tokens.is("$")
              || tokens.is("!")
              || tokens.is("(")
              || tokens.is("-")
              || tokens.is("+")
              || tokens.is("++")
              || tokens.is("--");
      default -> false;
    };
  }

  private AwkExpression additive() {
    AwkExpression left = multiplicative();
    while (tokens.is("+") || tokens.is("-")) {
      left = arithmetic(tokens.next().text().charAt(0), left, multiplicative());
    }
    return left;
  }

  private AwkExpression multiplicative() {
    AwkExpression left = unary();
    while (tokens.is("*") || tokens.is("/") || tokens.is("%")) {
      left = arithmetic(tokens.next().text().charAt(0), left, unary());
    }
    return left;
  }

  private static AwkExpression arithmetic(char operator, AwkExpression one, AwkExpression other) {
    return running ->
        compute(operator, false, AwkValues.number(one.value(running)), other.value(running));
  }

  private AwkExpression unary() {
    tokens.deeper();
    AwkExpression value;
    if (tokens.take("!")) {
      AwkExpression of = unary();
      value = running -> AwkValues.truth(!AwkValues.truth(of.value(running)));
    } else if (tokens.take("-")) {
      AwkExpression of = unary();
      value = running -> -AwkValues.number(of.value(running));
    } else if (tokens.take("+")) {
      AwkExpression of = unary();
      value = running -> AwkValues.number(of.value(running));
    } else {
      value = power();
    }
    tokens.higher();
    return value;
  }

  private AwkExpression power() {
    AwkExpression base = changed();
    if (!tokens.take("^") && !tokens.take("**")) {
      return base;
    }
    AwkExpression exponent = unary();
    return arithmetic('^', base, exponent);
  }

  /** A value, with {@code ++} or {@code --} before or behind it. */
  private AwkExpression changed() {
    if (tokens.is("++") || tokens.is("--")) {
      double step = tokens.next().text().equals("++") ? 1 : -1;
      if (!(primary() instanceof AwkExpression.Target target)) {
        throw AwkFailure.syntax(tokens.peek().text());
      }
      return assignment(target, "+=", running -> step);
    }
    AwkExpression value = primary();
    if (value instanceof AwkExpression.Target target && (tokens.is("++") || tokens.is("--"))) {
      double step = tokens.next().text().equals("++") ? 1 : -1;
      return running -> {
        double before = AwkValues.number(target.value(running));
        target.set(running, before + step);
        return before;
      };
    }
    return value;
  }

  private AwkExpression primary() {
    Token token = tokens.next();
    switch (token.kind()) {
      case NUMBER -> {
        Double number = Double.valueOf(token.text());
        return running -> number;
      }
      case STRING -> {
        return running -> token.text();
      }
      case PATTERN -> {
        return new AwkExpression.Pattern(token.text());
      }
      case CALL, NAME -> {
        return named(token);
      }
      default -> {
        if (token.is("$")) {
          return new AwkExpression.Field(tokens.is("++") || tokens.is("--") ? changed() : signed());
        }
        if (token.is("(")) {
          return parenthesized();
        }
        throw AwkFailure.syntax(token.text());
      }
    }
  }

  /** What stands behind a dollar sign: a value, perhaps with a sign. */
  private AwkExpression signed() {
    if (tokens.take("-")) {
      AwkExpression of = primary();
      return running -> -AwkValues.number(of.value(running));
    }
    return primary();
  }

  private AwkExpression parenthesized() {
    boolean redirected = greaterRedirects;
    boolean ended = inEnds;
    greaterRedirects = false;
    inEnds = false;
    List<AwkExpression> values = list(")");
    greaterRedirects = redirected;
    inEnds = ended;
    if (values.size() == 1) {
      return values.get(0);
    }
    if (values.isEmpty() || !tokens.is("in")) {
      throw AwkFailure.syntax(tokens.peek().text());
    }
    return key(values);
  }

  /** The key of an element: several values with SUBSEP between them. */
  private static AwkExpression key(List<AwkExpression> values) {
    if (values.size() == 1) {
      return values.get(0);
    }
    return running -> {
      List<String> parts = new ArrayList<>();
      values.forEach(value -> parts.add(running.text(value.value(running))));
      return String.join(running.text("SUBSEP"), parts);
    };
  }

  private AwkExpression named(Token token) {
    String name = token.text();
    if (AwkFunctions.isFunction(name)) {
      return AwkFunctions.call(name, tokens.is("(") ? arguments() : List.of());
    }
    if (name.equals("system") || name.equals("close") || name.equals("fflush")) {
      throw new AwkFailure("function " + name + " is not known here");
    }
    if (token.kind() == Kind.CALL) {
      AwkFunction function = function(name);
      List<AwkExpression> arguments = arguments();
      return running -> {
        running.step();
        return function.call(running, arguments);
      };
    }
    return tokens.take("[") ? element(name) : variable(name);
  }

  AwkExpression.Element element(String array) {
    boolean redirected = greaterRedirects;
    greaterRedirects = false;
    List<AwkExpression> keys = list("]");
    greaterRedirects = redirected;
    if (keys.isEmpty()) {
      throw AwkFailure.syntax("]");
    }
    return new AwkExpression.Element(variable(array), key(keys));
  }

  private List<AwkExpression> arguments() {
    boolean redirected = greaterRedirects;
    greaterRedirects = false;
    tokens.expect("(");
    List<AwkExpression> values = list(")");
    greaterRedirects = redirected;
    return values;
  }
}
