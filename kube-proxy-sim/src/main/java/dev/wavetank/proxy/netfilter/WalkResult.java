package dev.wavetank.proxy.netfilter;

import dev.wavetank.core.network.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What became of a packet on one node.
 *
 * @param verdict its fate
 * @param hook where it was decided, or null when the packet passed
 * @param source address that the receiver sees
 * @param sourcePort port that the receiver sees
 * @param destination where the packet goes in the end
 * @param destinationPort port to which it goes in the end
 * @param translated whether a rule, now or when the connection began, replaced the destination
 * @param masqueraded whether a rule replaced the source
 * @param deliveredLocally whether the receiver is the node itself
 * @param connection what connection tracking keeps of it; null when the packet did not pass
 */
public record WalkResult(
    Verdict verdict,
    @Nullable Hook hook,
    IpAddress source,
    int sourcePort,
    IpAddress destination,
    int destinationPort,
    boolean translated,
    boolean masqueraded,
    boolean deliveredLocally,
    Conntrack.@Nullable Entry connection) {

  /** The fate of a packet on a node. */
  public enum Verdict {
    /** It passed: delivered on the node, or left it towards its destination. */
    ACCEPTED,
    /** Its sender gets an ICMP error, hence a refused connection. */
    REJECTED,
    /** It is gone; its sender waits in vain. */
    DROPPED,
    /** The node knows no way to the destination. */
    UNROUTABLE
  }
}
