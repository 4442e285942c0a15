package dev.wavetank.core.apiserver.managedfields;

/** A value that is not of its type. The message says why, in upstream's words. */
final class TypeMismatch extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TypeMismatch(String message) {
    super(message, null, false, false);
  }
}
