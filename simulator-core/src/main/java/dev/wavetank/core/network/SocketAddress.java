package dev.wavetank.core.network;

/** An address with a port: where something listens. */
public record SocketAddress(IpAddress address, int port) {

  @Override
  public int hashCode() {
    return address.hashCode() * 31 + port;
  }

  /** {@code address:port}, with an IPv6 address in brackets. */
  @Override
  public String toString() {
    return address.isV6() ? "[" + address + "]:" + port : address + ":" + port;
  }
}
