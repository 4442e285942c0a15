package dev.wavetank.core.container.program.system;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.text.PosixPattern;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.PatternSyntaxException;

/** The program {@code expr}. */
final class Expr {

  private static final int DEPTH_MAX = 100;

  /** The expression is none, or has no value. */
  private static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  private final List<String> words;
  private int next;
  private int nested;

  private Expr(List<String> words) {
    this.words = words;
  }

  static void run(ProgramContext context) {
    Expr expr = new Expr(context.arguments());
    try {
      String value = expr.or();
      if (expr.next < expr.words.size()) {
        throw new Failure("syntax error");
      }
      context.out(value + "\n");
      context.exit(isNull(value) ? 1 : 0);
    } catch (Failure e) {
      context.err("expr: " + e.getMessage() + "\n");
      context.exit(2);
    }
  }

  private static boolean isNull(String value) {
    return value.isEmpty() || value.matches("-?0+");
  }

  private String peek() {
    return next < words.size() ? words.get(next) : "";
  }

  private boolean take(String word) {
    boolean found = next < words.size() && words.get(next).equals(word);
    next += found ? 1 : 0;
    return found;
  }

  private String or() throws Failure {
    String left = and();
    while (take("|")) {
      String right = and();
      left = !isNull(left) ? left : isNull(right) ? "0" : right;
    }
    return left;
  }

  private String and() throws Failure {
    String left = comparison();
    while (take("&")) {
      String right = comparison();
      left = isNull(left) || isNull(right) ? "0" : left;
    }
    return left;
  }

  private String comparison() throws Failure {
    String left = sum();
    while (peek().matches("=|==|!=|<|<=|>|>=")) {
      String operator = words.get(next++);
      String right = sum();
      int order =
          isNumber(left) && isNumber(right)
              ? Long.compare(number(left), number(right))
              : left.compareTo(right);
      boolean holds =
          switch (operator) {
            case "=", "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
          };
      left = holds ? "1" : "0";
    }
    return left;
  }

  private String sum() throws Failure {
    String left = product();
    while (peek().equals("+") || peek().equals("-")) {
      boolean adds = words.get(next++).equals("+");
      long right = number(product());
      left = Long.toString(adds ? number(left) + right : number(left) - right);
    }
    return left;
  }

  private String product() throws Failure {
    String left = match();
    while (peek().equals("*") || peek().equals("/") || peek().equals("%")) {
      String operator = words.get(next++);
      long right = number(match());
      if (right == 0 && !operator.equals("*")) {
        throw new Failure("division by zero");
      }
      long value = number(left);
      left =
          Long.toString(
              operator.equals("*")
                  ? value * right
                  : operator.equals("/") ? value / right : value % right);
    }
    return left;
  }

  private String match() throws Failure {
    String left = primary();
    while (take(":")) {
      left = matched(left, primary());
    }
    return left;
  }

  /** The first group of what matches at the beginning, or how long that is. */
  private static String matched(String text, String pattern) throws Failure {
    Matcher matcher;
    try {
      String anchored = pattern.startsWith("^") ? pattern : "^" + pattern;
      matcher = PosixPattern.of(anchored, false, false).matcher(text);
    } catch (PatternSyntaxException e) {
      throw new Failure("invalid regular expression");
    }
    boolean found = PosixPattern.find(matcher);
    if (matcher.groupCount() > 0) {
      String group = found ? matcher.group(1) : null;
      return group == null ? "" : group;
    }
    return String.valueOf(found ? matcher.end() : 0);
  }

  private String primary() throws Failure {
    if (next >= words.size() || ++nested > DEPTH_MAX) {
      throw new Failure(next >= words.size() ? "syntax error" : "too many parentheses");
    }
    String value = operand();
    nested--;
    return value;
  }

  private String operand() throws Failure {
    String word = words.get(next++);
    int left = words.size() - next;
    switch (word) {
      case "(":
        return inParentheses();
      case "length":
        if (left >= 1) {
          String text = primary();
          return String.valueOf(text.codePointCount(0, text.length()));
        }
        return word;
      case "substr":
        if (left >= 3) {
          String text = primary();
          long from = number(primary());
          long count = number(primary());
          boolean empty = from < 1 || count < 1 || from > text.length();
          int start = empty ? 0 : (int) from - 1;
          return empty ? "" : text.substring(start, (int) Math.min(text.length(), start + count));
        }
        return word;
      case "index":
        if (left >= 2) {
          String text = primary();
          String letters = primary();
          int at = 0;
          while (at < text.length() && letters.indexOf(text.charAt(at)) < 0) {
            at++;
          }
          return String.valueOf(at < text.length() ? at + 1 : 0);
        }
        return word;
      case "match":
        return left >= 2 ? matched(primary(), primary()) : word;
      default:
        return word;
    }
  }

  private String inParentheses() throws Failure {
    String value = or();
    if (!take(")")) {
      throw new Failure("syntax error");
    }
    return value;
  }

  private static boolean isNumber(String word) {
    return word.matches("-?\\d{1,18}");
  }

  private static long number(String word) throws Failure {
    if (!isNumber(word)) {
      throw new Failure("non-integer argument");
    }
    return Long.parseLong(word);
  }
}
