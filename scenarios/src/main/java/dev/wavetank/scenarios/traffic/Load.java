package dev.wavetank.scenarios.traffic;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ScenarioException;
import java.math.BigDecimal;
import java.util.regex.Pattern;

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
   * @param startOverNanos the time over which the clients begin, one after the other; 0 for all at
   *     once
   */
  record Closed(int clients, long thinkNanos, long startOverNanos) implements Load {

    /** When a client begins, counted from 0. */
    long startNanos(int client) {
      return startOverNanos / clients * client;
    }
  }

  /**
   * Open, at the times at which somebody else's requests came.
   *
   * @param offsetsNanos from the beginning, in order
   */
  record Recorded(ImmutableList<Long> offsetsNanos) implements Load {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

    /**
     * Reads a record: a line for each request, with seconds since the beginning such as {@code
     * 12.034}; empty lines and those that begin with {@code #} are none.
     *
     * @param file as errors name it
     * @throws ScenarioException when a line is wrong or earlier than the one before
     */
    public static Recorded read(String file, String text) {
      ImmutableList.Builder<Long> offsets = ImmutableList.builder();
      long last = 0;
      int number = 0;
      for (String line : Splitter.on('\n').split(text)) {
        number++;
        String word = line.strip();
        if (word.isEmpty() || word.startsWith("#")) {
          continue;
        }
        if (!SECONDS.matcher(word).matches()) {
          throw new ScenarioException(
              file, number, 1, "expected seconds since the beginning, such as 12.034");
        }
        long nanos = new BigDecimal(word).movePointRight(9).longValueExact();
        if (nanos < last) {
          throw new ScenarioException(file, number, 1, "this request comes before the last one");
        }
        last = nanos;
        offsets.add(nanos);
      }
      ImmutableList<Long> read = offsets.build();
      if (read.isEmpty() || read.size() > Traffic.REQUESTS_MAX) {
        throw new ScenarioException(
            file, 1, 1, "expected 1 to " + Traffic.REQUESTS_MAX + " requests");
      }
      return new Recorded(read);
    }
  }
}
