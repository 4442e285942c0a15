package dev.wavetank.core.container.awk;

/** A program of {@code awk} that is none, or that goes too far; the message is for its user. */
final class AwkFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AwkFailure(String message) {
    super(message, null, false, false);
  }

  static AwkFailure syntax(String near) {
    return new AwkFailure("syntax error at or near " + (near.isEmpty() ? "end of file" : near));
  }
}
