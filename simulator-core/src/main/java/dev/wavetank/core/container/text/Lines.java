package dev.wavetank.core.container.text;

import java.util.ArrayList;
import java.util.List;

/** The lines of a text. */
public final class Lines {

  private Lines() {}

  /** The lines without their ends; the last one need not have one. */
  public static List<String> of(String text) {
    List<String> lines = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      lines.add(text.substring(at, end < 0 ? text.length() : end));
      at = end < 0 ? text.length() : end + 1;
    }
    return lines;
  }
}
