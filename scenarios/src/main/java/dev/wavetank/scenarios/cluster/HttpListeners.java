package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.container.TlsAnswer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.Listeners;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Listeners that a request can be sent to once a connection to them is made. */
interface HttpListeners extends Listeners {

  /**
   * Hands a request to whoever listens on that TCP port.
   *
   * @param then called once, at once or later, unless the exchange is cancelled
   * @return the exchange if the answer may take time; null when {@code then} was called already or
   *     nobody listens any more
   */
  @Nullable Exchange handle(HttpRequest request, int port, Consumer<HttpResult> then);

  /** How whoever listens on that TCP port answers a TLS handshake for a name. */
  TlsAnswer tls(int port, String serverName);

  /** Whether requests over connections to that TCP port are answered, if no new ones are taken. */
  default boolean serving(int port) {
    return listening(Protocol.TCP, port);
  }

  /**
   * Takes a connection to that TCP port as bytes.
   *
   * @param from address and port of the client, as the server sees it
   * @return the server's end; null when nobody speaks there
   */
  default @Nullable ServerConnection serve(int port, String from, ServerConnection.Client client) {
    return null;
  }

  /** A client connects to that TCP port and leaves again. */
  default void touch(int port, String from) {}

  /** Address and port of the client of a connection, as its server sees it. */
  static String client(Connection connection) {
    Packet first = connection.delivered();
    return SocketAddress.text(first.source(), first.sourcePort());
  }
}
