package dev.wavetank.core.kubectl;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/**
 * The commands that somebody may have meant by a word that is none.
 *
 * <p>Follows SuggestionsFor of github.com/spf13/cobra command.go.
 */
final class Suggestions {

  private static final int DISTANCE_MAX = 2;
  private static final int WORD_MAX = 100;

  /** Words of other programs. */
  private static final ImmutableMap<String, String> OTHER_WORDS =
      ImmutableMap.of(
          "list",
          "get",
          "ls",
          "get",
          "inspect",
          "describe",
          "rm",
          "delete",
          "remove",
          "delete",
          "stats",
          "top");

  private Suggestions() {}

  static ImmutableList<String> of(String word, ImmutableList<Command> commands) {
    ImmutableList.Builder<String> near = ImmutableList.builder();
    String lower = Ascii.toLowerCase(word);
    for (Command command : commands) {
      String name = command.name();
      if (distance(lower, name) <= DISTANCE_MAX
          || name.startsWith(lower)
          || name.equals(OTHER_WORDS.get(lower))) {
        near.add(name);
      }
    }
    return near.build();
  }

  private static int distance(String a, String b) {
    if (a.length() > WORD_MAX) {
      return a.length();
    }
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
      }
      last = row;
    }
    return last[b.length()];
  }
}
