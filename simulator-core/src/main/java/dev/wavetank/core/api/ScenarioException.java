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
    return NearestWord.find(wrong, valid);
  }
}
