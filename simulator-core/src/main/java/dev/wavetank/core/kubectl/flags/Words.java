package dev.wavetank.core.kubectl.flags;

import java.util.ArrayList;
import java.util.List;

/** Splits a command line into words as a POSIX shell does: blanks, quotes and backslashes. */
public final class Words {

  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;

  private Words(String line) {
    this.line = line;
  }

  /**
   * The words of a line; nothing is expanded, and operators of a shell are ordinary characters.
   *
   * @throws IllegalArgumentException when a quote is not closed
   */
  public static List<String> split(String line) {
    Words words = new Words(line);
    words.split();
    return words.words;
  }

  /** A word quoted, so that {@link #split} gives it back whatever is in it. */
  public static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private void split() {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (c) {
        case ' ', '\t', '\n' -> end();
        case '\'' -> i = singleQuoted(i + 1);
        case '"' -> i = doubleQuoted(i + 1);
        case '\\' -> {
          if (++i < line.length()) {
            escaped(line.charAt(i));
          }
        }
        default -> add(c);
      }
    }
    end();
  }

  private void add(char c) {
    inWord = true;
    word.append(c);
  }

  private void end() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }

  /** A backslash before a line break joins the lines. */
  private void escaped(char c) {
    if (c != '\n') {
      add(c);
    }
  }

  private int singleQuoted(int from) {
    int to = line.indexOf('\'', from);
    if (to < 0) {
      throw new IllegalArgumentException("unterminated ' at character " + from);
    }
    inWord = true;
    word.append(line, from, to);
    return to;
  }

  private int doubleQuoted(int from) {
    inWord = true;
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c == '\\' && i + 1 < line.length() && "\\\"$`\n".indexOf(line.charAt(i + 1)) >= 0) {
        escaped(line.charAt(++i));
      } else {
        word.append(c);
      }
    }
    throw new IllegalArgumentException("unterminated \" at character " + from);
  }
}
