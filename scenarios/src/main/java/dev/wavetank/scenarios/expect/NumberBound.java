package dev.wavetank.scenarios.expect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on a number as scenario files write it: {@code 2}, {@code ">= 1"}, {@code "< 3"},
 * {@code "!= 0"}.
 */
public record NumberBound(String operator, long limit) {

  private static final Pattern TEXT = Pattern.compile("(==|!=|>=|<=|>|<)?\\s*(-?\\d{1,18})");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when the text is no such condition; the message says what is
   *     expected
   */
  public static NumberBound parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a number such as 2, or a bound such as \">= 1\", not \"" + text + "\"");
    }
    String operator = matcher.group(1);
    return new NumberBound(operator == null ? "==" : operator, Long.parseLong(matcher.group(2)));
  }

  public boolean holds(long number) {
    return switch (operator) {
      case "!=" -> number != limit;
      case ">=" -> number >= limit;
      case "<=" -> number <= limit;
      case ">" -> number > limit;
      case "<" -> number < limit;
      default -> number == limit;
    };
  }

  /** {@code 2} or {@code >= 1}. */
  @Override
  public String toString() {
    return operator.equals("==") ? Long.toString(limit) : operator + " " + limit;
  }
}
