package dev.wavetank.core.certificates;

/** A text is no certificate, or no request for one; the message says why in the words of Go. */
public final class InvalidCertificateException extends Exception {

  private static final long serialVersionUID = 1L;

  InvalidCertificateException(String message) {
    super(message);
  }

  /** The message, which is never absent. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
