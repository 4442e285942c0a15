package dev.wavetank.core.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Compact JSON in UTF-8 that is being written. It grows with what is written and can be used again;
 * its bound is that of an array.
 */
public final class JsonBuffer {

  private static final byte[] NULL = ascii("null");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  private byte[] bytes = new byte[4096];
  private int size;

  /** How many bytes are written. */
  public int size() {
    return size;
  }

  /** Forgets what is written. */
  public void clear() {
    size = 0;
  }

  /** What is written. */
  public byte[] toByteArray() {
    return from(0);
  }

  /** What is written behind a place. */
  byte[] from(int start) {
    return Arrays.copyOfRange(bytes, start, size);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  /** Writes bytes as they are. */
  public void raw(byte[] text) {
    int length = text.length;
    require(length);
    System.arraycopy(text, 0, bytes, size, length);
    size += length;
  }

  private void raw(char sign) {
    require(1);
    bytes[size++] = (byte) sign;
  }

  private void require(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }

  /**
   * Ends an object or a list whose members were written since {@code start}, each behind a comma.
   *
   * @param brackets the one that opens and the one that closes
   */
  void enclose(int start, String brackets) {
    if (size == start) {
      raw(brackets.charAt(0));
    } else {
      bytes[start] = (byte) brackets.charAt(0);
    }
    raw(brackets.charAt(1));
  }

  /** Writes a comma. */
  void comma() {
    raw(',');
  }

  /** Writes a comma, a name and a colon. */
  void name(String name) {
    raw(',');
    string(name);
    raw(':');
  }

  /** Writes a string in quotes. */
  void string(String value) {
    int length = value.length();
    require(length + 2);
    byte[] to = bytes;
    int at = size;
    to[at++] = '"';
    for (int i = 0; i < length; i++) {
      char sign = value.charAt(i);
      if (sign < ' ' || sign > '~' || sign == '"' || sign == '\\') {
        escaped(value);
        return;
      }
      to[at++] = (byte) sign;
    }
    to[at++] = '"';
    size = at;
  }

  private void escaped(String value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Json.write(value, out);
    raw(out.toByteArray());
  }

  /** Writes a value that has no parts. */
  void scalar(Object value) {
    if (value instanceof String string) {
      string(string);
    } else if (value instanceof Long number) {
      raw(ascii(Long.toString(number)));
    } else if (value instanceof Double number) {
      raw(ascii(Json.number(number)));
    } else if (value instanceof Boolean bool) {
      raw(bool ? TRUE : FALSE);
    } else {
      raw(NULL);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
