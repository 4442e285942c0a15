package dev.wavetank.core.kubectl.gotemplate;

/** A template is wrong, or cannot be applied to an object. */
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TemplateException(String message) {
    super(message, null, false, false);
  }
}
