package dev.wavetank.core.container.filesystem;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths of files in a container. */
public final class FilePaths {

  private FilePaths() {}

  /** The path in the container of an absolute path that a process with that root directory uses. */
  public static String under(String root, String path) {
    return root.equals("/") ? path : path.equals("/") ? root : root + path;
  }

  /** The absolute path without {@code .} and {@code ..}, and without a slash at its end. */
  public static String resolve(String directory, String name) {
    Deque<String> parts = new ArrayDeque<>();
    String whole = name.startsWith("/") ? name : directory + "/" + name;
    int from = 0;
    while (from <= whole.length()) {
      int slash = whole.indexOf('/', from);
      int to = slash < 0 ? whole.length() : slash;
      String part = whole.substring(from, to);
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
      from = to + 1;
    }
    return "/" + String.join("/", parts);
  }
}
