package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.List;

/** Connections to the processes of a sandbox: reset when nobody listens on their port any more. */
final class OpenConnections implements PodSandbox.Observer {

  /** Connections are looked over for closed ones when there are so many more than at the last. */
  private static final int CLOSED_MAX = 64;

  private final PodSandbox sandbox;
  private final List<Connection> connections = new ArrayList<>(1);
  private int open;

  OpenConnections(PodSandbox sandbox) {
    this.sandbox = sandbox;
  }

  void add(Connection connection) {
    if (connections.isEmpty()) {
      sandbox.observe(this);
    } else if (connections.size() >= 2 * open + CLOSED_MAX) {
      connections.removeIf(OpenConnections::over);
      open = connections.size();
    }
    connections.add(connection);
  }

  private static boolean over(Connection connection) {
    return switch (connection.state()) {
      case CLOSED, FAILED -> true;
      case CONNECTING, ESTABLISHED -> false;
    };
  }

  @Override
  public void changed(PodSandbox changed) {
    List<Connection> broken = new ArrayList<>();
    connections.removeIf(
        connection -> {
          boolean lost =
              !over(connection)
                  && !sandbox.serves(Protocol.TCP, connection.delivered().destinationPort());
          if (lost) {
            broken.add(connection);
          }
          return lost || over(connection);
        });
    open = connections.size();
    if (connections.isEmpty()) {
      sandbox.forget(this);
    }
    for (Connection connection : broken) {
      connection.reset("the process behind " + connection.delivered().destination() + " ended");
    }
  }
}
