package dev.wavetank.core.kubectl.flags;

/** The flags on a command line are wrong, in pflag's words. */
public final class FlagException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FlagException(String message) {
    super(message, null, false, false);
  }
}
