package dev.wavetank.dns;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.core.sim.Timer;
import dev.wavetank.dns.resolver.Lookup;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/** The questions of one ask on their way to a server, and their answers on the way back. */
final class Exchange {
  private final Simulation simulation;
  private final Network network;
  private final Function<IpAddress, @Nullable DnsServer> servers;
  private final Source source;
  private final Lookup.Ask ask;
  private final Lookup lookup;
  private final @Nullable Trail trail;
  private final Runnable next;
  private final Lookup.@Nullable Answer[] answers;
  private final long beganNanos;
  private int missing;
  private boolean over;
  private @Nullable Timer timeout;

  /**
   * An exchange that has not begun.
   *
   * @param servers who serves DNS at an address, for questions over TCP
   * @param next runs after the lookup was told
   */
  Exchange(
      Simulation simulation,
      Network network,
      Function<IpAddress, @Nullable DnsServer> servers,
      Source source,
      Lookup.Ask ask,
      Lookup lookup,
      @Nullable Trail trail,
      Runnable next) {
    this.simulation = simulation;
    this.network = network;
    this.servers = servers;
    this.source = source;
    this.ask = ask;
    this.lookup = lookup;
    this.trail = trail;
    this.next = next;
    this.answers = new Lookup.Answer[ask.questions().size()];
    this.missing = answers.length;
    this.beganNanos = simulation.now();
  }

  void send() {
    timeout =
        simulation.after(
            ask.timeoutNanos(), "resolver/timeout", ask.server(), () -> end(lookup::timedOut));
    IpAddress server = IpAddress.parse(ask.server());
    for (int i = 0; i < answers.length && !over; i++) {
      if (ask.transport() == Protocol.TCP) {
        connect(server, i);
      } else {
        int position = i;
        network.datagram(
            source,
            server,
            ask.port(),
            ask.questions().get(i).toWire(),
            trail,
            payload -> received(position, payload),
            by -> end(lookup::refused));
      }
    }
  }

  private void received(int position, byte[] payload) {
    try {
      received(position, new Message(payload), payload.length);
    } catch (IOException e) {
      throw new SimulationBug("a DNS server sent what is no message: " + e.getMessage());
    }
  }

  private void received(int position, Message message, int bytes) {
    if (over || answers[position] != null) {
      return;
    }
    answers[position] = new Lookup.Answer(message, bytes, simulation.now() - beganNanos);
    missing--;
    if (missing == 0) {
      ImmutableList.Builder<Lookup.Answer> all = ImmutableList.builder();
      for (Lookup.@Nullable Answer answer : answers) {
        if (answer != null) {
          all.add(answer);
        }
      }
      end(() -> lookup.answered(all.build()));
    }
  }

  private void connect(IpAddress server, int position) {
    network.connect(
        source,
        server,
        ask.port(),
        ask.timeoutNanos(),
        trail,
        new Connection.Client() {
          @Override
          public void established(Connection connection) {
            ask(connection, position);
          }

          @Override
          public void failed(Connection connection, Connection.Failure failure, String detail) {
            boolean silent = failure == Connection.Failure.TIMEOUT;
            end(silent ? lookup::timedOut : lookup::refused);
          }
        });
  }

  private void ask(Connection connection, int position) {
    DnsServer server = servers.apply(connection.delivered().destination());
    if (server == null) {
      // Whoever took the connection does not speak DNS.
      return;
    }
    long arrival = simulation.now() + connection.oneWayNanos();
    DnsServer.Response response =
        server.answer(ask.questions().get(position), Protocol.TCP, arrival);
    if (response == null) {
      return;
    }
    simulation.after(
        2 * connection.oneWayNanos() + response.delayNanos(),
        "network/reply",
        ask.server(),
        () -> {
          connection.close();
          received(position, response.message(), response.sizeBytes());
        });
  }

  private void end(Runnable outcome) {
    if (over) {
      return;
    }
    over = true;
    if (timeout != null) {
      timeout.cancel();
    }
    outcome.run();
    next.run();
  }
}
