package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.container.TlsAnswer;
import dev.wavetank.core.container.TlsClient;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import org.jspecify.annotations.Nullable;

/** One task over one connection: connects, asks, waits for the answer, closes. */
final class HttpClient implements Connection.Client {

  /**
   * What is done over a connection once it is made.
   *
   * @param request null for none
   * @param keepOpen whether the connection is handed out instead of closed
   * @param tls makes a handshake first; null for none
   * @param protocol TCP, or SCTP to connect only
   */
  record Task(
      @Nullable HttpRequest request, boolean keepOpen, @Nullable TlsClient tls, Protocol protocol) {
    static final Task CONNECT = new Task(null, false, null, Protocol.TCP);
    static final Task ASSOCIATE = new Task(null, false, null, Protocol.SCTP);
    static final Task OPEN = new Task(null, true, null, Protocol.TCP);

    /** A request that is sent as it is. */
    static Task of(HttpRequest request) {
      return new Task(request, false, null, Protocol.TCP);
    }

    /** What scenarios ask for; see {@link HttpClient#request}. */
    static Task get(String host, int port, String path) {
      return of(HttpClient.request(host, port, path));
    }
  }

  private static final int HTTPS_PORT = 443;

  /** About what a client and a server say in a handshake. */
  private static final long CLIENT_HELLO_BYTES = 517;

  private static final long SERVER_HELLO_BYTES = 1_600;

  static final HttpResponse NOTHING = new HttpResponse(0, ImmutableMap.of(), "");

  private final Simulation simulation;
  private final Network network;
  private final Task task;
  private final IpAddress to;
  private final int port;
  private final String address;
  private final long timeoutNanos;
  private final long deadlineNanos;
  private final PodNetwork.Receiver then;
  private @Nullable Connection connection;
  private @Nullable Exchange exchange;
  private @Nullable Timer timeout;
  private boolean over;
  private @Nullable ShownCertificate certificate;

  /** Why it failed, in words; empty when it did not. */
  private String detail = "";

  /**
   * A request that is not sent.
   *
   * @param timeoutNanos until then the outcome is known
   */
  HttpClient(
      Simulation simulation,
      Network network,
      Task task,
      IpAddress to,
      int port,
      long timeoutNanos,
      PodNetwork.Receiver then) {
    this.simulation = simulation;
    this.network = network;
    this.task = task;
    this.to = to;
    this.port = port;
    this.timeoutNanos = timeoutNanos;
    this.deadlineNanos = simulation.now() + timeoutNanos;
    this.address = SocketAddress.text(to, port);
    this.then = then;
  }

  /** A GET of a scenario, over TLS where that is usual; it takes every certificate. */
  static HttpRequest request(String host, int port, String path) {
    return HttpRequest.get(host, path).over(port == HTTPS_PORT);
  }

  /**
   * Begins.
   *
   * @param trail told of each step of the first packet, or null
   */
  void send(Source source, @Nullable Trail trail) {
    send(source, timeoutNanos, trail);
  }

  /**
   * Begins.
   *
   * @param dialNanos until then the connection is made
   */
  void send(Source source, long dialNanos, @Nullable Trail trail) {
    connection = network.connect(task.protocol(), source, to, port, dialNanos, trail, this);
  }

  /** Gives up; nobody is told. */
  void abandon() {
    over = true;
    if (timeout != null) {
      timeout.cancel();
    }
    if (exchange != null && exchange.pending()) {
      exchange.cancel();
    }
    if (connection != null) {
      connection.close();
    }
  }

  /** The connection; its far end is known once it is established. */
  @Nullable Connection connection() {
    return connection;
  }

  String detail() {
    return detail;
  }

  @Override
  public void established(Connection made) {
    TlsClient tls = task.tls();
    if (tls == null) {
      ask(made);
    } else if (made.server() instanceof HttpListeners server) {
      startTimeout();
      network.segment(
          made,
          /* toServer= */ true,
          CLIENT_HELLO_BYTES,
          "tls/client-hello",
          address,
          () -> shakeHands(made, server, tls));
    } else {
      made.close();
      end(Failure.NOT_TLS, NOTHING);
    }
  }

