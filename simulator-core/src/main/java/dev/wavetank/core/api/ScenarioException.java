package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/** A file of the user is wrong: says where, what was expected there, and the nearest valid word. */
public final class ScenarioException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final int column;

  /**
   * @param file as the user named it
   * @param line from 1
   * @param column from 1
   * @param problem what is wrong and what was expected
   */
  public ScenarioException(String file, int line, int column, String problem) {
    super(file + ":" + line + ":" + column + ": " + problem);
    this.file = file;
    this.line = line;
    this.column = column;
  }

  public String file() {
    return file;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }

  /** The valid word that differs least from a wrong one, or null when none is near. */
  public static @Nullable String nearest(String wrong, Iterable<String> valid) {
    String best = null;
    int bestDistance = Math.max(1, wrong.length() / 3) + 1;
    for (String word : valid) {
      int distance = distance(wrong, word);
      if (distance < bestDistance) {
        best = word;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Letters to insert, delete or replace. */
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
