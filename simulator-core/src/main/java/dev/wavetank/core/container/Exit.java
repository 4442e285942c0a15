package dev.wavetank.core.container;

/**
 * The end of a process.
 *
 * @param afterNanos when: since its start, or since the signal that it reacts to; {@link
 *     ContainerBehavior#FOREVER} for never
 * @param code exit code
 * @param reason as the runtime reports it; empty for {@code Completed} or {@code Error} by the code
 */
public record Exit(long afterNanos, int code, String reason) {

  /** No end. */
  public static final Exit NEVER = new Exit(ContainerBehavior.FOREVER, 0, "");

  public static Exit after(long nanos, int code) {
    return new Exit(nanos, code, "");
  }
}
