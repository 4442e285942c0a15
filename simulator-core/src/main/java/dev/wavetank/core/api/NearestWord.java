package dev.wavetank.core.api;

import com.google.common.base.Ascii;
import org.jspecify.annotations.Nullable;

/** Finds the valid word that somebody most likely meant. */
public final class NearestWord {

  private static final int WORD_MAX = 100;

  private NearestWord() {}

  /**
   * The candidate with the smallest edit distance, letter case aside; null when none is within a
   * third of the word's length. The first of several equally near ones wins.
   */
  public static @Nullable String find(String word, Iterable<String> candidates) {
    if (word.isEmpty() || word.length() > WORD_MAX) {
      return null;
    }
    String lower = Ascii.toLowerCase(word);
    int limit = Math.max(1, word.length() / 3);
    String nearest = null;
    for (String candidate : candidates) {
      if (candidate.length() <= WORD_MAX) {
        int distance = distance(lower, Ascii.toLowerCase(candidate), limit);
        if (distance <= limit && !candidate.equals(word)) {
          nearest = candidate;
          limit = distance - 1;
        }
      }
    }
    return nearest;
  }

  /** {@code ; did you mean "x"?}, or nothing when no candidate is near. */
  public static String hint(String word, Iterable<String> candidates) {
    String nearest = find(word, candidates);
    return nearest == null ? "" : "; did you mean " + GoQuote.quote(nearest) + "?";
  }

  /** Insertions, deletions, replacements and swaps of neighbours; above the limit any number. */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) > limit) {
      return limit + 1;
    }
    int[] before = new int[b.length() + 1];
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
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return last[b.length()];
  }
}
