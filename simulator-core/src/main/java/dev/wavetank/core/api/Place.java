package dev.wavetank.core.api;

/**
 * A place in a file that a user wrote.
 *
 * @param file as the user named it
 * @param line from 1
 * @param column from 1, in characters
 */
public record Place(String file, int line, int column) {

  /** {@code web.yaml:3:5}. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
