package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections to the processes of a sandbox: reset when nobody answers on their port any more. When
 * a server drains, those on which it has answered are ended, and the others when it has.
 */
final class OpenConnections implements PodSandbox.Observer {

  /** Connections are looked over for closed ones when there are so many more than at the last. */
  private static final int CLOSED_MAX = 64;

  /** For so long a server that drains waits for the first request of a connection. */
  private static final long FIRST_REQUEST_NANOS_MAX = 5_000_000_000L;

  private final PodSandbox sandbox;
  private final List<Connection> connections = new ArrayList<>(1);
  private int open;

  /** When the drain was first seen; -1 before. */
  private long drainNanos = -1;

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
          Protocol protocol = connection.delivered().protocol();
          boolean lost = !over(connection) && !sandbox.serves(protocol, port(connection));
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
    for (Connection connection : List.copyOf(connections)) {
      if (!sandbox.listening(connection.delivered().protocol(), port(connection))) {
        drain(connection);
      }
    }
  }

  private static int port(Connection connection) {
    return connection.delivered().destinationPort();
  }

  private void drain(Connection connection) {
    Simulation simulation = sandbox.runtime().simulation();
    drainNanos = drainNanos < 0 ? simulation.now() : drainNanos;
    long oneWay = connection.oneWayNanos();
    if (connection.busy()) {
      simulation.after(oneWay, "network/goaway", connection.source(), connection::goAway);
    } else if (connection.used() && !connection.ending()) {
      connection.end();
      simulation.after(oneWay, "network/fin", connection.source(), connection::finish);
    }
  }

  @Override
  public boolean clientsWait() {
    long waited = drainNanos < 0 ? 0 : sandbox.runtime().simulation().now() - drainNanos;
    for (Connection connection : connections) {
      boolean first = !connection.used() && waited < FIRST_REQUEST_NANOS_MAX;
      if (!over(connection) && (connection.busy() || first)) {
        return true;
      }
    }
    return false;
  }
}
