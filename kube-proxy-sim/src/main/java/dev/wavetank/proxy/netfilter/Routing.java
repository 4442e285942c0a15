package dev.wavetank.proxy.netfilter;

import dev.wavetank.core.network.IpAddress;
import org.jspecify.annotations.Nullable;

/** What a node knows about the way to an address; the part of the kernel next to the rules. */
public interface Routing {

  /** Whether the node itself owns the address; 127.0.0.0/8 and ::1 count. */
  boolean local(IpAddress address);

  /** Whether the interface is a bridge, so that what came by it came by a port of a bridge. */
  default boolean bridge(String interfaceName) {
    return false;
  }

  /** The interface by which a packet to that address leaves, or null when there is no route. */
  @Nullable String outInterface(IpAddress destination);

  /** The node's own address that it uses towards that destination. */
  IpAddress sourceFor(IpAddress destination);
}
