package dev.wavetank.scenarios.traffic;

/** When a source sends its requests. */
public sealed interface Load {

  /**
   * Open: whether earlier requests were answered or not.
   *
   * @param intervalNanos mean time between two requests at the beginning
   * @param lastIntervalNanos the same at the end: in between the rate grows or falls evenly
   * @param poisson whether times between two requests are exponentially distributed
   */
  record Open(long intervalNanos, long lastIntervalNanos, boolean poisson) implements Load {

    /** The mean time to the next request when so much of the duration has passed. */
    long intervalNanos(double part) {
      double rate = (1 - part) / intervalNanos + part / lastIntervalNanos;
      return Math.max(1, Math.round(1 / rate));
    }
  }

  /**
   * Closed: so many clients, each of which waits for its answer, thinks, and sends the next.
   *
   * @param thinkNanos from an answer to the next request
   */
  record Closed(int clients, long thinkNanos) implements Load {}
}
