package dev.wavetank.core.container;

import dev.wavetank.core.container.conversation.Conversation;
import dev.wavetank.core.network.Protocol;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What comes to a port of a container: the process takes it that listens there, and else the
 * container's behavior.
 */
final class ContainerPorts {

  private ContainerPorts() {}

  /** Whether bytes are exchanged on a TCP port that listens, and not HTTP. */
  static boolean carriesBytes(Container container, int port) {
    OpenPort own = container.openPort(Protocol.TCP, port);
    return own == null
        ? container.behavior().conversation(container, port) != null
        : own.listener() instanceof PortListener.Bytes;
  }

  /**
   * Takes a connection to a TCP port on which bytes are exchanged.
   *
   * @param from address and port of the client
   * @return the server's end; null when HTTP is spoken there, or when it takes none any more
   */
  static @Nullable ServerConnection accept(
      Container container, int port, String from, ServerConnection.Client client) {
    OpenPort own = container.openPort(Protocol.TCP, port);
    if (own != null) {
      return own.listener() instanceof PortListener.Bytes bytes && own.accepts()
          ? bytes.accept(from, client)
          : null;
    }
    Conversation spoken = container.behavior().conversation(container, port);
    return spoken == null ? null : ConversationConnection.begin(spoken, port, client);
  }

  /** A client connects to a TCP port and leaves again. */
  static void touch(Container container, int port, String from) {
    boolean heard = container.openPort(Protocol.TCP, port) != null;
    ServerConnection taken = heard ? accept(container, port, from, ServerConnection.NOBODY) : null;
    if (taken != null) {
      taken.receiveEnd();
      taken.stop();
    }
  }

  /** Hands over a datagram. */
  static void datagram(
      Container container, int port, String text, String from, Consumer<String> reply) {
    OpenPort own = container.openPort(Protocol.UDP, port);
    if (own == null) {
      String answer = container.behavior().datagram(container, port, text, from);
      if (!answer.isEmpty()) {
        reply.accept(answer);
      }
    } else if (own.listener() instanceof PortListener.Datagrams datagrams) {
      datagrams.datagram(text, from, reply);
    }
  }

  /** Status of a gRPC service's health; null when it is not served. */
  static @Nullable String grpcHealth(Container container, int port, String service) {
    OpenPort own = container.openPort(Protocol.TCP, port);
    return own == null
        ? container.behavior().grpcHealth(port, service, container.ageNanos())
        : own.listener() instanceof PortListener.Http http ? http.grpcHealth(service) : null;
  }
}
