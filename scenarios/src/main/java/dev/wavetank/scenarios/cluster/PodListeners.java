package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.container.TlsAnswer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
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
    sandbox.datagram(
        packet.destinationPort(),
        ByteText.text(payload),
        SocketAddress.text(packet.source(), packet.sourcePort()),
        answer -> reply.accept(ByteText.bytes(answer)));
  }

  @Override
  public void touch(int port, String from) {
    sandbox.touch(port, from);
  }

  @Override
  public @Nullable Exchange handle(HttpRequest request, int port, Consumer<HttpResult> then) {
    return sandbox.handle(request, port, then);
  }

  @Override
  public TlsAnswer tls(int port, String serverName) {
    return sandbox.tls(port, serverName);
  }

  @Override
  public boolean serving(int port) {
    return sandbox.serves(Protocol.TCP, port);
  }

  @Override
  public @Nullable ServerConnection serve(int port, String from, ServerConnection.Client client) {
    return sandbox.listening(Protocol.TCP, port)
        ? ServerConnection.to(sandbox, port, from, client)
        : null;
  }
}
