package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.sim.Timer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One datagram of a program, and the first answer to it. */
final class DatagramRequest {

  private final PodNetwork names;
  private final Network network;
  private final PodSandbox from;
  private final int port;
  private String address = "";
  private @Nullable Consumer<Outcome> then;
  private @Nullable Timer timeout;

  DatagramRequest(
      PodNetwork names, Network network, PodSandbox from, int port, Consumer<Outcome> then) {
    this.names = names;
    this.network = network;
    this.from = from;
    this.port = port;
    this.then = then;
  }

  /** Looks the place up, and sends. */
  void send(String place, String text, long timeoutNanos) {
    timeout =
        names
            .simulation()
            .after(timeoutNanos, "udp/timeout", place, () -> end(Failure.TIMED_OUT, ""));
    if (PodNetwork.loopback(place) && !from.hostNetwork()) {
      sendWithin(place, text);
      return;
    }
    String host = PodNetwork.loopback(place) ? PodNetwork.own(from, place) : place;
    names.resolve(
        PodNetwork.source(from),
        names.resolver(from),
        host,
        null,
        (failure, addresses) -> resolved(failure, addresses, text));
  }

  private void resolved(Failure failure, List<IpAddress> addresses, String text) {
    if (addresses.isEmpty()) {
      end(failure, "");
    } else if (then != null) {
      IpAddress to = addresses.get(0);
      address = SocketAddress.text(to, port);
      network.datagram(
          PodNetwork.source(from),
          to,
          port,
          ByteText.bytes(text),
          null,
          answer -> end(Failure.NONE, ByteText.text(answer)),
          refused -> end(Failure.REFUSED, ""));
    }
  }

  private void sendWithin(String place, String text) {
    address = SocketAddress.text(place, port);
    if (from.listening(Protocol.UDP, port)) {
      from.datagram(port, text, LoopbackRequest.client(from), answer -> end(Failure.NONE, answer));
    } else {
      end(Failure.REFUSED, "");
    }
  }

  private void end(Failure failure, String answer) {
    Consumer<Outcome> hears = then;
    if (hears == null) {
      return;
    }
    then = null;
    if (timeout != null) {
      timeout.cancel();
    }
    HttpResponse response = new HttpResponse(0, ImmutableMap.of(), answer);
    hears.accept(new Outcome(failure, response, address));
  }
}
