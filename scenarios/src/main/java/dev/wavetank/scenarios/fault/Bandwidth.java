package dev.wavetank.scenarios.fault;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import java.util.Locale;

/**
 * How much a network interface may send: the token bucket of {@code tc-tbf}, or the link of {@code
 * tc-netem}'s rate.
 *
 * @param rate bytes per second
 * @param bufferBytes that may be sent at once after silence
 * @param limitBytes that may wait
 * @param peakRate bytes per second that are not exceeded even then; 0 for no such bound
 * @param minBurstBytes that the peak rate admits at once
 */
record Bandwidth(long rate, long bufferBytes, long limitBytes, long peakRate, long minBurstBytes) {

  private static final ImmutableList<String> UNITS =
      ImmutableList.of(
          "bps", "kbps", "mbps", "gbps", "tbps", "bit", "kbit", "mbit", "gbit", "tbit");
  private static final ImmutableList<String> KEYS =
      ImmutableList.of("rate", "limit", "buffer", "peakrate", "minburst");
  private static final long UINT32_MAX = 0xFFFF_FFFFL;

  /** As much as there can be: a message is at most so long. */
  private static final long UNLIMITED = Long.MAX_VALUE;

  private static final int BITS = 8;

  /** A pebibyte per second. */
  private static final double RATE_MAX = 1L << 50;

  /** {@code bandwidth} of a NetworkChaos. */
  static Bandwidth read(FileFields spec) {
    FileFields fields = spec.requiredMap("bandwidth").known(KEYS);
    for (String required : ImmutableList.of("limit", "buffer")) {
      if (!fields.has(required)) {
        throw fields.wrong("bandwidth needs " + required);
      }
    }
    long peakRate = fields.number("peakrate", 0, 0, Long.MAX_VALUE);
    long minBurst = fields.number("minburst", 0, 0, UINT32_MAX);
    if (peakRate > 0 && minBurst == 0) {
      throw fields.wrong("peakrate", "a peak rate needs minburst");
    }
    return new Bandwidth(
        rate(fields),
        fields.number("buffer", 0, 1, UINT32_MAX),
        fields.number("limit", 0, 1, UINT32_MAX),
        peakRate,
        minBurst);
  }

  /** {@code rate} of a NetworkChaos with the action netem: packets leave one after the other. */
  static Bandwidth ofLink(FileFields spec) {
    FileFields fields = spec.requiredMap("rate").known(ImmutableList.of("rate"));
    return new Bandwidth(rate(fields), 0, UNLIMITED, 0, 0);
  }

  /** Bytes per second, of which 1024 are a kilobyte; of bits a thousand are a kilobit. */
  private static long rate(FileFields fields) {
    String text = fields.text("rate").strip().toLowerCase(Locale.ROOT);
    String unit = text.replaceFirst("^[0-9]+ *", "");
    String number = text.substring(0, text.length() - unit.length()).strip();
    int position = UNITS.indexOf(unit);
    if (position < 0 || number.isEmpty() || number.length() > 9) {
      throw fields.wrong("rate", "expected a rate such as 1mbps, in " + String.join(", ", UNITS));
    }
    int half = UNITS.size() / 2;
    boolean bits = position >= half;
    double rate =
        Long.parseLong(number)
            * StrictMath.pow(bits ? 1000 : 1024, position % half)
            / (bits ? BITS : 1);
    if (rate < 1 || rate > RATE_MAX) {
      throw fields.wrong("rate", "expected at least a byte and less than 1024tbps");
    }
    return (long) rate;
  }
}
