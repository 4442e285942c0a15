package dev.wavetank.core.apiserver.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A cursor over the fields of one message. */
final class Wire {

  static final int VARINT = 0;
  static final int FIXED_64 = 1;
  static final int BYTES = 2;
  static final int FIXED_32 = 5;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int field;
  private int type;

  Wire(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  private static ProtobufException truncated() {
    return new ProtobufException("unexpected EOF");
  }

  /** Goes to the next field; false at the end. */
  boolean next() throws ProtobufException {
    if (at >= end) {
      return false;
    }
    long tag = readVarint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    if (field <= 0) {
      throw new ProtobufException("proto: illegal tag " + field);
    }
    return true;
  }

  int field() {
    return field;
  }

  int type() {
    return type;
  }

  long varint() throws ProtobufException {
    require(VARINT);
    return readVarint();
  }

  private void require(int expected) throws ProtobufException {
    if (type != expected) {
      throw new ProtobufException("proto: wrong wireType = " + type + " for field " + field);
    }
  }

  private long readVarint() throws ProtobufException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw truncated();
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new ProtobufException("proto: integer overflow");
  }

  long fixed64() throws ProtobufException {
    require(FIXED_64);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      if (at >= end) {
        throw truncated();
      }
      value |= (long) (bytes[at++] & 0xFF) << (8 * i);
    }
    return value;
  }

  /** The message or text that this field holds. */
  Wire nested() throws ProtobufException {
    require(BYTES);
    long length = readVarint();
    if (length < 0 || length > end - at) {
      throw truncated();
    }
    Wire inner = new Wire(bytes, at, at + (int) length);
    at += (int) length;
    return inner;
  }

  String text() {
    return new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }

  byte[] raw() {
    return Arrays.copyOfRange(bytes, at, end);
  }

  /** Leaves the value of a field out. */
  void skip() throws ProtobufException {
    switch (type) {
      case VARINT -> varint();
      case FIXED_64 -> fixed64();
      case BYTES -> nested();
      case FIXED_32 -> {
        if (end - at < 4) {
          throw truncated();
        }
        at += 4;
      }
      default -> throw new ProtobufException("proto: illegal wireType " + type);
    }
  }
}
