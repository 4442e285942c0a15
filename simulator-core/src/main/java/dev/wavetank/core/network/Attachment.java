package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/** An address that belongs to somebody: to a node, or to a pod on it. */
final class Attachment {

  private static final int PORT_FIRST = 32_768;
  private static final int PORT_LAST = 60_999;

  /** Before the first port. */
  static final int NO_PORT = 0;

  final IpAddress address;

  /** As the address says; kept here so that it need not be touched. */
  final boolean v6;

  final Host host;
  final Listeners listeners;

  /** The same owner's address of the other family, where it has both. */
  @Nullable Attachment other;

  /** The port that was last taken for a socket of the client's side. */
  int lastPort;

  /** The address's hash, kept here likewise. */
  private final int addressHash;

  Attachment(IpAddress address, Host host, Listeners listeners, int lastPort) {
    this.address = address;
    this.v6 = address.isV6();
    this.addressHash = address.hashCode();
    this.host = host;
    this.listeners = listeners;
    this.lastPort = lastPort;
  }

  /** The owner's address from which it sends to another one: that of the same family. */
  Attachment towards(IpAddress to) {
    Attachment second = other;
    return second == null || to.isV6() == v6 ? this : second;
  }

  /** The ephemeral port after that one, in Linux's default range. */
  static int portAfter(int last) {
    return last == NO_PORT || last == PORT_LAST ? PORT_FIRST : last + 1;
  }

  /** The next port that a process here takes for a socket of its own. */
  int nextPort() {
    lastPort = portAfter(lastPort);
    return lastPort;
  }

  /** A port of the address. */
  SocketAddress port(int port) {
    return new SocketAddress(address, addressHash, port);
  }
}
