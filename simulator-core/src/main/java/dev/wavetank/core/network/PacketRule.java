package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/** A rule of the network between nodes and pods: a fault or a policy. */
public interface PacketRule {

  /**
   * What becomes of the packet, behind the rules of the node that it leaves.
   *
   * @param trail told why when the rule lets pass what it could have stopped; null when nobody
   *     looks
   * @return null when this rule has no say; {@link Verdict.Drop} and {@link Verdict.Reject} end the
   *     way, the others add up with those of other rules
   */
  @Nullable Verdict on(Packet packet, @Nullable Trail trail);

  /**
   * The same, told how much is sent.
   *
   * @param bytes on the wire; those of all packets that a message of a connection takes
   */
  default @Nullable Verdict on(Packet packet, long bytes, @Nullable Trail trail) {
    return on(packet, trail);
  }

  /** Whether it looks at the first packet of a connection only, as a stateful firewall does. */
  default boolean firstPacketsOnly() {
    return false;
  }
}
