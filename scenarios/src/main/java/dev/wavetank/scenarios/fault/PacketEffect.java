package dev.wavetank.scenarios.fault;

import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Verdict;
import dev.wavetank.core.sim.ChoiceStream;
import org.jspecify.annotations.Nullable;

/** What a fault of the network does to the packets that it concerns. */
interface PacketEffect {

  /**
   * What becomes of the next packet; null for nothing.
   *
   * @param bytes on the wire; those of all packets that a message of a connection takes
   * @param by the fault, for people
   */
  @Nullable Verdict next(Packet packet, long bytes, long nowNanos, ChoiceStream choices, String by);
}
