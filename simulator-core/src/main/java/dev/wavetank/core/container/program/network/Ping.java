package dev.wavetank.core.container.program.network;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.program.ProgramOptions;
import dev.wavetank.core.container.stream.Signal;
import java.util.Locale;

/**
 * The program {@code ping}. An echo is a packet to a port at which nobody can listen: it passes the
 * same rules as every other packet, and a host that answers anything is there. The virtual address
 * of a Service has no host.
 */
final class Ping {

  private static final int PORT = 0;

  private static final int BYTES = 56;
  private static final int TTL = 62;

  private final ProgramContext context;
  private final String host;
  private final boolean busyBox;
  private final boolean quiet;
  private final long count;
  private final long intervalNanos;
  private final long lingerNanos;
  private final long startNanos;
  private String address = "";
  private long sent;
  private long received;
  private long waiting;
  private double minMillis = Double.MAX_VALUE;
  private double maxMillis;
  private double sumMillis;
  private double sumOfSquares;
  private boolean over;

  private Ping(ProgramContext context, ProgramOptions options, long[] times) {
    this.context = context;
    this.host = options.operands().get(0);
    this.busyBox = context.container().busyBox();
    this.quiet = options.has("q");
    this.count = times[0];
    this.intervalNanos = times[1];
    this.lingerNanos = times[2];
    this.startNanos = now();
  }

  static void run(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "c:i:W:w:s:t:I:qn46v");
    if (options == null) {
      return;
    }
    long count = number(options.value("c", "0"));
    long interval = NetworkPrograms.nanos(options.value("i", "1"));
    long linger = NetworkPrograms.nanos(options.value("W", "10"));
    long deadline = options.has("w") ? NetworkPrograms.nanos(options.value("w", "")) : 0;
    if (options.operands().size() != 1 || count < 0 || interval < 0 || linger < 0 || deadline < 0) {
      context.err("ping: usage: ping [-c COUNT] [-i SECS] [-W SECS] [-w SECS] HOST\n");
      context.exit(context.container().busyBox() ? 1 : 2);
      return;
    }
    Ping ping = new Ping(context, options, new long[] {count, interval, linger});
    context.onSignal(
        signal -> {
          boolean interrupts = signal == Signal.INT;
          if (interrupts) {
            ping.end();
          }
          return interrupts;
        });
    if (deadline > 0) {
      context.after(deadline, ping::end);
    }
    ping.echo();
  }

  private static long number(String text) {
    return text.matches("\\d{1,9}") ? Long.parseLong(text) : -1;
  }

  private long now() {
    return context.container().simulation().now();
  }

  private void echo() {
    if (over) {
      return;
    }
    long begun = now();
    long number = sent++;
    waiting++;
    context
        .network()
        .connect(
            context.container().sandbox(),
            host,
            PORT,
            lingerNanos,
            context.unlessOver(outcome -> answered(outcome, number, now() - begun)));
    if (!over && (count == 0 || sent < count)) {
      context.after(intervalNanos, this::echo);
    }
  }

  private void answered(Outcome outcome, long number, long nanos) {
    if (over) {
      return;
    }
    waiting--;
    if (outcome.address().isEmpty()) {
      over = true;
      context.err(
          busyBox
              ? "ping: bad address '" + host + "'\n"
              : "ping: " + host + ": Name or service not known\n");
      context.exit(busyBox ? 1 : 2);
      return;
    }
    if (address.isEmpty()) {
      address = outcome.address().substring(0, outcome.address().lastIndexOf(':'));
      heading();
    }
    if (outcome.failure() == Failure.NONE
        || outcome.failure() == Failure.REFUSED
        || outcome.failure() == Failure.RESET) {
      reply(number, nanos / 1e6);
    }
    if (count > 0 && sent >= count && waiting == 0) {
      end();
    }
  }

  private void heading() {
    context.out(
        "PING "
            + host
            + " ("
            + address
            + (busyBox ? "): " + BYTES + " data bytes\n" : ") " + BYTES + "(84) bytes of data.\n"));
  }

  private void reply(long number, double millis) {
    received++;
    minMillis = Math.min(minMillis, millis);
    maxMillis = Math.max(maxMillis, millis);
    sumMillis += millis;
    sumOfSquares += millis * millis;
    if (!quiet) {
      context.out(
          String.format(
              Locale.ROOT,
              "64 bytes from %s: %s=%d ttl=%d time=%.3f ms\n",
              address,
              busyBox ? "seq" : "icmp_seq",
              busyBox ? number : number + 1,
              address.startsWith("127.") ? 64 : TTL,
              millis));
    }
  }

  /** Says how many came back, and ends. */
  private void end() {
    if (over) {
      return;
    }
    over = true;
    if (address.isEmpty()) {
      address = host;
      heading();
    }
    long lost = sent == 0 ? 0 : (sent - received) * 100 / sent;
    context.out("\n--- " + host + " ping statistics ---\n" + sent + " packets transmitted, ");
    long tookMillis = (now() - startNanos) / 1_000_000;
    context.out(
        busyBox
            ? received + " packets received, " + lost + "% packet loss\n"
            : received + " received, " + lost + "% packet loss, time " + tookMillis + "ms\n");
    if (received > 0) {
      double average = sumMillis / received;
      String times = String.format(Locale.ROOT, "%.3f/%.3f/%.3f", minMillis, average, maxMillis);
      double deviation = Math.sqrt(Math.max(0, sumOfSquares / received - average * average));
      context.out(
          busyBox
              ? "round-trip min/avg/max = " + times + " ms\n"
              : String.format(
                  Locale.ROOT, "rtt min/avg/max/mdev = %s/%.3f ms\n", times, deviation));
    }
    context.exit(received > 0 ? 0 : 1);
  }
}
