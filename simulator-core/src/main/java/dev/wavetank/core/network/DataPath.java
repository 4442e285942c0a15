package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/**
 * What a node does with the packets that it sends, receives and forwards: the seam that kube-proxy
 * fills. A node without one forwards packets as they are.
 */
public interface DataPath {

  /** Where a packet enters the node. */
  enum Entry {
    /** From a pod on this node, through its veth. */
    LOCAL_POD,
    /** From a process in the node's own network, a pod with {@code hostNetwork} too. */
    LOCAL_PROCESS,
    /** From another node or from outside the cluster. */
    WIRE
  }

  /**
   * Carries one packet through the node's rules, up to where it leaves the node or is delivered on
   * it. An established connection keeps its translation.
   *
   * @param trail told of every rule that matched, or null when nobody looks
   * @return {@link Verdict.Forward} with the translated packet, {@link Verdict.Reject} or {@link
   *     Verdict.Drop}
   */
  Verdict route(Packet packet, Entry entry, @Nullable Trail trail);

  /** Forgets a connection that ended, given as its first packet was sent. */
  void closed(Packet packet);
}
