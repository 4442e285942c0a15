package dev.wavetank.core.container.shell;

/** A script that is no script; the message is the shell's. */
final class ShellSyntaxException extends Exception {

  private static final long serialVersionUID = 1L;

  ShellSyntaxException(String message) {
    super(message);
  }

  static ShellSyntaxException unterminated() {
    return new ShellSyntaxException("unterminated quoted string");
  }
}
