package dev.wavetank.core.container.program.network;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.ProgramNetwork.Socket;
import dev.wavetank.core.container.program.ProgramOptions;
import org.jspecify.annotations.Nullable;

/** The program {@code telnet}: it leaves as soon as its input ends, as BusyBox's does. */
final class Telnet implements ProgramNetwork.SocketListener {

  private static final int PORT = 23;

  private final ProgramContext context;
  private final String host;
  private @Nullable Socket socket;

  private Telnet(ProgramContext context, String host) {
    this.context = context;
    this.host = host;
  }

  static void run(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "al:");
    if (options == null) {
      return;
    }
    int places = options.operands().size();
    String port = places > 1 ? options.operands().get(1) : String.valueOf(PORT);
    if (places < 1 || places > 2 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
      context.err("telnet: usage: telnet HOST [PORT]\n");
      context.exit(1);
      return;
    }
    String host = options.operands().get(0);
    context
        .network()
        .open(
            context.container().sandbox(),
            host,
            Integer.parseInt(port),
            NetworkPrograms.PATIENCE_NANOS,
            new Telnet(context, host));
  }

  @Override
  public void opened(Socket made, String address) {
    if (!context.closesAtEnd(made)) {
      return;
    }
    socket = made;
    String place = address.substring(0, address.lastIndexOf(':'));
    context.out(
        context.container().busyBox()
            ? "Connected to " + host + "\n"
            : "Trying " + place + "...\nConnected to " + host + ".\nEscape character is '^]'.\n");
    context.in().chunks(context, made::send, () -> context.exit(0));
  }

  @Override
  public void received(String text) {
    context.out(text);
  }

  @Override
  public void ended() {
    if (!context.over()) {
      boolean busyBox = context.container().busyBox();
      context.err("Connection closed by foreign host" + (busyBox ? "\n" : ".\n"));
      context.exit(1);
    }
  }

  @Override
  public void failed(Outcome outcome) {
    if (context.over()) {
      return;
    }
    boolean busyBox = context.container().busyBox();
    String address = outcome.address();
    String place = address.isEmpty() ? "" : address.substring(0, address.lastIndexOf(':'));
    if (socket != null) {
      ended();
      return;
    }
    if (place.isEmpty()) {
      context.err(
          busyBox
              ? "telnet: bad address '" + host + "'\n"
              : "telnet: could not resolve " + host + ": Name or service not known\n");
    } else if (busyBox) {
      String words = NetworkPrograms.words(outcome.failure());
      context.err("telnet: can't connect to remote host (" + place + "): " + words + "\n");
    } else {
      String words = NetworkPrograms.words(outcome.failure());
      context.out("Trying " + place + "...\n");
      context.err("telnet: Unable to connect to remote host: " + words + "\n");
    }
    context.exit(1);
  }
}
