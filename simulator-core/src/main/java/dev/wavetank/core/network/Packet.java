package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/** The addresses of a packet on its way. */
public final class Packet {

  private final Protocol protocol;
  private final IpAddress source;
  private final int sourcePort;
  private final IpAddress destination;
  private final int destinationPort;

  /** Kept, because each node on the way looks the packet up in its table of connections. */
  private final int hash;

  /** A packet from a socket to another one. */
  public Packet(
      Protocol protocol,
      IpAddress source,
      int sourcePort,
      IpAddress destination,
      int destinationPort) {
    this.protocol = protocol;
    this.source = source;
    this.sourcePort = sourcePort;
    this.destination = destination;
    this.destinationPort = destinationPort;
    // Packets of neighbouring addresses and ports spread well: tables of connections need it.
    long addresses = source.hashCode() * 0x9E3779B97F4A7C15L + destination.hashCode();
    long ports = ((long) sourcePort << 16) | destinationPort;
    long mixed = (addresses ^ (ports * 0xC2B2AE3D27D4EB4FL)) * 0xBF58476D1CE4E5B9L;
    this.hash = (int) (mixed >>> 32);
  }

  public Protocol protocol() {
    return protocol;
  }

  public IpAddress source() {
    return source;
  }

  public int sourcePort() {
    return sourcePort;
  }

  public IpAddress destination() {
    return destination;
  }

  public int destinationPort() {
    return destinationPort;
  }

  /** The same packet to another destination. */
  public Packet to(IpAddress address, int port) {
    return new Packet(protocol, source, sourcePort, address, port);
  }

  /** The same packet from another source. */
  public Packet from(IpAddress address, int port) {
    return new Packet(protocol, address, port, destination, destinationPort);
  }

  /** The packet of the answer. */
  public Packet reply() {
    return new Packet(
        protocol,
        /* source= */ destination,
        /* sourcePort= */ destinationPort,
        /* destination= */ source,
        /* destinationPort= */ sourcePort);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Packet that
            && hash == that.hash
            && sourcePort == that.sourcePort
            && destinationPort == that.destinationPort
            && protocol == that.protocol
            && source.equals(that.source)
            && destination.equals(that.destination));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Protocol, sender and receiver, for people. */
  @Override
  public String toString() {
    return protocol
        + " "
        + new SocketAddress(source, sourcePort)
        + " to "
        + new SocketAddress(destination, destinationPort);
  }
}
