package dev.wavetank.scenarios.fault;

import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Verdict;
import dev.wavetank.core.sim.ChoiceStream;
import org.jspecify.annotations.Nullable;

/**
 * What a fault of the network does to a packet: at most one of the three, asked in this order.
 *
 * @param lossPercent how many of 100 packets are lost; 100 is a partition
 * @param delayNanos how much longer a packet takes
 * @param jitterNanos the delay is up to so much more or less, evenly, never below zero
 * @param duplicatePercent how many of 100 packets arrive twice
 */
record NetworkEffect(double lossPercent, long delayNanos, long jitterNanos, double duplicatePercent)
    implements PacketEffect {

  static final double ALL = 100;

  static final NetworkEffect PARTITION = new NetworkEffect(ALL, 0, 0, 0);
  static final NetworkEffect NONE = new NetworkEffect(0, 0, 0, 0);

  @Override
  public @Nullable Verdict next(
      Packet packet, long bytes, long nowNanos, ChoiceStream choices, String by) {
    if (happens(lossPercent, choices)) {
      return new Verdict.Drop(by);
    }
    if (delayNanos > 0 || jitterNanos > 0) {
      long least = Math.max(0, delayNanos - jitterNanos);
      return new Verdict.Delay(choices.between(least, delayNanos + jitterNanos));
    }
    return happens(duplicatePercent, choices) ? new Verdict.Duplicate() : null;
  }

  private static boolean happens(double percent, ChoiceStream choices) {
    return percent >= ALL || (percent > 0 && choices.chance(percent / ALL));
  }

  @Override
  public String toString() {
    if (lossPercent >= ALL) {
      return "partition";
    }
    if (lossPercent > 0) {
      return "loss of " + lossPercent + " %";
    }
    return duplicatePercent > 0 ? "duplication of " + duplicatePercent + " %" : "delay";
  }
}
