package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.container.text.ByteText;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection of a program as bytes. Each way carries one segment at a time, with everything
 * that waits by then, so that bytes arrive in their order.
 */
final class StreamSocket implements ProgramNetwork.Socket, ServerConnection.Client {

  /** Bytes that wait for their way in one direction; the connection breaks when there are more. */
  private static final int WAITING_MAX = 8 << 20;

  /** How the bytes go between the two ends. */
  interface Carrier {
    /** Runs the action when a segment has arrived, unless the connection is over by then. */
    void carry(boolean toServer, int bytes, Runnable arrived);

    /** The connection is over. */
    void close();
  }

  /** What waits in one direction. */
  private final class Way {
    private final boolean toServer;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(64);
    private boolean ends;
    private boolean busy;

    Way(boolean toServer) {
      this.toServer = toServer;
    }

    void add(byte[] piece) {
      if (waiting.size() + piece.length > WAITING_MAX) {
        fail(ProgramNetwork.Failure.RESET);
        return;
      }
      waiting.writeBytes(piece);
      go();
    }

    void end() {
      ends = true;
      go();
    }

    private void go() {
      if (busy || broken || idle()) {
        return;
      }
      busy = true;
      byte[] segment = waiting.toByteArray();
      boolean last = ends;
      waiting.reset();
      ends = false;
      carrier.carry(
          toServer,
          segment.length,
          () -> {
            busy = false;
            deliver(toServer, segment, last);
            go();
            endWhenSent();
          });
    }

    private boolean idle() {
      return !busy && waiting.size() == 0 && !ends;
    }
  }

  private final Carrier carrier;
  private final ProgramNetwork.SocketListener listener;
  private final String address;
  private final Way toServer = new Way(true);
  private final Way toClient = new Way(false);
  private @Nullable ServerConnection server;

  /** The program has left; what it sent before still arrives. */
  private boolean over;

  /** Nothing arrives any more. */
  private boolean broken;

  StreamSocket(Carrier carrier, ProgramNetwork.SocketListener listener, String address) {
    this.carrier = carrier;
    this.listener = listener;
    this.address = address;
  }

  /**
   * Begins to carry.
   *
   * @param made the server's end, whose client this is; null for a server that never speaks
   */
  void begin(@Nullable ServerConnection made) {
    server = made;
    listener.opened(this, address);
  }

  private void deliver(boolean atServer, byte[] segment, boolean last) {
    ServerConnection there = server;
    if (broken || (over && !atServer)) {
      return;
    }
    if (!atServer) {
      if (segment.length > 0) {
        listener.received(ByteText.text(segment));
      }
      if (last && !over) {
        close();
        listener.ended();
      }
      return;
    }
    if (there != null && segment.length > 0) {
      there.receive(segment);
    }
    if (last && there != null) {
      there.receiveEnd();
    } else if (last) {
      toClient.end();
    }
  }

  @Override
  public void send(String text) {
    toServer.add(ByteText.bytes(text));
  }

  @Override
  public void finish() {
    toServer.end();
  }

  @Override
  public void close() {
    over = true;
    endWhenSent();
  }

  private void endWhenSent() {
    if (over && !broken && toServer.idle()) {
      shut(server);
    }
  }

  private void shut(@Nullable ServerConnection there) {
    broken = true;
    if (there != null) {
      there.stop();
    }
    carrier.close();
  }

  /** The connection broke. */
  void fail(ProgramNetwork.Failure failure) {
    if (broken) {
      return;
    }
    boolean heard = !over;
    over = true;
    shut(server);
    if (heard) {
      listener.failed(new Outcome(failure, HttpClient.NOTHING, address));
    }
  }

  @Override
  public void write(byte[] piece) {
    toClient.add(piece);
  }

  @Override
  public void end() {
    toClient.end();
  }
}
