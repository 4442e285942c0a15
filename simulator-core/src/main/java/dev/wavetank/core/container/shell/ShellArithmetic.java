package dev.wavetank.core.container.shell;

import java.util.List;

/**
 * Whole-number expressions of a shell, as in C: 64 bits, with assignments to variables. Whether an
 * operand counts or is only passed over is told to every rule, since {@code &&}, {@code ||} and
 * {@code ?:} do not evaluate all of theirs.
 */
final class ShellArithmetic {

  /** The expression is none, or cannot be computed. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  private static final int DEPTH_MAX = 100;
  private static final List<String> ASSIGNMENTS =
      List.of("=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^=");

  /** Operators of two operands by how tightly they bind, the loosest first. */
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("|"),
          List.of("^"),
          List.of("&"),
          List.of("==", "!="),
          List.of("<=", ">=", "<", ">"),
          List.of("<<", ">>"),
          List.of("+", "-"),
          List.of("*", "/", "%"));

  private final String text;
  private final ShellVariables variables;
  private final int depth;
  private int at;
  private int nesting;

  private ShellArithmetic(String text, ShellVariables variables, int depth) {
    this.text = text;
    this.variables = variables;
    this.depth = depth;
  }

  static long evaluate(String text, ShellVariables variables) throws Failure {
    return new ShellArithmetic(text, variables, 0).whole();
  }

  private static Failure syntax() {
    return new Failure("arithmetic syntax error");
  }

  private long whole() throws Failure {
    if (text.isBlank()) {
      return 0;
    }
    long value = assignment(true);
    skipBlanks();
    if (at < text.length()) {
      throw syntax();
    }
    return value;
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  /** Takes an operator, unless a longer one stands there. */
  private boolean take(String operator) {
    skipBlanks();
    if (!text.startsWith(operator, at)) {
      return false;
    }
    String rest = text.substring(at + operator.length());
    boolean longer =
        switch (operator) {
          case "|", "&" -> rest.startsWith(operator) || rest.startsWith("=");
          case "<", ">" -> rest.startsWith(operator) || rest.startsWith("=");
          case "=", "!" -> rest.startsWith("=");
          case "^", "+", "-", "*", "/", "%", "<<", ">>" -> rest.startsWith("=");
          default -> false;
        };
    if (longer) {
      return false;
    }
    at += operator.length();
    return true;
  }

  private long assignment(boolean counts) throws Failure {
    skipBlanks();
    int start = at;
    String name = name();
    if (!name.isEmpty()) {
      for (String operator : ASSIGNMENTS) {
        if (take(operator)) {
          long operand = assignment(counts);
          if (!counts) {
            return 0;
          }
          String binary = operator.substring(0, operator.length() - 1);
          long value = binary.isEmpty() ? operand : apply(binary, variable(name), operand, true);
          variables.set(name, Long.toString(value));
          return value;
        }
      }
      at = start;
    }
    return choice(counts);
  }

  private String name() {
    int start = at;
    while (at < text.length() && ShellLexer.isName(text.substring(start, at + 1))) {
      at++;
    }
    return text.substring(start, at);
  }

  private long choice(boolean counts) throws Failure {
    long condition = or(counts);
    if (!take("?")) {
      return condition;
    }
    long yes = assignment(counts && condition != 0);
    if (!take(":")) {
      throw syntax();
    }
    long no = choice(counts && condition == 0);
    return condition != 0 ? yes : no;
  }

  private long or(boolean counts) throws Failure {
    long value = and(counts);
    while (take("||")) {
      long right = and(counts && value == 0);
      value = value != 0 || right != 0 ? 1 : 0;
    }
    return value;
  }

  private long and(boolean counts) throws Failure {
    long value = binary(0, counts);
    while (take("&&")) {
      long right = binary(0, counts && value != 0);
      value = value != 0 && right != 0 ? 1 : 0;
    }
    return value;
  }

  private long binary(int level, boolean counts) throws Failure {
    if (level == LEVELS.size()) {
      return unary(counts);
    }
    long value = binary(level + 1, counts);
    boolean found = true;
    while (found) {
      found = false;
      for (String operator : LEVELS.get(level)) {
        if (take(operator)) {
          value = apply(operator, value, binary(level + 1, counts), counts);
          found = true;
          break;
        }
      }
    }
    return value;
  }

  private static long apply(String operator, long left, long right, boolean counts) throws Failure {
    if ((operator.equals("/") || operator.equals("%")) && right == 0) {
      if (counts) {
        throw new Failure("divide by zero");
      }
      return 0;
    }
    return switch (operator) {
      case "|" -> left | right;
      case "^" -> left ^ right;
      case "&" -> left & right;
      case "==" -> left == right ? 1 : 0;
      case "!=" -> left != right ? 1 : 0;
      case "<=" -> left <= right ? 1 : 0;
      case ">=" -> left >= right ? 1 : 0;
      case "<" -> left < right ? 1 : 0;
      case ">" -> left > right ? 1 : 0;
      case "<<" -> left << right;
      case ">>" -> left >> right;
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      default -> left % right;
    };
  }

  private long unary(boolean counts) throws Failure {
    if (++nesting > DEPTH_MAX) {
      throw syntax();
    }
    try {
      if (take("!")) {
        return unary(counts) == 0 ? 1 : 0;
      }
      if (take("~")) {
        return ~unary(counts);
      }
      if (take("-")) {
        return -unary(counts);
      }
      if (take("+")) {
        return unary(counts);
      }
      if (take("(")) {
        long value = assignment(counts);
        if (!take(")")) {
          throw syntax();
        }
        return value;
      }
      return operand();
    } finally {
      nesting--;
    }
  }

  private long operand() throws Failure {
    skipBlanks();
    String name = name();
    if (!name.isEmpty()) {
      return variable(name);
    }
    int start = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    return number(text.substring(start, at));
  }

  private static long number(String digits) throws Failure {
    try {
      return Long.decode(digits);
    } catch (NumberFormatException e) {
      throw syntax();
    }
  }

  /** The value of a variable, which may be an expression again; 0 when it is not set. */
  private long variable(String name) throws Failure {
    if (depth > DEPTH_MAX) {
      throw new Failure("expression recursion loop detected");
    }
    String value = variables.value(name);
    return value == null || value.isBlank()
        ? 0
        : new ShellArithmetic(value.trim(), variables, depth + 1).whole();
  }
}
