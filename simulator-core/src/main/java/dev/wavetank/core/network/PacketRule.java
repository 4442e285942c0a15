package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/** A rule of the network between nodes and pods: a fault or a policy. */
public interface PacketRule {

  /** What becomes of the packet, or null when this rule has no say; the first that has one wins. */
  @Nullable Verdict on(Packet packet);
}
