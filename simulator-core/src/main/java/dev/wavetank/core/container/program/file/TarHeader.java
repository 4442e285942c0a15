package dev.wavetank.core.container.program.file;

import dev.wavetank.core.container.text.ByteText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The header of one entry of an archive, as POSIX's ustar has it.
 *
 * @param name with a slash at the end for a directory
 * @param type a character
 * @param mode permission bits
 * @param size bytes of content that follow
 * @param modifiedSeconds since 1970
 */
record TarHeader(String name, char type, int mode, long size, long modifiedSeconds) {

  static final int BLOCK = 512;
  static final char FILE = '0';
  static final char DIRECTORY = '5';

  /** Headers of those types describe the entry that follows. */
  static final char EXTENDED = 'x';

  static final char GLOBAL = 'g';
  static final char LONG_NAME = 'L';

  private static final int NAME = 100;
  private static final int PREFIX = 155;
  private static final int CHECKSUM_AT = 148;

  TarHeader withName(String other) {
    return new TarHeader(other, type, mode, size, modifiedSeconds);
  }

  /** The block; a name that is too long for it is cut off. */
  byte[] bytes() {
    byte[] block = new byte[BLOCK];
    byte[] whole = ByteText.bytes(name);
    int cut = 0;
    if (whole.length > NAME) {
      for (int i = Math.max(1, whole.length - NAME - 1); i < whole.length && i <= PREFIX; i++) {
        if (whole[i] == '/') {
          cut = i;
          break;
        }
      }
    }
    int from = cut == 0 ? 0 : cut + 1;
    System.arraycopy(whole, from, block, 0, Math.min(whole.length - from, NAME));
    put(block, 100, octal(mode, 7));
    put(block, 108, octal(0, 7));
    put(block, 116, octal(0, 7));
    put(block, 124, octal(size, 11));
    put(block, 136, octal(modifiedSeconds, 11));
    block[156] = (byte) type;
    put(block, 257, "ustar\00000");
    put(block, 265, "root");
    put(block, 297, "root");
    System.arraycopy(whole, 0, block, 345, cut);
    put(block, CHECKSUM_AT, octal(checksum(block), 6) + "\0 ");
    return block;
  }

  private static String octal(long value, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "o", value);
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static int checksum(byte[] block) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + 8;
      sum += own ? ' ' : block[i] & 0xFF;
    }
    return sum;
  }

  /** The header in a block; null when it is none. */
  static @Nullable TarHeader of(byte[] block) {
    long mode = number(block, 100, 8);
    long size = number(block, 124, 12);
    long modified = number(block, 136, 12);
    if (number(block, CHECKSUM_AT, 8) != checksum(block) || mode < 0 || size < 0) {
      return null;
    }
    String name = text(block, 0, NAME);
    boolean posix = text(block, 257, 6).startsWith("ustar");
    String prefix = posix ? text(block, 345, PREFIX) : "";
    char type = block[156] == 0 ? FILE : (char) block[156];
    return new TarHeader(
        prefix.isEmpty() ? name : prefix + "/" + name, type, (int) mode & 07777, size, modified);
  }

  private static String text(byte[] block, int from, int length) {
    int end = from;
    while (end < from + length && block[end] != 0) {
      end++;
    }
    return ByteText.text(Arrays.copyOfRange(block, from, end));
  }

  private static long number(byte[] block, int from, int length) {
    String digits = text(block, from, length).trim();
    if (digits.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
