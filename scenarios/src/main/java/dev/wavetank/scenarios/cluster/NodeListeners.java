package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.container.TlsAnswer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.ServiceHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a node itself: pods in the host network, the kubelet, kube-proxy's health check
 * ports, and the API server where it runs on that address.
 *
 * <p>The ports of kubelet and API server speak TLS, so a plain request is answered as Go's servers
 * answer it.
 */
final class NodeListeners implements HttpListeners {

  private static final int KUBELET_PORT = 10250;
  private static final HttpResponse PLAIN_TO_TLS =
      HttpResponse.of(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n");

  private final Kubelets kubelets;
  private final CoreDnsProcesses dns;
  private final IpAddress address;
  private final int apiServerPort;
  private final HealthPorts healthPorts;
  private final ApiServerProcess apiServer;
  private final Map<PodSandbox, OpenConnections> connections = new LinkedHashMap<>();

  /**
   * The processes of one node.
   *
   * @param apiServerPort the port of the API server on this address; 0 when it is elsewhere
   * @param apiServer answers there
   * @param healthPorts of the node's kube-proxy
   */
  NodeListeners(
      Kubelets kubelets,
      CoreDnsProcesses dns,
      IpAddress address,
      int apiServerPort,
      ApiServerProcess apiServer,
      HealthPorts healthPorts) {
    this.apiServer = apiServer;
    this.kubelets = kubelets;
    this.dns = dns;
    this.address = address;
    this.apiServerPort = apiServerPort;
    this.healthPorts = healthPorts;
  }

  /** Where a kube-proxy tells whether the node has endpoints of its own, and how it is itself. */
  interface HealthPorts {
    /** What it answers at that port now to a path; null when it does not listen there. */
    @Nullable ServiceHealth at(int port, String path);
  }

  private boolean ofTheNode(Protocol protocol, int port) {
    return protocol == Protocol.TCP
        && ((port == KUBELET_PORT && kubelets.atNode(address) != null)
            || (port == apiServerPort && port != 0));
  }

  @Override
  public boolean listening(Protocol protocol, int port) {
    return ofTheNode(protocol, port)
        || kubelets.listener(address, protocol, port) != null
        || (protocol == Protocol.TCP && healthPorts.at(port, "") != null);
  }

  @Override
  public void accepted(Connection connection) {
    Packet first = connection.delivered();
    PodSandbox sandbox = kubelets.listener(address, first.protocol(), first.destinationPort());
    if (sandbox != null) {
      connections.keySet().removeIf(other -> !other.ready());
      connections.computeIfAbsent(sandbox, OpenConnections::new).add(connection);
    }
  }

  @Override
  public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {
    PodSandbox sandbox = kubelets.listener(address, Protocol.UDP, packet.destinationPort());
    if (sandbox != null) {
      PodListeners.datagram(sandbox, dns, packet, payload, reply);
    }
  }

  @Override
  public void touch(int port, String from) {
    PodSandbox sandbox = kubelets.listener(address, Protocol.TCP, port);
    if (sandbox != null) {
      sandbox.touch(port, from);
    }
  }

  @Override
  public @Nullable Exchange handle(HttpRequest request, int port, Consumer<HttpResult> then) {
    PodSandbox sandbox = kubelets.listener(address, Protocol.TCP, port);
    for (PodSandbox other : connections.keySet()) {
      sandbox = sandbox == null && other.server(port) != null ? other : sandbox;
    }
    if (sandbox != null) {
      return sandbox.handle(request, port, then);
    }
    ServiceHealth health = healthPorts.at(port, request.plainPath());
    if (port == apiServerPort && port != 0) {
      apiServer.handle(request, then);
    } else if (ofTheNode(Protocol.TCP, port)) {
      then.accept(new HttpResult.Answered(PLAIN_TO_TLS));
    } else if (health != null) {
      then.accept(
          new HttpResult.Answered(
              new HttpResponse(health.code(), health.headers(), health.body())));
    }
    return null;
  }

  @Override
  public TlsAnswer tls(int port, String serverName) {
    PodSandbox sandbox = kubelets.listener(address, Protocol.TCP, port);
    if (sandbox != null) {
      return sandbox.tls(port, serverName);
    }
    if (port == apiServerPort && port != 0) {
      return apiServer.tls();
    }
    return ofTheNode(Protocol.TCP, port) ? TlsAnswer.UNKNOWN : TlsAnswer.NONE;
  }

  @Override
  public boolean serving(int port) {
    return listening(Protocol.TCP, port)
        || connections.keySet().stream().anyMatch(sandbox -> sandbox.serves(Protocol.TCP, port));
  }

  @Override
  public @Nullable ServerConnection serve(int port, String from, ServerConnection.Client client) {
    PodSandbox sandbox = kubelets.listener(address, Protocol.TCP, port);
    return sandbox == null ? null : ServerConnection.to(sandbox, port, from, client);
  }
}
