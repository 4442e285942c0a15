package dev.wavetank.core.container.program.network;

import dev.wavetank.core.container.OpenPort;
import dev.wavetank.core.container.PortListener;
import dev.wavetank.core.container.Program;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.stream.Sink;
import dev.wavetank.core.container.stream.Streams;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code nc -l}: it prints what a client sends, sends what it reads, and ends when the client does.
 * With {@code -k} it takes clients again and again, those that come meanwhile too; with {@code -e}
 * a program talks to each.
 */
final class NetcatListener implements PortListener.Bytes, PortListener.Datagrams {

  private final ProgramContext context;
  private final NetcatOptions options;
  private final int port;
  private final List<Accepted> clients = new ArrayList<>(1);
  private @Nullable OpenPort open;
  private @Nullable Consumer<String> peer;
  private boolean reads;

  private NetcatListener(ProgramContext context, NetcatOptions options) {
    this.context = context;
    this.options = options;
    this.port = options.listeningPort();
  }

  static void run(ProgramContext context, NetcatOptions options) {
    new NetcatListener(context, options).start();
  }

  private void start() {
    if (port <= 0) {
      Netcat.refuse(context, "nc: bad arguments\n");
      return;
    }
    context.onEnd(this::finish);
    open = context.listen(options.datagrams() ? Protocol.UDP : Protocol.TCP, port, this);
    if (open == null) {
      Netcat.refuse(context, "nc: bind: Address already in use\n");
    } else if (options.verbose()) {
      context.err(
          busyBox()
              ? "listening on [::]:" + port + " ...\n"
              : "Listening on 0.0.0.0 " + port + "\n");
    }
  }

  private boolean busyBox() {
    return context.container().busyBox();
  }

  private void tell(String from) {
    int colon = from.lastIndexOf(':');
    if (options.verbose() && colon > 0) {
      String host = from.substring(0, colon);
      String ip = context.container().sandbox().ip().toString();
      context.err(
          busyBox()
              ? "connect to [::ffff:"
                  + ip
                  + "]:"
                  + port
                  + " from [::ffff:"
                  + host
                  + "]"
                  + from.substring(colon)
                  + "\n"
              : "Connection received on " + host + " " + from.substring(colon + 1) + "\n");
    }
  }

  @Override
  public @Nullable ServerConnection accept(String from, ServerConnection.Client client) {
    OpenPort listening = open;
    if (listening != null && !options.again()) {
      listening.refuseMore();
    }
    tell(from);
    Accepted accepted = new Accepted(client);
    clients.add(accepted);
    if (!options.command().isEmpty()) {
      accepted.runs();
    } else if (!reads && !options.deaf()) {
      reads = true;
      context.in().chunks(context, this::send, this::finish);
    }
    return accepted;
  }

  @Override
  public void datagram(String text, String from, Consumer<String> reply) {
    if (peer == null) {
      tell(from);
    }
    peer = reply;
    context.out(text);
    if (!reads && !options.deaf()) {
      reads = true;
      context.in().chunks(context, this::reply, () -> {});
    }
  }

  private void reply(String text) {
    Consumer<String> last = peer;
    if (last != null) {
      last.accept(text);
    }
  }

  /** What it reads goes to the clients that are there. */
  private void send(String text) {
    for (Accepted client : List.copyOf(clients)) {
      client.write(text);
    }
  }

  private void finish() {
    for (Accepted client : List.copyOf(clients)) {
      client.end();
    }
  }

  private void left(Accepted client) {
    clients.remove(client);
    if (!options.again() && clients.isEmpty()) {
      context.exit(0);
    }
  }

  /** One connection. */
  private final class Accepted implements ServerConnection {
    private final Client client;
    private final ByteText.Decoder decoder = new ByteText.Decoder();
    private @Nullable ProgramInput input;
    private @Nullable ProgramContext program;
    private boolean said;
    private boolean over;

    Accepted(Client client) {
      this.client = client;
    }

    /** A program reads what the client sends, and what it writes goes there. */
    void runs() {
      ProgramInput pipe = ProgramInput.pipe();
      Sink sink = (process, text) -> write(text);
      Program found = context.run().programs().find(options.command().get(0));
      if (found == null || context.run().full()) {
        context.err(
            "nc: can't execute '" + options.command().get(0) + "': No such file or directory\n");
        end();
        left(this);
        return;
      }
      input = pipe;
      ProgramContext child =
          context.child(
              options.command(),
              new ProgramContext.Heritage(
                  context.env(), Streams.of(pipe, sink, sink), context.directory(), context.root()),
              code -> {
                end();
                left(this);
              });
      program = child;
      found.run(child);
    }

    void write(String text) {
      if (!over && !said) {
        client.write(ByteText.bytes(text));
      }
    }

    /** It has nothing more to say. */
    void end() {
      if (!over && !said) {
        said = true;
        client.end();
      }
    }

    @Override
    public int port() {
      return port;
    }

    @Override
    public boolean working() {
      return false;
    }

    @Override
    public void receive(byte[] piece) {
      hear(decoder.next(piece));
    }

    private void hear(String text) {
      ProgramInput pipe = input;
      if (over || text.isEmpty()) {
        return;
      }
      if (pipe != null) {
        pipe.write(text);
      } else if (options.command().isEmpty()) {
        context.out(text);
      }
    }

    @Override
    public void receiveEnd() {
      if (over) {
        return;
      }
      hear(decoder.end());
      ProgramInput pipe = input;
      if (pipe != null) {
        pipe.close();
      } else {
        end();
        over = true;
        left(this);
      }
    }

    @Override
    public void reset() {
      end();
      stop();
    }

    @Override
    public void stop() {
      if (over) {
        return;
      }
      over = true;
      ProgramContext running = program;
      if (running != null && !running.over()) {
        running.signal(Signal.PIPE);
      }
      left(this);
    }
  }
}
