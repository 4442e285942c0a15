package dev.wavetank.core.kubelet.streaming;

import dev.wavetank.core.apiserver.http.StreamConnection;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.network.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ports of a pod, reached from within its network namespace: by its loopback interface, past every
 * rule for packets that come from elsewhere.
 *
 * <p>Follows staging/src/k8s.io/cri-streaming/pkg/streaming/portforward/httpstream.go (v1.36); the
 * words of a refusal are the container runtime's.
 */
public final class PortForwardConnection implements StreamConnection, PodSandbox.Observer {

  /** Most connections at once. */
  static final int CONNECTIONS_MAX = 1000;

  /** Where the pod sees it come from; the port is one of those that clients get. */
  private static final String LOOPBACK = "127.0.0.1:" + (32_768 + CONNECTIONS_MAX);

  private final PodSandbox sandbox;
  private final Map<Integer, ServerConnection> open = new LinkedHashMap<>();
  private @Nullable Client client;

  /** A connection to the pod of that sandbox. */
  public PortForwardConnection(PodSandbox sandbox) {
    this.sandbox = sandbox;
  }

  @Override
  public void start(Client newClient) {
    client = newClient;
    sandbox.observe(this);
  }

  @Override
  public void open(int stream, int port) {
    Client hears = client;
    if (hears == null) {
      return;
    }
    if (open.size() >= CONNECTIONS_MAX) {
      refuse(hears, stream, port, "more than " + CONNECTIONS_MAX + " connections");
    } else if (!sandbox.listening(Protocol.TCP, port)) {
      refuse(hears, stream, port, unreachable(port));
    } else {
      Forwarded back = new Forwarded(hears, stream);
      ServerConnection connection = ServerConnection.to(sandbox, port, LOOPBACK, back);
      open.put(stream, connection);
    }
  }

  private String unreachable(int port) {
    return "failed to execute portforward in network namespace \"/var/run/netns/cni-"
        + sandbox.podUid()
        + "\": failed to connect to localhost:"
        + port
        + " inside namespace \""
        + sandbox.id()
        + "\", IPv4: dial tcp4 127.0.0.1:"
        + port
        + ": connect: connection refused IPv6 dial tcp6 [::1]:"
        + port
        + ": connect: connection refused ";
  }

  private void refuse(Client hears, int stream, int port, String why) {
    String words = "error forwarding port " + port + " to pod " + sandbox.id() + ", uid : " + why;
    hears.write(stream + 1, words.getBytes(StandardCharsets.UTF_8));
    hears.end(stream + 1);
    hears.end(stream);
  }

  /** The way back of one connection. */
  private final class Forwarded implements ServerConnection.Client {
    private final Client hears;
    private final int stream;

    Forwarded(Client hears, int stream) {
      this.hears = hears;
      this.stream = stream;
    }

    @Override
    public void write(byte[] piece) {
      hears.write(stream, piece);
    }

    @Override
    public void end() {
      open.remove(stream);
      hears.end(stream + 1);
      hears.end(stream);
    }
  }

  @Override
  public void receive(int stream, byte[] piece) {
    ServerConnection connection = open.get(stream);
    if (connection != null) {
      connection.receive(piece);
    }
  }

  @Override
  public void receiveEnd(int stream) {
    ServerConnection connection = open.get(stream);
    if (connection != null) {
      connection.receiveEnd();
    }
  }

  @Override
  public void changed(PodSandbox changed) {
    Client hears = client;
    if (hears != null && !sandbox.ready()) {
      stop();
      hears.close();
      return;
    }
    List<ServerConnection> all = new ArrayList<>(open.values());
    for (ServerConnection connection : all) {
      if (!sandbox.serves(Protocol.TCP, connection.port())) {
        connection.reset();
      }
    }
  }

  @Override
  public boolean waiting() {
    return open.values().stream().anyMatch(ServerConnection::working);
  }

  @Override
  public void stop() {
    client = null;
    sandbox.forget(this);
    open.values().forEach(ServerConnection::stop);
    open.clear();
  }
}
