package dev.wavetank.core.container.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes as the text that programs work on, without loss: UTF-8 where they are, and each byte that
 * is not as one of the characters U+DC80 to U+DCFF, which UTF-8 does not have.
 */
public final class ByteText {

  private static final char ESCAPE = '\uDC00';

  private ByteText() {}

  /** Whole bytes as a text. */
  public static String text(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length);
    int at = append(bytes, bytes.length, out);
    escape(bytes, at, bytes.length, out);
    return out.toString();
  }

  /** The bytes of a text; those that {@link #text} was given, when it comes from there. */
  public static byte[] bytes(String text) {
    int clean = 0;
    while (clean < text.length() && !escaped(text, clean)) {
      clean += Character.isHighSurrogate(text.charAt(clean)) ? 2 : 1;
    }
    if (clean >= text.length()) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 16);
    int from = 0;
    for (int at = clean; at < text.length(); ) {
      if (escaped(text, at)) {
        out.writeBytes(text.substring(from, at).getBytes(StandardCharsets.UTF_8));
        out.write(text.charAt(at) - ESCAPE);
        from = ++at;
      } else {
        at += Character.isHighSurrogate(text.charAt(at)) ? 2 : 1;
      }
    }
    out.writeBytes(text.substring(Math.min(from, text.length())).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static boolean escaped(String text, int at) {
    char c = text.charAt(at);
    return c >= ESCAPE + 0x80 && c <= ESCAPE + 0xFF;
  }

  /** Appends what is decided, and returns how many bytes that were; the rest may go on. */
  private static int append(byte[] bytes, int end, StringBuilder out) {
    int at = 0;
    while (at < end) {
      int length = length(bytes[at]);
      if (length == 1) {
        out.append((char) bytes[at++]);
      } else if (length == 0) {
        escape(bytes, at, ++at, out);
      } else {
        int good = 1;
        while (good < length && at + good < end && (bytes[at + good] & 0xC0) == 0x80) {
          good++;
        }
        if (good == length) {
          at = character(bytes, at, length, out);
        } else if (at + good == end) {
          return at;
        } else {
          escape(bytes, at, ++at, out);
        }
      }
    }
    return at;
  }

  /** How many bytes a character has that begins so; 0 when none does. */
  private static int length(byte first) {
    if (first >= 0) {
      return 1;
    }
    int value = first & 0xFF;
    return value < 0xC2 ? 0 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : value < 0xF5 ? 4 : 0;
  }

  private static int character(byte[] bytes, int at, int length, StringBuilder out) {
    int point = bytes[at] & (0xFF >> (length + 1));
    for (int i = 1; i < length; i++) {
      point = point << 6 | (bytes[at + i] & 0x3F);
    }
    int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
    boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < least || point > Character.MAX_CODE_POINT || surrogate) {
      escape(bytes, at, at + 1, out);
      return at + 1;
    }
    out.appendCodePoint(point);
    return at + length;
  }

  private static void escape(byte[] bytes, int from, int to, StringBuilder out) {
    for (int i = from; i < to; i++) {
      out.append((char) (ESCAPE + (bytes[i] & 0xFF)));
    }
  }

  /** Bytes that come in pieces; a character that is cut in two is put together again. */
  public static final class Decoder {

    private byte[] rest = new byte[0];

    /** What is known with the next piece. */
    public String next(byte[] piece) {
      byte[] bytes = piece;
      if (rest.length > 0) {
        bytes = new byte[rest.length + piece.length];
        System.arraycopy(rest, 0, bytes, 0, rest.length);
        System.arraycopy(piece, 0, bytes, rest.length, piece.length);
      }
      StringBuilder out = new StringBuilder(bytes.length);
      int at = append(bytes, bytes.length, out);
      rest = Arrays.copyOfRange(bytes, at, bytes.length);
      return out.toString();
    }

    /** What was left at the end. */
    public String end() {
      String left = text(rest);
      rest = new byte[0];
      return left;
    }
  }
}
