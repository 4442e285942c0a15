package dev.wavetank.core.api;

import java.util.Comparator;

/**
 * The order of keys in YAML that kubectl prints: other signs before letters, and numbers in texts
 * by their value.
 *
 * <p>Follows go.yaml.in/yaml/v2 sorter.go.
 */
final class NaturalOrder implements Comparator<String> {

  static final NaturalOrder KEYS = new NaturalOrder();

  private NaturalOrder() {}

  @Override
  public int compare(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return differing(a, b, i);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int differing(String a, String b, int at) {
    char x = a.charAt(at);
    char y = b.charAt(at);
    boolean letterX = Character.isLetter(x);
    boolean letterY = Character.isLetter(y);
    if (letterX || letterY) {
      return letterX && letterY ? Character.compare(x, y) : letterY ? -1 : 1;
    }
    boolean insideNumber = (x == '0' || y == '0') && followsNumber(a, at);
    int endX = digitsEnd(a, at);
    int endY = digitsEnd(b, at);
    int byValue =
        Long.compare(number(a, at, endX, insideNumber), number(b, at, endY, insideNumber));
    if (byValue != 0) {
      return byValue;
    }
    return endX != endY ? Integer.compare(endX, endY) : Character.compare(x, y);
  }

  /** Whether digits other than zero stand right before. */
  private static boolean followsNumber(String text, int at) {
    for (int j = at - 1; j >= 0 && Character.isDigit(text.charAt(j)); j--) {
      if (text.charAt(j) != '0') {
        return true;
      }
    }
    return false;
  }

  private static int digitsEnd(String text, int from) {
    int end = from;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static long number(String text, int from, int to, boolean insideNumber) {
    long number = insideNumber ? 1 : 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + (text.charAt(i) - '0');
    }
    return number;
  }
}
