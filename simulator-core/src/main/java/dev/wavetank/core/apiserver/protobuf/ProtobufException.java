package dev.wavetank.core.apiserver.protobuf;

/** Bytes that are no object of the API. */
public final class ProtobufException extends Exception {

  private static final long serialVersionUID = 1L;

  ProtobufException(String message) {
    super(message, null, false, false);
  }
}
