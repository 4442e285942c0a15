package dev.wavetank.dns.plugin.kubernetes;

import dev.wavetank.dns.plugin.DnsNames;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * One thing that a name means: an address with a port, or another name.
 *
 * <p>Follows plugin/etcd/msg/service.go (CoreDNS v1.14).
 *
 * @param host an address or a name
 * @param port {@link ServiceRecord#NO_PORT} if it has none
 * @param owner the labels of its own name in front of the zone
 */
record Entry(String host, int port, String owner) {

  /** The address, or null if the host is a name. */
  @Nullable InetAddress address() {
    return DnsNames.address(host);
  }

  /** Its own name; null if it would be too long for a name. */
  @Nullable Name ownName(Name zone) {
    return DnsNames.below(owner, zone);
  }
}
