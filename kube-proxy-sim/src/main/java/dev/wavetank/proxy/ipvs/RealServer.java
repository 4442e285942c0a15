package dev.wavetank.proxy.ipvs;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.IpFamily;

/**
 * A place to which a virtual server sends connections, by masquerading (NAT).
 *
 * @param weight its share; 0 takes no new connection
 */
public record RealServer(IpAddress address, int port, int weight) {

  /** {@code address:port}, with an IPv6 address in brackets. */
  @Override
  public String toString() {
    return IpFamily.withPort(address, port);
  }
}
