package dev.wavetank.core.jsonpath;

/** A template is wrong, or cannot be applied to an object; upstream's words. */
public final class JsonPathException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  JsonPathException(String message) {
    super(message, null, false, false);
  }
}
