package dev.wavetank.core.container.program.network;

import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.ProgramNetwork.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code nc} as a client: it sends what it reads, prints what comes back, and ends when
 * the other side does. With {@code -w} it waits that long for a connection, and for more to come.
 */
final class Netcat implements ProgramNetwork.SocketListener {

  private final ProgramContext context;
  private final String host;
  private final boolean verbose;
  private final boolean limited;
  private final long timeoutNanos;
  private @Nullable Socket socket;
  private long heardNanos;

  private Netcat(
      ProgramContext context, String host, boolean verbose, boolean limited, long timeoutNanos) {
    this.context = context;
    this.host = host;
    this.verbose = verbose;
    this.limited = limited;
    this.timeoutNanos = timeoutNanos;
  }

  static void run(ProgramContext context) {
    NetcatOptions options = NetcatOptions.of(context.arguments());
    if (!options.error().isEmpty()) {
      refuse(context, "nc: " + options.error() + "\n");
      return;
    }
    if (options.listens()) {
      NetcatListener.run(context, options);
      return;
    }
    if (!options.namesServer()) {
      refuse(context, "nc: bad arguments\n");
      return;
    }
    boolean limited = options.timeoutNanos() >= 0;
    long timeout = limited ? options.timeoutNanos() : NetworkPrograms.PATIENCE_NANOS;
    String host = options.places().get(0);
    int port = Integer.parseInt(options.places().get(1));
    Netcat netcat = new Netcat(context, host, options.verbose(), limited, timeout);
    PodSandbox sandbox = context.container().sandbox();
    if (options.datagrams()) {
      netcat.sendDatagrams(port);
    } else if (options.scans()) {
      context
          .network()
          .connect(sandbox, host, port, timeout, context.unlessOver(netcat::connected));
    } else {
      context.network().open(sandbox, host, port, timeout, netcat);
    }
  }

  /** Sends each piece that it reads, and prints the answers, until {@code -w} is over. */
  private void sendDatagrams(int port) {
    PodSandbox sandbox = context.container().sandbox();
    if (limited) {
      waitForMore();
    }
    context
        .in()
        .chunks(
            context,
            text ->
                context
                    .network()
                    .datagram(
                        sandbox,
                        host,
                        port,
                        text,
                        timeoutNanos,
                        context.unlessOver(this::answered)),
            () -> {});
  }

  private void answered(Outcome outcome) {
    switch (outcome.failure()) {
      case NONE -> received(outcome.response().body());
      case TIMED_OUT -> {}
      case REFUSED -> refuse(context, "nc: read error: Connection refused\n");
      default -> connected(outcome);
    }
  }

  static void refuse(ProgramContext context, String message) {
    context.err(message);
    context.exit(1);
  }

  private void connected(Outcome outcome) {
    boolean open = outcome.failure() == Failure.NONE;
    String place = host + " (" + outcome.address() + ")";
    if (!open && outcome.address().isEmpty()) {
      context.err("nc: bad address '" + host + "'\n");
    } else if (!open) {
      context.err("nc: " + place + ": " + NetworkPrograms.words(outcome.failure()) + "\n");
    } else if (verbose) {
      context.err(place + " open\n");
    }
    context.exit(open ? 0 : 1);
  }

  @Override
  public void opened(Socket made, String address) {
    if (!context.closesAtEnd(made)) {
      return;
    }
    socket = made;
    if (verbose) {
      context.err(host + " (" + address + ") open\n");
    }
    if (limited) {
      waitForMore();
    }
    context.in().chunks(context, made::send, made::finish);
  }

  private long now() {
    return context.container().simulation().now();
  }

  private void waitForMore() {
    heardNanos = now();
    context.after(timeoutNanos, this::lookWhetherHeard);
  }

  private void lookWhetherHeard() {
    long left = heardNanos + timeoutNanos - now();
    if (left > 0) {
      context.after(left, this::lookWhetherHeard);
    } else {
      context.exit(0);
    }
  }

  @Override
  public void received(String text) {
    heardNanos = now();
    context.out(text);
  }

  @Override
  public void ended() {
    context.exit(0);
  }

  @Override
  public void failed(Outcome outcome) {
    if (context.over()) {
      return;
    }
    if (socket == null) {
      connected(outcome);
    } else {
      context.err("nc: read: " + NetworkPrograms.words(outcome.failure()) + "\n");
      context.exit(1);
    }
  }
}
