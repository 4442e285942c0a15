package dev.wavetank.proxy.ipvs;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.SocketAddress;

/**
 * A place to which a virtual server sends connections, by masquerading (NAT).
 *
 * @param weight its share; 0 takes no new connection
 */
public record RealServer(IpAddress address, int port, int weight) {

  /** {@code address:port}, with an IPv6 address in brackets. */
  @Override
  public String toString() {
    return SocketAddress.text(address, port);
  }
}
