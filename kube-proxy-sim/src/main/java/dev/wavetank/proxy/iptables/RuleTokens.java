package dev.wavetank.proxy.iptables;

import java.util.ArrayList;
import java.util.List;

/** The words of a line of rule text; a quoted text is one word. */
final class RuleTokens {

  private final List<String> words = new ArrayList<>();
  private int next;

  RuleTokens(String line) {
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        any = true;
      } else if (c == ' ' && !quoted) {
        if (any) {
          words.add(word.toString());
          word.setLength(0);
          any = false;
        }
      } else {
        word.append(c);
        any = true;
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quote is not closed");
    }
    if (any) {
      words.add(word.toString());
    }
  }

  boolean hasNext() {
    return next < words.size();
  }

  String next() {
    if (!hasNext()) {
      throw new IllegalArgumentException("the line ends too early");
    }
    return words.get(next++);
  }

  int number() {
    return Integer.parseInt(next());
  }

  /** Takes the next word if it is this one. */
  boolean take(String word) {
    if (hasNext() && words.get(next).equals(word)) {
      next++;
      return true;
    }
    return false;
  }

  void expect(String word) {
    if (!take(word)) {
      throw new IllegalArgumentException("expected " + word);
    }
  }
}
