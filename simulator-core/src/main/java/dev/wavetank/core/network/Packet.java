package dev.wavetank.core.network;

/** The addresses of a packet on its way. */
public record Packet(
    Protocol protocol,
    IpAddress source,
    int sourcePort,
    IpAddress destination,
    int destinationPort) {

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
