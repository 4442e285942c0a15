package dev.wavetank.server;

/**
 * How virtual time goes while clients do nothing and while they wait.
 *
 * @param kind what makes it pass
 * @param factor virtual seconds in a second, with {@link Kind#PACED}
 */
public record ClockMode(Kind kind, double factor) {

  /** What makes time pass. */
  public enum Kind {
    /** It passes while a client waits, quickly; and it stands still otherwise. */
    AUTO,
    /** It passes as the wall clock does, so many times as fast. */
    PACED,
    /** It passes when it is told to. */
    MANUAL
  }

  /** Largest factor. */
  public static final double FACTOR_MAX = 100_000;

  public static final ClockMode AUTO = new ClockMode(Kind.AUTO, 0);

  /**
   * The mode of a text: {@code auto}, {@code real}, {@code manual} or a factor such as {@code 10x}.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static ClockMode parse(String text) {
    switch (text) {
      case "auto":
        return AUTO;
      case "real":
        return new ClockMode(Kind.PACED, 1);
      case "manual":
        return new ClockMode(Kind.MANUAL, 0);
      default:
        return new ClockMode(Kind.PACED, factor(text));
    }
  }

  private static double factor(String text) {
    if (text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?x")) {
      double factor = Double.parseDouble(text.substring(0, text.length() - 1));
      if (factor > 0 && factor <= FACTOR_MAX) {
        return factor;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no clock: auto, real, manual, or a factor up to 100000x such as 10x");
  }
}
