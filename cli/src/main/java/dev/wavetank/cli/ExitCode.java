package dev.wavetank.cli;

/** The exit codes of {@code wavetank}. Scripts rely on them. */
final class ExitCode {

  static final int OK = 0;
  static final int ERROR = 1;
  static final int INVALID_FILE = 3;
  static final int EXPECTATION_FAILED = 99;

  private ExitCode() {}
}
