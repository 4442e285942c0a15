package dev.wavetank.dns;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A question on its way to one server, asked once: its answer, or that none came in time. */
final class Relay implements Transport.Receiver {

  private final Consumer<byte @Nullable []> then;
  private @Nullable Timer timeout;
  private boolean over;

  private Relay(Consumer<byte @Nullable []> then) {
    this.then = then;
  }

  /**
   * Sends a question.
   *
   * @param patienceNanos how long an answer is waited for
   * @param timeout label of the event in which the patience ends
   * @param subject subject of that event
   * @param then takes the answer, or null when none came
   */
  static void send(
      Simulation simulation,
      Transport transport,
      Source source,
      IpAddress server,
      Protocol protocol,
      byte[] question,
      long patienceNanos,
      String timeout,
      Object subject,
      Consumer<byte @Nullable []> then) {
    Relay relay = new Relay(then);
    relay.timeout = simulation.after(patienceNanos, timeout, subject, () -> relay.end(null));
    transport.send(
        source,
        Transport.OWN_SOCKET,
        server,
        ClusterDns.PORT,
        protocol,
        question,
        patienceNanos,
        null,
        relay);
  }

  private void end(byte @Nullable [] answer) {
    if (!over) {
      over = true;
      if (timeout != null) {
        timeout.cancel();
      }
      then.accept(answer);
    }
  }

  @Override
  public void answered(byte[] answer) {
    end(answer);
  }

  @Override
  public void refused() {
    end(null);
  }

  @Override
  public void timedOut() {
    end(null);
  }
}
