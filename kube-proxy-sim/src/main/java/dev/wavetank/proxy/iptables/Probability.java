package dev.wavetank.proxy.iptables;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The share of packets for which a random rule holds, as the kernel keeps it: a number of 2^31.
 *
 * <p>Equality is that of the kernel's number; the text that was written for it is only remembered.
 * Follows the arithmetic of the {@code statistic} match of iptables.
 */
public final class Probability {

  private static final double SCALE = 0x80000000L;

  private final long threshold;
  private final String written;

  private Probability(long threshold, String written) {
    this.threshold = threshold;
    this.written = written;
  }

  /** One in {@code n}, written with ten digits as kube-proxy writes it. */
  public static Probability oneIn(int n) {
    return parse(String.format(Locale.ROOT, "%.10f", 1.0 / n));
  }

  /**
   * Reads a decimal number from 0 to 1.
   *
   * @throws IllegalArgumentException when it is not one
   */
  public static Probability parse(String text) {
    double value = Double.parseDouble(text);
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("a probability is from 0 to 1: " + text);
    }
    return new Probability(Math.round(value * SCALE), text);
  }

  /** A draw below this number, of those below 2^31, means yes. */
  public long threshold() {
    return threshold;
  }

  String written() {
    return written;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Probability that && threshold == that.threshold;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(threshold);
  }

  /** As {@code iptables-save} prints it: eleven digits of what the kernel keeps. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.11f", threshold / SCALE);
  }
}
