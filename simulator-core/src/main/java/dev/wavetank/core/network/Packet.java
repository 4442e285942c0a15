package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/** The addresses of a packet on its way. */
public record Packet(
    Protocol protocol,
    IpAddress source,
    int sourcePort,
    IpAddress destination,
    int destinationPort) {

  /** Packets of neighbouring addresses and ports spread well: tables of connections need it. */
  @Override
  public int hashCode() {
    long addresses = source.hashCode() * 0x9E3779B97F4A7C15L + destination.hashCode();
    long ports = ((long) sourcePort << 16) | destinationPort;
    long hash = (addresses ^ (ports * 0xC2B2AE3D27D4EB4FL)) * 0xBF58476D1CE4E5B9L;
    return (int) (hash >>> 32);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Packet that
            && sourcePort == that.sourcePort
            && destinationPort == that.destinationPort
            && protocol == that.protocol
            && source.equals(that.source)
            && destination.equals(that.destination));
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
}
