package dev.wavetank.core.container.text;

/**
 * Patterns of a shell: {@code *}, {@code ?}, {@code [a-z]}, {@code [!x]}; a backslash takes the
 * meaning of the next character away.
 */
public final class ShellPattern {

  private static final String SPECIAL = "*?[\\";

  private ShellPattern() {}

  /** The pattern of a text that stands for itself. */
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (SPECIAL.indexOf(text.charAt(i)) >= 0) {
        quoted.append('\\');
      }
      quoted.append(text.charAt(i));
    }
    return quoted.toString();
  }

  /** Whether a pattern fits a text as a whole. */
  public static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      int next =
          p < pattern.length() && pattern.charAt(p) != '*' ? one(pattern, p, text.charAt(t)) : -1;
      if (next >= 0) {
        p = next;
        t++;
      } else if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Where the pattern goes on when its next element fits a character; -1 when it does not. */
  private static int one(String pattern, int at, char c) {
    char element = pattern.charAt(at);
    if (element == '?') {
      return at + 1;
    }
    if (element == '\\' && at + 1 < pattern.length()) {
      return pattern.charAt(at + 1) == c ? at + 2 : -1;
    }
    if (element == '[') {
      int close = close(pattern, at);
      if (close > 0) {
        return inSet(pattern, at + 1, close, c) ? close + 1 : -1;
      }
    }
    return element == c ? at + 1 : -1;
  }

  /** Where a set ends; -1 when the bracket is an ordinary character. */
  private static int close(String pattern, int open) {
    int i = open + 1;
    if (i < pattern.length() && (pattern.charAt(i) == '!' || pattern.charAt(i) == '^')) {
      i++;
    }
    return pattern.indexOf(']', i + 1);
  }

  private static boolean inSet(String pattern, int from, int close, char c) {
    boolean negated = pattern.charAt(from) == '!' || pattern.charAt(from) == '^';
    int i = negated ? from + 1 : from;
    boolean found = false;
    while (i < close) {
      if (pattern.charAt(i) == '\\' && i + 1 < close) {
        i++;
      }
      char low = pattern.charAt(i);
      if (i + 2 < close && pattern.charAt(i + 1) == '-') {
        found |= low <= c && c <= pattern.charAt(i + 2);
        i += 3;
      } else {
        found |= low == c;
        i++;
      }
    }
    return found != negated;
  }

  /** Whether a pattern has an element that is more than one character. */
  public static boolean special(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '*' || c == '?' || (c == '[' && close(pattern, i) > 0)) {
        return true;
      }
    }
    return false;
  }

  /** The text without its shortest or longest beginning that fits. */
  public static String withoutPrefix(String text, String pattern, boolean longest) {
    for (int i = 0; i <= text.length(); i++) {
      int end = longest ? text.length() - i : i;
      if (matches(pattern, text.substring(0, end))) {
        return text.substring(end);
      }
    }
    return text;
  }

  /** The text without its shortest or longest end that fits. */
  public static String withoutSuffix(String text, String pattern, boolean longest) {
    for (int i = 0; i <= text.length(); i++) {
      int start = longest ? i : text.length() - i;
      if (matches(pattern, text.substring(start))) {
        return text.substring(0, start);
      }
    }
    return text;
  }
}
