package dev.wavetank.scenarios.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams of one client from one socket: the name is looked up once, the port stays. To the nodes
 * on the way they are one flow for as long as they keep coming, whatever becomes of the pod that
 * the first of them was sent to.
 */
public final class DatagramSession implements RequestSession {

  private static final int ANSWERED = 200;

  private final Reachability reachability;
  private final Network network;
  private final Simulation simulation;
  private final String from;
  private final String host;
  private final int port;
  private @Nullable IpAddress address;
  private int localPort;

  DatagramSession(Reachability reachability, Network network, String from, String host, int port) {
    this.reachability = reachability;
    this.network = network;
    this.simulation = reachability.simulation();
    this.from = from;
    this.host = host;
    this.port = port;
  }

  /** The outcome says ok when an answer came; who answered is not known but by what it says. */
  @Override
  public void send(String text, Duration patience, Consumer<Reach> then) {
    Client client = reachability.client(from, Cluster.DEFAULT_NAMESPACE);
    new Datagram(client, text, patience, then).begin();
  }

  private final class Datagram {
    private final Client client;
    private final String text;
    private final Duration patience;
    private final Consumer<Reach> then;
    private final long beganNanos = simulation.now();
    private @Nullable Timer timer;
    private boolean over;

    Datagram(Client client, String text, Duration patience, Consumer<Reach> then) {
      this.client = client;
      this.text = text;
      this.patience = patience;
      this.then = then;
    }

    void begin() {
      timer =
          simulation.after(
              patience.toNanos(),
              "udp/timeout",
              host,
              () -> end(Failure.TIMED_OUT, "no answer in time", ""));
      IpAddress known = address;
      if (known != null) {
        send(known);
      } else {
        reachability.resolve(client, host, this::resolved);
      }
    }

    private void resolved(Failure failure, @Nullable IpAddress found) {
      if (found == null) {
        end(failure, host, "");
        return;
      }
      if (address == null) {
        address = found;
        localPort = network.localPort(client.source());
      }
      if (!over) {
        send(found);
      }
    }

    private void send(IpAddress to) {
      network.datagram(
          client.source(),
          localPort,
          to,
          port,
          text.getBytes(UTF_8),
          null,
          answer -> end(Failure.NONE, "", new String(answer, UTF_8)),
          refused -> end(Failure.REFUSED, refused, ""));
    }

    private void end(Failure failure, String detail, String answer) {
      if (over) {
        return;
      }
      over = true;
      if (timer != null) {
        timer.cancel();
      }
      IpAddress to = address;
      String place = to == null ? "" : to + ":" + port;
      then.accept(
          new Reach(
              client.words(),
              host + ":" + port,
              failure,
              detail,
              place,
              place,
              answer,
              "",
              new HttpResponse(failure == Failure.NONE ? ANSWERED : 0, ImmutableMap.of(), answer),
              Duration.ofNanos(simulation.now() - beganNanos)));
    }
  }
}
