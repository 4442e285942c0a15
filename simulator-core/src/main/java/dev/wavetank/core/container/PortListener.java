package dev.wavetank.core.container;

import dev.wavetank.core.container.http.HttpRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a process does with what comes to a port on which it listens. */
public sealed interface PortListener {

  /** It answers requests of HTTP on a TCP port. */
  non-sealed interface Http extends PortListener {

    /**
     * Works on a request.
     *
     * @param then takes the answer, at once or later; nobody hears it when the client is gone
     */
    void request(HttpRequest request, Consumer<HttpResult> then);

    /** Status of {@code grpc.health.v1.Health/Check}; null when the service is not served. */
    default @Nullable String grpcHealth(String service) {
      return null;
    }
  }

  /** It exchanges bytes on a TCP port. */
  non-sealed interface Bytes extends PortListener {

    /**
     * Takes a connection.
     *
     * @param from address and port of the client
     * @return its end; null when it takes none any more, which resets the connection
     */
    @Nullable ServerConnection accept(String from, ServerConnection.Client client);
  }

  /** It hears datagrams on a UDP port. */
  non-sealed interface Datagrams extends PortListener {

    /**
     * Takes a datagram.
     *
     * @param from address and port of the client
     * @param reply takes answers, at once or later
     */
    void datagram(String text, String from, Consumer<String> reply);
  }
}
