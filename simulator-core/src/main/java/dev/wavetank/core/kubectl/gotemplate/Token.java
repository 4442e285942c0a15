package dev.wavetank.core.kubectl.gotemplate;

import java.util.ArrayList;
import java.util.List;

/**
 * A word of an action.
 *
 * @param text the word; of a quoted one what is inside the quotes
 * @param quoted whether it is a text in quotes
 * @param glued whether no blank stands before it
 */
record Token(String text, boolean quoted, boolean glued) {

  boolean is(String word) {
    return !quoted && text.equals(word);
  }

  boolean isOperator(String one, String other) {
    return is(one) || is(other);
  }

  /** The words of an action. */
  static List<Token> all(String action) {
    List<Token> tokens = new ArrayList<>();
    boolean blank = true;
    for (int i = 0; i < action.length(); ) {
      char c = action.charAt(i);
      if (Character.isWhitespace(c)) {
        blank = true;
        i++;
        continue;
      }
      int end = end(action, i);
      String word = action.substring(i, end);
      boolean quoted = c == '"' || c == '`';
      tokens.add(new Token(quoted ? unquoted(word) : word, quoted, !blank));
      blank = false;
      i = end;
    }
    return tokens;
  }

  private static int end(String action, int from) {
    char c = action.charAt(from);
    if (c == '"' || c == '`') {
      for (int i = from + 1; i < action.length(); i++) {
        char here = action.charAt(i);
        if (here == '\\' && c == '"') {
          i++;
        } else if (here == c) {
          return i + 1;
        }
      }
      throw new TemplateException("unterminated quoted string");
    }
    if (action.startsWith(":=", from)) {
      return from + 2;
    }
    if ("()|,=".indexOf(c) >= 0) {
      return from + 1;
    }
    int i = from + 1;
    while (i < action.length() && isWord(action.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '$' || c == '-';
  }

  private static String unquoted(String word) {
    String inside = word.substring(1, word.length() - 1);
    if (word.charAt(0) == '`') {
      return inside;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < inside.length(); i++) {
      char c = inside.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      int at = i + 1 < inside.length() ? "abfnrtv\\'\"".indexOf(inside.charAt(++i)) : -1;
      if (at < 0) {
        throw new TemplateException("invalid syntax in " + word);
      }
      out.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(at));
    }
    return out.toString();
  }
}
