package dev.wavetank.core.container.agnhost;

import dev.wavetank.core.container.OpenPort;
import dev.wavetank.core.container.PortListener;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.network.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * {@code agnhost port-forward-tester}: takes one connection, checks what comes, sends chunks, and
 * ends.
 *
 * <p>Follows test/images/agnhost/port-forward-tester/portforwardtester.go (v1.36).
 */
final class AgnhostPortForward implements PortListener.Bytes, ServerConnection {

  private static final long MILLI = 1_000_000L;
  private static final long LINGER_NANOS = 500 * MILLI;
  private static final int CHUNK_MAX = 1 << 20;

  private final ProgramContext context;
  private final int port;
  private final String expected;
  private String received = "";
  private @Nullable Client client;
  private @Nullable OpenPort open;
  private boolean sending;

  private AgnhostPortForward(ProgramContext context, int port) {
    this.context = context;
    this.port = port;
    this.expected = context.env().getOrDefault("EXPECTED_CLIENT_DATA", "");
  }

  static void run(ProgramContext context) {
    String port = context.env().getOrDefault("BIND_PORT", "");
    AgnhostPortForward server =
        new AgnhostPortForward(context, port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0);
    server.open = context.listen(Protocol.TCP, server.port, server);
    if (server.open == null) {
      context.out("Error listening: listen tcp :" + port + ": bind: address already in use\n");
      context.exit(1);
    }
  }

  @Override
  public @Nullable ServerConnection accept(String from, Client hears) {
    if (client != null) {
      return null;
    }
    client = hears;
    OpenPort listening = open;
    if (listening != null) {
      listening.refuseMore();
    }
    context.out("Accepted client connection\n");
    if (expected.isEmpty()) {
      send();
    }
    return this;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean working() {
    return true;
  }

  @Override
  public void receive(byte[] piece) {
    received += ByteText.text(piece);
    if (!sending && received.length() >= expected.length()) {
      String got = received.substring(0, expected.length());
      if (got.equals(expected)) {
        context.out("Received expected client data\n");
        send();
      } else {
        context.out("Expect to read \"" + expected + "\", but got \"" + got + "\". err=<nil>\n");
        context.exit(3);
      }
    }
  }

  private int number(String name) {
    String value = context.env().getOrDefault(name, "");
    if (!value.matches("\\d{1,9}")) {
      context.out("Error parsing " + name + " \"" + value + "\": invalid syntax\n");
      context.exit(1);
      return 0;
    }
    return Integer.parseInt(value);
  }

  private void send() {
    sending = true;
    int chunks = number("CHUNKS");
    int size = number("CHUNK_SIZE");
    int interval = number("CHUNK_INTERVAL");
    if (!context.over()) {
      send(chunks, "x".repeat(Math.min(size, CHUNK_MAX)), interval * MILLI);
    }
  }

  private void send(int left, String chunk, long intervalNanos) {
    Client hears = client;
    if (left > 0 && hears != null) {
      hears.write(ByteText.bytes(chunk));
      context.after(left > 1 ? intervalNanos : 0, () -> send(left - 1, chunk, intervalNanos));
      return;
    }
    context.out("Shutting down connection\n");
    context.after(
        LINGER_NANOS,
        () -> {
          if (client != null) {
            client.end();
          }
          context.out("Done\n");
          context.exit(0);
        });
  }

  @Override
  public void receiveEnd() {
    if (!sending) {
      context.out(
          "Expected to read "
              + expected.length()
              + " bytes from client, but got "
              + received.length()
              + " instead. err=EOF\n");
      context.exit(2);
    }
  }

  @Override
  public void reset() {
    Client hears = client;
    stop();
    if (hears != null) {
      hears.end();
    }
  }

  @Override
  public void stop() {
    client = null;
  }
}
