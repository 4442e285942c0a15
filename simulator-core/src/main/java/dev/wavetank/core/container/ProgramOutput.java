package dev.wavetank.core.container;

/**
 * How a program ended and what it wrote.
 *
 * @param exitCode {@link #NOT_STARTED} when the runtime could not start it; then {@code stderr} is
 *     the runtime's error
 */
public record ProgramOutput(int exitCode, String stdout, String stderr) {

  public static final int NOT_STARTED = -1;

  public static ProgramOutput ok(String stdout) {
    return new ProgramOutput(0, stdout, "");
  }

  /** Both streams, as a terminal or a probe sees them. */
  public String combined() {
    return stderr.isEmpty() ? stdout : stdout + stderr;
  }
}
