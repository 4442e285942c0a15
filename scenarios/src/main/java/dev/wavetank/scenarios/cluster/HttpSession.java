package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's requests to one host and port, over connections that are kept or not.
 *
 * <p>A connection stays with the pod that it was made to: rules and name servers are asked only
 * when a new one is made. Over a plain one requests follow one another; a multiplexed one carries
 * all at once, so that a client has a single connection.
 */
public final class HttpSession implements RequestSession {

  /** Most requests that wait for a connection; the next ones fail. */
  public static final int WAITING_MAX = 100_000;

  /**
   * How connections are reused.
   *
   * @param connectionsMax how many are kept at most; 0: each request has one of its own
   * @param multiplexed whether one connection carries many requests at once
   * @param ageNanosMax a connection that is so old takes no further request; 0 for no limit
   */
  public record Reuse(int connectionsMax, boolean multiplexed, long ageNanosMax) {
    public static final Reuse NONE = new Reuse(0, false, 0);
  }

  private final Reachability reachability;
  private final Network network;
  private final Simulation simulation;
  private final String from;
  private final String host;
  private final int port;
  private final String header;
  private final Reuse reuse;
  private final List<Pooled> connections = new ArrayList<>();
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();

  HttpSession(
      Reachability reachability,
      Network network,
      String from,
      String host,
      int port,
      String header,
      Reuse reuse) {
    this.reachability = reachability;
    this.network = network;
    this.simulation = reachability.simulation();
    this.from = from;
    this.host = host;
    this.port = port;
    this.header = header;
    this.reuse = reuse;
  }

  /** A path that is empty always makes a connection. */
  @Override
  public void send(String path, Duration patience, Consumer<Reach> then) {
    Client client = reachability.client(from, Cluster.DEFAULT_NAMESPACE);
    if (reuse.connectionsMax == 0 || path.isEmpty()) {
      HttpClient.Task task =
          path.isEmpty() ? HttpClient.Task.CONNECT : HttpClient.Task.get(header, port, path);
      reachability.reach(client, host, port, task, patience, null, then);
      return;
    }
    HttpRequest request = HttpClient.request(header, port, path);
    Pending pending = new Pending(client, request, patience, then);
    if (waiting.size() == WAITING_MAX) {
      pending.fail(Failure.TIMED_OUT, "no connection is free", null);
      return;
    }
    pending.timer = simulation.after(patience.toNanos(), "http/timeout", host, pending::timedOut);
    waiting.add(pending);
    serve();
  }

  /** Gives waiting requests to connections that can take them, or makes more. */
  private void serve() {
    retireOld();
    int making = 0;
    for (Pooled pooled : connections) {
      making += pooled.connection == null ? 1 : 0;
      while (!waiting.isEmpty() && pooled.free()) {
        pooled.send(waiting.remove());
      }
    }
    int wanted = reuse.multiplexed ? Math.min(1, waiting.size()) : waiting.size();
    Pending first = waiting.peek();
    while (first != null && making < wanted && taking() < reuse.connectionsMax) {
      making++;
      Pooled pooled = new Pooled();
      connections.add(pooled);
      reachability.reach(
          first.client,
          host,
          port,
          HttpClient.Task.OPEN,
          first.patience,
          null,
          (Reach reach, @Nullable Connection connection) -> made(pooled, reach, connection));
    }
  }

  /** How many connections take further requests, or will. */
  private int taking() {
    int taking = 0;
    for (Pooled pooled : connections) {
      taking += pooled.retired ? 0 : 1;
    }
    return taking;
  }

  private void retireOld() {
    long now = simulation.now();
    for (Pooled pooled : ImmutableList.copyOf(connections)) {
      if (reuse.ageNanosMax > 0 && now - pooled.madeNanos >= reuse.ageNanosMax) {
        retire(pooled);
      }
    }
  }

  private void retire(Pooled pooled) {
    Connection connection = pooled.connection;
    if (connection != null) {
      pooled.retired = true;
      if (pooled.underWay.isEmpty()) {
        connections.remove(pooled);
        connection.close();
      }
    }
  }

  /** Lets the connections that are made go, each once nothing is under way on it. */
  void retire() {
    ImmutableList.copyOf(connections).forEach(this::retire);
  }

  private void made(Pooled pooled, Reach reach, @Nullable Connection connection) {
    if (!reach.ok() || connection == null) {
      connections.remove(pooled);
      // Who has waited longest for it learns why there is none.
      Pending first = waiting.poll();
      if (first != null) {
        first.end(reach);
      }
    } else {
      pooled.connection = connection;
      pooled.madeNanos = simulation.now();
      pooled.reach = reach;
      connection.handOver(pooled);
    }
    serve();
  }

  /** A request that has not ended. */
  private final class Pending {
    private final Client client;
    private final HttpRequest request;
    private final Duration patience;
    private final Consumer<Reach> then;
    private final long beganNanos = simulation.now();
    private @Nullable Timer timer;
    private @Nullable Pooled on;
    private @Nullable Exchange exchange;
    private boolean over;

