package dev.wavetank.core.sim;

/** One named sequence of answers of a {@link Choices}; a draw costs nanoseconds. */
public interface ChoiceStream {

  /**
   * Picks one of {@code options} equally likely possibilities.
   *
   * @param options how many there are, at least 1
   * @return an index in {@code [0, options)}
   */
  int choose(int options);

  /**
   * Picks a whole number, all equally likely.
   *
   * @param min smallest answer
   * @param max largest answer, at least {@code min}
   */
  long between(long min, long max);

  /**
   * True with the given probability; the calm answer is false.
   *
   * @param probability in {@code [0, 1]}
   */
  default boolean chance(double probability) {
    long scale = 1L << 53;
    return between(0, scale - 1) >= (long) ((1.0 - probability) * scale);
  }
}
