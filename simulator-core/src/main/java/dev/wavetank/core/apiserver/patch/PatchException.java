package dev.wavetank.core.apiserver.patch;

/**
 * A patch that cannot be read, made or applied, in upstream's words. The API server makes it the
 * answer that a client sees; a client that makes a patch prints it.
 */
public final class PatchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  public enum Kind {
    /** The patch is no patch of its format: HTTP 400. */
    BAD_REQUEST,
    /** The patch does not fit the object: HTTP 422. */
    UNPROCESSABLE,
    /** Upstream has no code of its own for it: HTTP 500. */
    UNKNOWN
  }

  private final Kind kind;

  PatchException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  static PatchException badRequest(String message) {
    return new PatchException(Kind.BAD_REQUEST, message);
  }

  static PatchException unprocessable(String message) {
    return new PatchException(Kind.UNPROCESSABLE, message);
  }

  static PatchException unknown(String message) {
    return new PatchException(Kind.UNKNOWN, message);
  }

  public Kind kind() {
    return kind;
  }
}