    Pending(Client client, HttpRequest request, Duration patience, Consumer<Reach> then) {
      this.client = client;
      this.request = request;
      this.patience = patience;
      this.then = then;
    }

    void timedOut() {
      waiting.remove(this);
      Pooled pooled = on;
      Exchange working = exchange;
      if (working != null && working.pending()) {
        working.cancel();
        if (pooled != null && pooled.connection != null) {
          pooled.connection.requestEnded();
        }
      }
      fail(Failure.TIMED_OUT, "no answer in time", pooled);
      if (pooled != null) {
        pooled.gaveUp(this);
      }
    }

    void fail(Failure failure, String detail, @Nullable Pooled pooled) {
      Reach made = pooled == null ? null : pooled.reach;
      end(
          new Reach(
              client.words(),
              host + ":" + port,
              failure,
              detail,
              made == null ? "" : made.address(),
              made == null ? "" : made.sentTo(),
              made == null ? "" : made.endpoint(),
              made == null ? "" : made.pod(),
              HttpClient.NOTHING,
              took()));
    }

    void answered(HttpResponse response, Reach made) {
      end(
          new Reach(
              client.words(),
              made.to(),
              Failure.NONE,
              "",
              made.address(),
              made.sentTo(),
              made.endpoint(),
              made.pod(),
              response,
              took()));
    }

    private Duration took() {
      return Duration.ofNanos(simulation.now() - beganNanos);
    }

    void end(Reach reach) {
      if (!over) {
        over = true;
        if (timer != null) {
          timer.cancel();
        }
        then.accept(reach);
      }
    }
  }

  /** A connection that is kept; being made while it has none. */
  private final class Pooled implements Connection.Client {
    private final List<Pending> underWay = new ArrayList<>(1);
    private @Nullable Connection connection;
    private @Nullable Reach reach;
    private long madeNanos;
    private boolean retired;

    boolean free() {
      return connection != null && !retired && (reuse.multiplexed || underWay.isEmpty());
    }

    void send(Pending pending) {
      Connection made = connection;
      if (made == null || !(made.server() instanceof HttpListeners server)) {
        pending.fail(Failure.RESET, "the other side speaks no HTTP", this);
        return;
      }
      pending.on = this;
      underWay.add(pending);
      network.segment(
          made,
          /* toServer= */ true,
          pending.request.bytes(),
          "http/request",
          host,
          () -> arrived(made, server, pending));
    }

    private void arrived(Connection made, HttpListeners server, Pending pending) {
      int at = made.delivered().destinationPort();
      if (pending.over || made.state() != Connection.State.ESTABLISHED) {
        return;
      }
      if (made.ending() || !server.serving(at)) {
        made.reset("nobody answers on " + made.delivered().destination() + ":" + at + " any more");
        return;
      }
      made.requestArrived();
      pending.exchange =
          server.handle(
              pending.request.from(HttpListeners.client(made)),
              at,
              result -> answered(made, server, pending, result));
    }

    private void answered(
        Connection made, HttpListeners server, Pending pending, HttpResult result) {
      made.requestEnded();
      if (result instanceof HttpResult.Answered answer) {
        // A server that drains says Connection: close.
        retired |= !server.listening(Protocol.TCP, made.delivered().destinationPort());
        network.segment(
            made,
            /* toServer= */ false,
            answer.response().bytes(),
            "http/response",
            host,
            () -> ended(made, pending, answer.response()));
      } else if (result instanceof HttpResult.NotHttp other) {
        network.segment(
            made,
            /* toServer= */ false,
            other.received().length(),
            "http/response",
            host,
            () -> {
              pending.fail(Failure.NOT_HTTP, "", this);
              gaveUp(pending);
            });
      } else {
        made.reset("the process ended before it answered");
      }
    }

    private void ended(Connection made, Pending pending, HttpResponse response) {
      Reach known = reach;
      if (pending.over || known == null || made.state() != Connection.State.ESTABLISHED) {
        return;
      }
      underWay.remove(pending);
      if (retired && underWay.isEmpty()) {
        connections.remove(this);
        made.close();
      }
      pending.answered(response, known);
      serve();
    }

    /**
     * A plain connection cannot be used while an answer is still to come, a stream is cancelled.
     */
    void gaveUp(Pending pending) {
      underWay.remove(pending);
      Connection made = connection;
      if (!reuse.multiplexed && made != null) {
        connections.remove(this);
        made.close();
        serve();
      }
    }

    @Override
    public void established(Connection made) {
      // It was, before it was handed over.
    }

    @Override
    public void closed(Connection ended) {
      failed(ended, Connection.Failure.RESET, "the server ended the kept connection");
    }

    @Override
    public void goingAway(Connection leaving) {
      retired |= reuse.multiplexed;
      serve();
    }

    @Override
    public void failed(Connection broken, Connection.Failure failure, String detail) {
      connections.remove(this);
      Failure seen = failure == Connection.Failure.TIMEOUT ? Failure.TIMED_OUT : Failure.RESET;
      for (Pending pending : ImmutableList.copyOf(underWay)) {
        pending.fail(seen, detail, this);
      }
      underWay.clear();
      serve();
    }
  }
}
