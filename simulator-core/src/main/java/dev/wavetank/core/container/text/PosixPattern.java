package dev.wavetank.core.container.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions of POSIX, basic and extended, with the extensions of GNU. */
public final class PosixPattern {

  /** Characters that may be looked at in one match; a pattern that needs more does not fit. */
  private static final int LOOKS_MAX = 2_000_000;

  /** A text that may be looked at so many times only. */
  private static final class Bounded implements CharSequence {
    private final String text;
    private int looks;

    Bounded(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++looks > LOOKS_MAX) {
        throw new IllegalStateException("too many steps");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final Pattern pattern;

  private PosixPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Reads an expression.
   *
   * @throws PatternSyntaxException when it is none
   */
  public static PosixPattern of(String expression, boolean extended, boolean ignoresCase) {
    String java = extended ? extended(expression) : basic(expression);
    return new PosixPattern(Pattern.compile(java, ignoresCase ? Pattern.CASE_INSENSITIVE : 0));
  }

  /** The text that stands for itself. */
  public static PosixPattern literal(String text, boolean ignoresCase) {
    int flags = ignoresCase ? Pattern.CASE_INSENSITIVE : 0;
    return new PosixPattern(Pattern.compile(text, flags | Pattern.LITERAL));
  }

  /** A matcher over a text, for {@link #find(Matcher)}. */
  public Matcher matcher(String text) {
    return pattern.matcher(new Bounded(text));
  }

  /** Finds the next match; false, too, when that would take too long. */
  public static boolean find(Matcher matcher) {
    try {
      return matcher.find();
    } catch (IllegalStateException | StackOverflowError e) {
      return false;
    }
  }

  /** Whether it fits any part of the text. */
  public boolean find(String text) {
    return find(matcher(text));
  }

  /** Whether it fits the text as a whole. */
  public boolean matches(String text) {
    try {
      return matcher(text).matches();
    } catch (IllegalStateException | StackOverflowError e) {
      return false;
    }
  }

  private static String basic(String expression) {
    StringBuilder java = new StringBuilder();
    int i = 0;
    while (i < expression.length()) {
      char c = expression.charAt(i);
      boolean starts =
          java.length() == 0
              || java.charAt(java.length() - 1) == '('
              || java.toString().equals("^");
      if (c == '[') {
        i = bracket(expression, i, java);
        continue;
      }
      if (c == '\\' && i + 1 < expression.length()) {
        char escaped = expression.charAt(++i);
        if ("(){}|+?".indexOf(escaped) >= 0) {
          java.append(escaped);
        } else {
          escape(escaped, java);
        }
      } else if ("(){}|+?".indexOf(c) >= 0 || (c == '*' && starts)) {
        java.append('\\').append(c);
      } else if (c == '$' && i + 1 < expression.length() && !expression.startsWith("\\)", i + 1)) {
        java.append("\\$");
      } else if (c == '^' && !starts) {
        java.append("\\^");
      } else {
        java.append(c);
      }
      i++;
    }
    return java.toString();
  }

  private static String extended(String expression) {
    StringBuilder java = new StringBuilder();
    int i = 0;
    while (i < expression.length()) {
      char c = expression.charAt(i);
      if (c == '[') {
        i = bracket(expression, i, java);
        continue;
      }
      if (c == '\\' && i + 1 < expression.length()) {
        escape(expression.charAt(++i), java);
      } else if (c == '{' && !expression.substring(i).matches("(?s)\\{\\d{1,4}(,\\d{0,4})?}.*")) {
        java.append("\\{");
      } else {
        java.append(c);
      }
      i++;
    }
    return java.toString();
  }

  private static void escape(char escaped, StringBuilder java) {
    switch (escaped) {
      case '<', '>' -> java.append("\\b");
      case 'b', 'B', 'w', 'W', 's', 'S', 'n', 't', 'd', 'D' -> java.append('\\').append(escaped);
      default -> {
        boolean group = escaped >= '1' && escaped <= '9';
        java.append(group || !Character.isLetterOrDigit(escaped) ? "\\" : "").append(escaped);
      }
    }
  }

  /** Copies a set of characters; where it ends. */
  private static int bracket(String expression, int open, StringBuilder java) {
    int i = open + 1;
    java.append('[');
    if (i < expression.length() && expression.charAt(i) == '^') {
      java.append('^');
      i++;
    }
    boolean first = true;
    while (i < expression.length() && (first || expression.charAt(i) != ']')) {
      char c = expression.charAt(i);
      int close = expression.startsWith("[:", i) ? expression.indexOf(":]", i) : -1;
      if (close > 0) {
        java.append(named(expression.substring(i + 2, close)));
        i = close + 2;
      } else {
        java.append("[]\\&^".indexOf(c) >= 0 ? "\\" : "").append(c);
        i++;
      }
      first = false;
    }
    if (i >= expression.length()) {
      throw new PatternSyntaxException("Unmatched [", expression, open);
    }
    java.append(']');
    return i + 1;
  }

  private static String named(String name) {
    return switch (name) {
      case "alpha" -> "\\p{Alpha}";
      case "digit" -> "0-9";
      case "alnum" -> "\\p{Alnum}";
      case "upper" -> "A-Z";
      case "lower" -> "a-z";
      case "space" -> "\\s";
      case "blank" -> " \\t";
      case "punct" -> "\\p{Punct}";
      case "xdigit" -> "0-9A-Fa-f";
      case "print" -> "\\p{Print}";
      case "cntrl" -> "\\p{Cntrl}";
      default -> throw new PatternSyntaxException("Invalid character class name", name, 0);
    };
  }
}
