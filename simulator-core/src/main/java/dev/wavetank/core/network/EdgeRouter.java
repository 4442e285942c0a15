package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/**
 * What stands at the edge of the cluster's network and takes packets to addresses that are neither
 * a node's nor a pod's: the seam that a cloud's load balancers fill.
 */
public interface EdgeRouter {

  /**
   * Where a packet goes on.
   *
   * @param verdict {@link Verdict.Forward} with the packet as it leaves, or why it does not
   * @param node that gets a forwarded packet, whatever its destination says; empty otherwise
   */
  record Hop(Verdict verdict, String node) {}

  /**
   * Takes one packet: the first of a connection, or a datagram.
   *
   * @param trail told of the choice, or null when nobody looks
   * @return null when the address is none of its own
   */
  @Nullable Hop route(Packet packet, @Nullable Trail trail);
}
