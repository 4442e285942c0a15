package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/** An address with a port: where something listens. */
public final class SocketAddress {

  private final IpAddress address;
  private final int port;

  /** Kept, because every event about the address is hashed. */
  private final int hash;

  public SocketAddress(IpAddress address, int port) {
    this(address, address.hashCode(), port);
  }

  /**
   * @param addressHash that of the address
   */
  SocketAddress(IpAddress address, int addressHash, int port) {
    this.address = address;
    this.port = port;
    this.hash = addressHash * 31 + port;
  }

  /** {@code address:port}, with an IPv6 address in brackets. */
  public static String text(IpAddress address, int port) {
    return text(address.toString(), port);
  }

  /**
   * {@code host:port} likewise.
   *
   * @param host an address or a name
   */
  public static String text(String host, int port) {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }

  public IpAddress address() {
    return address;
  }

  public int port() {
    return port;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SocketAddress that && port == that.port && address.equals(that.address);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** {@code address:port}, with an IPv6 address in brackets. */
  @Override
  public String toString() {
    return text(address, port);
  }
}
