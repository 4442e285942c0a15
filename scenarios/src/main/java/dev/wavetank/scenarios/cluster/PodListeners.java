package dev.wavetank.scenarios.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpRequest;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The processes of a pod with an address of its own. */
final class PodListeners implements HttpListeners {

  private final PodSandbox sandbox;
  private final CoreDnsProcesses dns;
  private @Nullable OpenConnections connections;

  PodListeners(PodSandbox sandbox, CoreDnsProcesses dns) {
    this.sandbox = sandbox;
    this.dns = dns;
  }

  PodSandbox sandbox() {
    return sandbox;
  }

  @Override
  public boolean listening(Protocol protocol, int port) {
    return sandbox.listening(protocol, port);
  }

  @Override
  public void accepted(Connection connection) {
    OpenConnections open = connections;
    if (open == null) {
      open = new OpenConnections(sandbox);
      connections = open;
    }
    open.add(connection);
  }

  @Override
  public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {
    datagram(sandbox, dns, packet, payload, reply);
  }

  /** Hands a datagram to CoreDNS where that runs in the pod, and else to its containers. */
  static void datagram(
      PodSandbox sandbox,
      CoreDnsProcesses dns,
      Packet packet,
      byte[] payload,
      Consumer<byte[]> reply) {
    if (dns.datagram(sandbox, packet, payload, reply)) {
      return;
    }
    String answer = sandbox.datagram(packet.destinationPort(), new String(payload, UTF_8));
    if (!answer.isEmpty()) {
      reply.accept(answer.getBytes(UTF_8));
    }
  }

  @Override
  public @Nullable Exchange handle(HttpRequest request, int port, Consumer<HttpResult> then) {
    return sandbox.handle(request, port, then);
  }

  @Override
  public boolean serving(int port) {
    return sandbox.server(port) != null;
  }

  @Override
  public @Nullable ServerConnection serve(int port, ServerConnection.Client client) {
    return sandbox.listening(Protocol.TCP, port)
        ? ServerConnection.to(sandbox, port, client)
        : null;
  }
}