  private void startTimeout() {
    if (timeout == null) {
      timeout =
          simulation.after(
              Math.max(0, deadlineNanos - simulation.now()),
              "http/timeout",
              address,
              this::timedOut);
    }
  }

  /** The server's side of a handshake, and what the client makes of it. */
  private void shakeHands(Connection made, HttpListeners server, TlsClient tls) {
    if (over || made.state() != Connection.State.ESTABLISHED) {
      return;
    }
    TlsAnswer answer = server.tls(made.delivered().destinationPort(), tls.serverName());
    network.segment(
        made,
        /* toServer= */ false,
        SERVER_HELLO_BYTES,
        "tls/server-hello",
        address,
        () -> {
          if (over || made.state() != Connection.State.ESTABLISHED) {
            return;
          }
          certificate = answer.certificate();
          Failure failure = answer.with(tls);
          if (failure == Failure.NONE) {
            ask(made);
          } else {
            made.close();
            end(failure, NOTHING);
          }
        });
  }

  private void ask(Connection made) {
    HttpRequest asked = task.request();
    if (asked == null || !(made.server() instanceof HttpListeners server)) {
      if (!task.keepOpen()) {
        if (made.server() instanceof HttpListeners server && task.protocol() == Protocol.TCP) {
          server.touch(made.delivered().destinationPort(), HttpListeners.client(made));
        }
        made.close();
      }
      end(Failure.NONE, NOTHING);
      return;
    }
    startTimeout();
    network.segment(
        made,
        /* toServer= */ true,
        asked.bytes(),
        "http/request",
        address,
        () -> arrived(made, server, asked));
  }

  private void arrived(Connection made, HttpListeners server, HttpRequest asked) {
    if (over || made.state() != Connection.State.ESTABLISHED) {
      return;
    }
    int port = made.delivered().destinationPort();
    if (made.ending() || !server.serving(port)) {
      made.reset("nobody answers on " + made.delivered().destination() + ":" + port + " any more");
      return;
    }
    made.requestArrived();
    exchange =
        server.handle(
            asked.from(HttpListeners.client(made)), port, result -> answered(made, result));
  }

  private void answered(Connection made, HttpResult result) {
    made.requestEnded();
    if (result instanceof HttpResult.Answered answered) {
      comesBack(made, Failure.NONE, answered.response());
    } else if (result instanceof HttpResult.NotHttp other) {
      comesBack(made, Failure.NOT_HTTP, received(other));
    } else {
      made.reset("the process ended before it answered");
    }
  }

  /** What came back instead of an answer. */
  static HttpResponse received(HttpResult.NotHttp other) {
    return new HttpResponse(0, ImmutableMap.of(), other.received());
  }

  private void comesBack(Connection made, Failure failure, HttpResponse response) {
    network.segment(
        made,
        /* toServer= */ false,
        response.bytes(),
        "http/response",
        address,
        () -> {
          if (!over) {
            made.close();
            end(failure, response);
          }
        });
  }

  private void timedOut() {
    detail = "no answer in time";
    Exchange waiting = exchange;
    if (waiting != null && waiting.pending()) {
      waiting.cancel();
    }
    Connection made = connection;
    end(Failure.TIMED_OUT, NOTHING);
    if (made != null) {
      made.close();
    }
  }

  @Override
  public void failed(Connection failed, Connection.Failure failure, String why) {
    detail = why;
    end(
        switch (failure) {
          case REFUSED -> Failure.REFUSED;
          case TIMEOUT -> Failure.TIMED_OUT;
          case RESET -> Failure.RESET;
        },
        NOTHING);
  }

  private void end(Failure failure, HttpResponse response) {
    if (over) {
      return;
    }
    over = true;
    if (timeout != null) {
      timeout.cancel();
    }
    then.done(new Outcome(failure, response, address, certificate), this);
  }
}
