package dev.wavetank.core.kubectl;

import dev.wavetank.core.kubectl.flags.FlagSet;

/** The flags {@code -f} and {@code -R}. */
final class FileFlags {

  private FileFlags() {}

  static void addTo(FlagSet flags) {
    flags
        .strings("filename", "f", "File or directory of objects; - for standard input")
        .bool("recursive", "R", false, "Directories with what is below them");
  }
}
