package dev.wavetank.core.container.program.file;

import dev.wavetank.core.container.filesystem.FileTree;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds the entries of an archive that comes in pieces. */
final class TarReader {

  /** Most bytes of an entry; the file systems of containers take no larger files. */
  private static final int CONTENT_MAX = 4 * FileTree.FILE_MAX;

  /** Takes the entries. */
  interface Entries {
    /**
     * One entry as a whole.
     *
     * @return why it ends the reading; empty when it goes on
     */
    String take(TarHeader header, byte[] content);
  }

  private final Entries entries;
  private final byte[] block = new byte[TarHeader.BLOCK];
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private int filled;
  private @Nullable TarHeader header;
  private String longName = "";
  private boolean over;

  TarReader(Entries entries) {
    this.entries = entries;
  }

  /**
   * Takes a piece.
   *
   * @return what is wrong; empty when nothing is
   */
  String add(byte[] piece) {
    int at = 0;
    while (at < piece.length && !over) {
      int more = Math.min(TarHeader.BLOCK - filled, piece.length - at);
      System.arraycopy(piece, at, block, filled, more);
      at += more;
      filled += more;
      if (filled == TarHeader.BLOCK) {
        filled = 0;
        String error = block();
        if (!error.isEmpty()) {
          over = true;
          return error;
        }
      }
    }
    return "";
  }

  /** Whether the archive stopped in the middle of an entry. */
  boolean cutShort() {
    return !over && (filled > 0 || header != null);
  }

  private String block() {
    TarHeader current = header;
    if (current == null) {
      return begin();
    }
    long left = current.size() - content.size();
    content.write(block, 0, (int) Math.min(left, TarHeader.BLOCK));
    return content.size() == current.size() ? end(current) : "";
  }

  private String begin() {
    if (empty()) {
      over = true;
      return "";
    }
    TarHeader next = TarHeader.of(block);
    if (next == null) {
      return "invalid tar magic";
    }
    if (next.size() > CONTENT_MAX) {
      return next.name() + ": File too large";
    }
    header = next;
    content.reset();
    return next.size() == 0 ? end(next) : "";
  }

  private boolean empty() {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private String end(TarHeader current) {
    header = null;
    switch (current.type()) {
      case TarHeader.EXTENDED -> longName = path(content.toString(StandardCharsets.UTF_8));
      case TarHeader.LONG_NAME ->
          longName = content.toString(StandardCharsets.UTF_8).replace("\0", "");
      case TarHeader.GLOBAL -> {}
      default -> {
        TarHeader named = longName.isEmpty() ? current : current.withName(longName);
        longName = "";
        return entries.take(named, content.toByteArray());
      }
    }
    return "";
  }

  /** The path among the records of an extended header, each {@code LENGTH NAME=VALUE}. */
  private static String path(String records) {
    for (String record : records.split("\n", -1)) {
      int value = record.indexOf(" path=");
      if (value > 0) {
        return record.substring(value + " path=".length());
      }
    }
    return "";
  }
}
