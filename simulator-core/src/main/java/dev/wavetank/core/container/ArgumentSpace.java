package dev.wavetank.core.container;

import dev.wavetank.core.container.text.ByteText;
import java.util.List;
import java.util.Map;

/**
 * How much Linux hands to a program: arguments and variables of 128 KiB each, and of a quarter of
 * the usual stack together.
 *
 * <p>Follows {@code MAX_ARG_STRLEN} of include/uapi/linux/binfmts.h, and fs/exec.c.
 */
public final class ArgumentSpace {

  static final int STRING_MAX = 128 << 10;
  static final int ALL_MAX = 2 << 20;

  private static final int POINTER = 8;

  private ArgumentSpace() {}

  /** Whether there is no room for them: the kernel says E2BIG. */
  public static boolean exceeded(List<String> argv, Map<String, String> env) {
    return !plentiful(argv, env) && measured(argv, env);
  }

  /** Whether there is room, however many bytes the characters have. */
  private static boolean plentiful(List<String> argv, Map<String, String> env) {
    long most = 0;
    for (String word : argv) {
      most += POINTER + 1 + 3L * word.length();
    }
    for (Map.Entry<String, String> variable : env.entrySet()) {
      most += POINTER + 2 + 3L * (variable.getKey().length() + variable.getValue().length());
    }
    return most < STRING_MAX;
  }

  private static boolean measured(List<String> argv, Map<String, String> env) {
    long all = 0;
    for (String word : argv) {
      int bytes = bytes(word);
      if (bytes > STRING_MAX) {
        return true;
      }
      all += bytes + POINTER;
    }
    for (Map.Entry<String, String> variable : env.entrySet()) {
      int bytes = bytes(variable.getKey()) + bytes(variable.getValue());
      if (bytes > STRING_MAX) {
        return true;
      }
      all += bytes + POINTER;
    }
    return all > ALL_MAX;
  }

  /** Bytes of a text with the one that ends it. */
  private static int bytes(String text) {
    return ByteText.bytes(text).length + 1;
  }
}
