package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Protocol;
import org.jspecify.annotations.Nullable;

/** The ways on which connections of programs carry bytes. */
final class StreamClient {

  /** How long bytes take within a pod. */
  private static final long LOOPBACK_NANOS = 20_000;

  private StreamClient() {}

  /** Carries bytes over a connection that is made, and hands it to its program. */
  static void over(
      Network network, Connection made, String address, ProgramNetwork.SocketListener listener) {
    StreamSocket socket =
        new StreamSocket(
            new StreamSocket.Carrier() {
              @Override
              public void carry(boolean toServer, int bytes, Runnable arrived) {
                network.segment(
                    made,
                    toServer,
                    bytes,
                    "socket/segment",
                    address,
                    () -> {
                      if (made.state() == Connection.State.ESTABLISHED) {
                        arrived.run();
                      }
                    });
              }

              @Override
              public void close() {
                made.close();
              }
            },
            listener,
            address);
    made.handOver(
        new Connection.Client() {
          @Override
          public void established(Connection connection) {}

          @Override
          public void failed(Connection connection, Connection.Failure failure, String detail) {
            socket.fail(failure == Connection.Failure.TIMEOUT ? Failure.TIMED_OUT : Failure.RESET);
          }
        });
    int port = made.delivered().destinationPort();
    socket.begin(
        made.server() instanceof HttpListeners server
            ? server.serve(port, HttpListeners.client(made), socket)
            : null);
  }

  /** Carries bytes within a pod; refused when nobody listens. */
  static void within(
      PodSandbox sandbox, int port, String address, ProgramNetwork.SocketListener listener) {
    if (!sandbox.listening(Protocol.TCP, port)) {
      listener.failed(new ProgramNetwork.Outcome(Failure.REFUSED, HttpClient.NOTHING, address));
      return;
    }
    Loopback loopback = new Loopback(sandbox, port);
    StreamSocket socket = new StreamSocket(loopback, listener, address);
    loopback.socket = socket;
    sandbox.observe(loopback);
    socket.begin(ServerConnection.to(sandbox, port, LoopbackRequest.client(sandbox), socket));
  }

  private static final class Loopback implements StreamSocket.Carrier, PodSandbox.Observer {
    private final PodSandbox sandbox;
    private final int port;
    private @Nullable StreamSocket socket;

    Loopback(PodSandbox sandbox, int port) {
      this.sandbox = sandbox;
      this.port = port;
    }

    @Override
    public void carry(boolean toServer, int bytes, Runnable arrived) {
      sandbox.runtime().simulation().after(LOOPBACK_NANOS, "socket/segment", port, arrived);
    }

    @Override
    public void close() {
      sandbox.forget(this);
    }

    @Override
    public void changed(PodSandbox changed) {
      StreamSocket open = socket;
      if (open != null && !sandbox.serves(Protocol.TCP, port)) {
        open.fail(Failure.RESET);
      }
    }
  }
}
