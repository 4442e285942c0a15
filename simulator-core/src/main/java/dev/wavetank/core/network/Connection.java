package dev.wavetank.core.network;

import dev.wavetank.core.sim.SimulationBug;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect and, when it succeeds, the connection: from {@link State#CONNECTING} to
 * {@code ESTABLISHED} to {@code CLOSED}, or to {@code FAILED} at any time before.
 */
public final class Connection {

  /** Where a connection stands. */
  public enum State {
    CONNECTING,
    ESTABLISHED,
    CLOSED,
    FAILED
  }

  /** Why a connection failed, in the words of a client's error. */
  public enum Failure {
    /** Refused by a listener's absence or by a rule. */
    REFUSED("connection refused"),
    /** Nothing came back. */
    TIMEOUT("connection timed out"),
    /** The other side went away. */
    RESET("connection reset by peer");

    private final String words;

    Failure(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /** The client's side. */
  public interface Client {
    /** The connection is made. */
    void established(Connection connection);

    /**
     * It will not be made, or it broke.
     *
     * @param detail who or what decided, for people
     */
    void failed(Connection connection, Failure failure, String detail);

    /** The server has ended it in order; what it has not answered it will not answer. */
    default void closed(Connection connection) {}

    /** The server answers what it has, and takes no further request: HTTP/2's GOAWAY. */
    default void goingAway(Connection connection) {}
  }

  /** A data path that keeps the connection, and the first packet as it came there. */
  private record Crossing(DataPath path, Packet packet, @Nullable Crossing before) {}

  private final Source source;
  private final Packet asked;
  private Client client;
  private @Nullable Crossing crossing;
  private State state = State.CONNECTING;
  private Packet delivered;
  private @Nullable Listeners server;
  private long oneWayNanos;
  private int requests;
  private boolean used;
  private boolean ending;

  Connection(Source source, Packet asked, Client client) {
    this.source = source;
    this.asked = asked;
    this.delivered = asked;
    this.client = client;
  }

  public Source source() {
    return source;
  }

  /** The first packet as the client sent it. */
  public Packet asked() {
    return asked;
  }

  /**
   * The first packet as it was delivered or would have been: translated by the rules on the way, as
   * far as it came.
   */
  public Packet delivered() {
    return delivered;
  }

  public State state() {
    return state;
  }

  /** How long a packet takes between the two ends. */
  public long oneWayNanos() {
    return oneWayNanos;
  }

  /** What accepted the connection; null before that. */
  public @Nullable Listeners server() {
    return server;
  }

  /** Someone else on the client's side hears of the connection from now on. */
  public void handOver(Client other) {
    client = other;
  }

  /** A request has arrived at the server. */
  public void requestArrived() {
    requests++;
    used = true;
  }

  /** The server has answered a request, or its client has given it up. */
  public void requestEnded() {
    requests--;
  }

  /** Whether a request that has arrived is not answered yet. */
  public boolean busy() {
    return requests > 0;
  }

  /** Whether a request has ever arrived. */
  public boolean used() {
    return used;
  }

  /** Whether the server takes nothing more from it. */
  public boolean ending() {
    return ending;
  }

  /** The server takes nothing more from it; the client hears of that by {@link #finish}. */
  public void end() {
    ending = true;
  }

  /** The client hears that the server has ended the connection in order. */
  public void finish() {
    if (state == State.ESTABLISHED) {
      close();
      client.closed(this);
    }
  }

  /** The client hears that the server takes no further request. */
  public void goAway() {
    if (state == State.ESTABLISHED) {
      client.goingAway(this);
    }
  }

  /** The client or the server ends the connection. */
  public void close() {
    if (state == State.ESTABLISHED) {
      state = State.CLOSED;
      forget();
    }
  }

  /** The server's side vanishes: the client sees a reset. */
  public void reset(String detail) {
    if (state == State.ESTABLISHED) {
      fail(Failure.RESET, detail);
    }
  }

  void crossed(DataPath path, Packet packet) {
    crossing = new Crossing(path, packet, crossing);
  }

  void sent(Packet packet) {
    delivered = packet;
  }

  void deliver(Packet packet, Listeners listeners, long latencyNanos) {
    delivered = packet;
    server = listeners;
    oneWayNanos = latencyNanos;
  }

  void establish() {
    SimulationBug.check(state == State.CONNECTING, "a connection is established once");
    state = State.ESTABLISHED;
    client.established(this);
  }

  void fail(Failure failure, String detail) {
    if (state == State.CLOSED || state == State.FAILED) {
      return;
    }
    state = State.FAILED;
    forget();
    client.failed(this, failure, detail);
  }

  private void forget() {
    for (Crossing one = crossing; one != null; one = one.before) {
      one.path.closed(one.packet);
    }
    crossing = null;
  }
}
