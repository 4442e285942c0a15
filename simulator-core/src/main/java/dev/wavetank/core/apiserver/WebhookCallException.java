package dev.wavetank.core.apiserver;

/** A webhook could not be called, or gave no answer. The message is what Go's client says. */
public final class WebhookCallException extends Exception {

  private static final long serialVersionUID = 1L;

  /** For example {@code context deadline exceeded}. */
  public WebhookCallException(String message) {
    super(message);
  }
}
