package dev.wavetank.dns;

import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.sim.Simulation;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Carries a question's bytes through the network to a server, and the answer's bytes back. */
final class Transport {

  /** Told what became of a question; of a datagram that is lost nobody hears. */
  interface Receiver {

    void answered(byte[] answer);

    /** Nobody took the question. */
    void refused();

    /** No connection came about in time. */
    void timedOut();
  }

  /** A socket that is opened for one datagram. */
  static final int OWN_SOCKET = 0;

  private final Simulation simulation;
  private final Network network;
  private final Function<IpAddress, @Nullable DnsServer> servers;
  private boolean oneSocket;

  /**
   * A way to servers.
   *
   * @param servers who serves DNS at an address, for questions over TCP
   */
  Transport(
      Simulation simulation, Network network, Function<IpAddress, @Nullable DnsServer> servers) {
    this.simulation = simulation;
    this.network = network;
    this.servers = servers;
  }

  /** Lets questions that are asked together leave from one socket. */
  void shareSockets() {
    oneSocket = true;
  }

  /** Whether questions that are asked together leave from one socket. */
  boolean oneSocket() {
    return oneSocket;
  }

  /** Opens a socket for datagrams, named by its port. */
  int socket(Source source) {
    return network.localPort(source);
  }

  /**
   * Sends a question.
   *
   * @param socket where a datagram leaves: {@link #socket}, or {@link #OWN_SOCKET}
   * @param timeoutNanos how long a connection may take
   * @param trail told of each packet's way, or null when nobody looks
   */
  void send(
      Source source,
      int socket,
      IpAddress server,
      int port,
      Protocol protocol,
      byte[] question,
      long timeoutNanos,
      @Nullable Trail trail,
      Receiver receiver) {
    if (protocol == Protocol.TCP) {
      Connection.Client client = client(server, question, receiver);
      network.connect(source, server, port, timeoutNanos, trail, client);
    } else {
      network.datagram(
          source,
          socket == OWN_SOCKET ? network.localPort(source) : socket,
          server,
          port,
          question,
          trail,
          receiver::answered,
          by -> receiver.refused());
    }
  }

  private Connection.Client client(IpAddress server, byte[] question, Receiver receiver) {
    return new Connection.Client() {
      @Override
      public void established(Connection connection) {
        ask(connection, server, question, receiver);
      }

      @Override
      public void failed(Connection connection, Connection.Failure failure, String detail) {
        if (failure == Connection.Failure.TIMEOUT) {
          receiver.timedOut();
        } else {
          receiver.refused();
        }
      }
    };
  }

  private void ask(Connection connection, IpAddress asked, byte[] question, Receiver receiver) {
    if (connection.server() instanceof NodeCache cache) {
      askCache(connection, cache, question, receiver);
      return;
    }
    DnsServer server = servers.apply(connection.delivered().destination());
    if (server == null) {
      // Whoever took the connection does not speak DNS.
      return;
    }
    long arrival = simulation.now() + connection.oneWayNanos();
    DnsServer.Response response =
        server.answer(question, Protocol.TCP, arrival, connection.delivered().source().toString());
    if (response == null) {
      return;
    }
    simulation.after(
        2 * connection.oneWayNanos() + response.delayNanos(),
        "network/reply",
        asked,
        () -> {
          connection.close();
          receiver.answered(response.wire());
        });
  }

  private void askCache(
      Connection connection, NodeCache cache, byte[] question, Receiver receiver) {
    long oneWay = connection.oneWayNanos();
    IpAddress client = connection.delivered().source();
    Consumer<byte[]> reply =
        answer ->
            simulation.after(
                oneWay,
                "network/reply",
                client,
                () -> {
                  connection.close();
                  receiver.answered(answer);
                });
    simulation.after(
        oneWay,
        "network/question",
        client,
        () -> cache.question(Protocol.TCP, client, question, reply));
  }
}
