package dev.wavetank.core.network;

import java.util.function.Consumer;

/** What answers at an address: the processes of a pod or of a node. */
public interface Listeners {

  /** Whether a process listens on that port now. */
  boolean listening(Protocol protocol, int port);

  /** A connection to an open port was made; whoever serves it may reset it later. */
  void accepted(Connection connection);

  /**
   * A datagram came in on an open port.
   *
   * @param reply takes the answer, at once or later; never called when there is none
   */
  void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply);
}
