package dev.wavetank.dns;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.core.sim.Timer;
import dev.wavetank.dns.resolver.Lookup;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/** The questions of one ask on their way to a server, and their answers on the way back. */
final class Exchange {
  private final Simulation simulation;
  private final Transport transport;
  private final Source source;
  private final Lookup.Ask ask;
  private final Lookup lookup;
  private final @Nullable Trail trail;
  private final Runnable next;
  private final Lookup.@Nullable Answer[] answers;
  private final long beganNanos;
  private int sent;
  private int missing;
  private int socket = Transport.OWN_SOCKET;
  private boolean over;
  private @Nullable Timer timeout;

  /**
   * An exchange that has not begun.
   *
   * @param next runs after the lookup was told
   */
  Exchange(
      Simulation simulation,
      Transport transport,
      Source source,
      Lookup.Ask ask,
      Lookup lookup,
      @Nullable Trail trail,
      Runnable next) {
    this.simulation = simulation;
    this.transport = transport;
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
            ask.timeoutNanos(), "resolver/timeout", ask.server(), () -> end(this::timedOut));
    boolean shared =
        ask.pace() == Lookup.Pace.SINGLE
            || (ask.pace() == Lookup.Pace.TOGETHER && transport.oneSocket());
    if (shared && ask.transport() == Protocol.UDP) {
      socket = transport.socket(source);
    }
    int first = ask.pace() == Lookup.Pace.TOGETHER ? answers.length : 1;
    while (sent < first && !over) {
      sendNext();
    }
  }

  private void sendNext() {
    int position = sent++;
    transport.send(
        source,
        socket,
        IpAddress.parse(ask.server()),
        ask.port(),
        ask.transport(),
        ask.questions().get(position).toWire(),
        ask.timeoutNanos(),
        trail,
        receiver(position));
  }

  private void timedOut() {
    lookup.timedOut(received());
  }

  private Transport.Receiver receiver(int position) {
    return new Transport.Receiver() {
      @Override
      public void answered(byte[] answer) {
        received(position, answer);
      }

      @Override
      public void refused() {
        end(lookup::refused);
      }

      @Override
      public void timedOut() {
        end(Exchange.this::timedOut);
      }
    };
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
      end(() -> lookup.answered(received()));
    } else if (sent < answers.length) {
      sendNext();
    }
  }

  /** The answers that have come, in the order of their questions. */
  private ImmutableList<Lookup.Answer> received() {
    ImmutableList.Builder<Lookup.Answer> all = ImmutableList.builder();
    for (Lookup.@Nullable Answer answer : answers) {
      if (answer != null) {
        all.add(answer);
      }
    }
    return all.build();
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
