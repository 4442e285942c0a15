package dev.wavetank.server;

import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.WebhookBackends;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.apiserver.http.LaterResponse;
import dev.wavetank.core.apiserver.http.ResponseStream;
import dev.wavetank.core.apiserver.http.StreamConnection;
import dev.wavetank.core.certificates.CertificateSigner;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster and its clients' requests, on one thread and without a clock of its own: the same calls
 * at the same virtual times give the same answers.
 */
final class Session {

  /** Most streams at once: watches, logs that are followed, and connections into pods. */
  static final int STREAMS_MAX = 1000;

  /** Where an answer goes. */
  interface Client extends ResponseStream.Sink, StreamConnection.Client {
    void answer(ApiResponse response);
  }

  private final ServedCluster cluster;
  private final ApiHandler handler;
  private final ControlHandler control;
  private final Map<Long, ResponseStream> streams = new LinkedHashMap<>();
  private final Map<Long, StreamConnection> connections = new LinkedHashMap<>();
  private final Map<Long, LaterResponse> waiting = new LinkedHashMap<>();
  private final Hasher answers = Hashing.sha256().newHasher();
  private byte[] lastPiece = {};
  private byte[] lastHash = Hashing.sha256().hashBytes(lastPiece).asBytes();
  private long pieces;

  /**
   * A session on a cluster.
   *
   * @param address host and port of the server, as discovery tells clients
   * @param users whom the server knows, by their tokens
   */
  Session(ServedCluster cluster, String address, ImmutableMap<String, UserInfo> users) {
    this.cluster = cluster;
    handler = new ApiHandler(cluster.api(), cluster.logs(), cluster.connections(), address, users);
    control = new ControlHandler(cluster, handler);
  }

  /** Reaches webhooks outside of the simulation over that transport. */
  void reachWebhooks(WebhookBackends.Transport transport) {
    cluster.api().webhooks().connect(transport);
  }

  /** Has an authority outside of the simulation sign the cluster's certificates. */
  void certifyBy(CertificateSigner authority) {
    Cluster whole = cluster.cluster();
    if (whole != null) {
      whole.controllers().csrSigning().signer().connect(authority);
    }
  }

  Simulation simulation() {
    return cluster.simulation();
  }

  /** Whether somebody waits for something to happen. */
  boolean waiting() {
    if (!streams.isEmpty() || !waiting.isEmpty()) {
      return true;
    }
    for (StreamConnection connection : connections.values()) {
      if (connection.waiting()) {
        return true;
      }
    }
    return false;
  }

  /** How many answers and pieces of answers were given so far. */
  long pieces() {
    return pieces;
  }

  /**
   * Handles a request now.
   *
   * @param id of the request, never used twice
   */
  void request(long id, ApiRequest request, Client client) {
    try {
      simulation()
          .act(
              "client/request",
              request.method() + " " + request.target(),
              () -> answer(id, request, client));
    } catch (RuntimeException | StackOverflowError e) {
      client.answer(ApiHandler.refused(request, ApiHandler.panicked()));
      throw e;
    }
  }

  private void answer(long id, ApiRequest request, Client client) {
    ApiResponse response =
        control.handles(request) ? control.handle(request) : handler.handle(request);
    LaterResponse later = response.later();
    if (later == null) {
      answer(id, request, response, client);
    } else if (open() >= STREAMS_MAX) {
      answer(id, request, ApiHandler.refused(request, ApiHandler.tooManyRequests()), client);
    } else {
      waiting.put(id, later);
      later.start(
          known -> {
            waiting.remove(id);
            answer(id, request, known, client);
          });
    }
  }

  private int open() {
    return streams.size() + connections.size() + waiting.size();
  }

  private void answer(long id, ApiRequest request, ApiResponse known, Client client) {
    ApiResponse response = known;
    ResponseStream stream = response.stream();
    ApiResponse.Switching switching = response.switching();
    boolean opens = stream != null || switching != null;
    if (opens && open() >= STREAMS_MAX) {
      response = ApiHandler.refused(request, ApiHandler.tooManyRequests());
      stream = null;
      switching = null;
    }
    record(id, response.body());
    answers.putInt(response.code());
    client.answer(response);
    if (stream != null) {
      streams.put(id, stream);
      stream.start(new Recorded(id, client));
    }
    if (switching != null) {
      connections.put(id, switching.connection());
      switching.connection().start(new RecordedStreams(id, client));
    }
  }

  /** A client says something on its connection; nothing happens when that is over. */
  void input(long id, ClientInput input) {
    StreamConnection connection = connections.get(id);
    if (connection != null) {
      simulation().act("client/input", input.kind().name(), () -> input.to(connection));
    }
  }

  /** Notes what a client is given. The event of a watch is one array for all who watch. */
  private void record(long id, byte[] piece) {
    pieces++;
    if (piece != lastPiece) {
      lastPiece = piece;
      lastHash = Hashing.sha256().hashBytes(piece).asBytes();
    }
    answers.putLong(id).putInt(piece.length).putBytes(lastHash);
  }

  /** The client of a stream is gone. */
  void gone(long id) {
    ResponseStream stream = streams.remove(id);
    if (stream != null) {
      stream.stop();
    }
    LaterResponse later = waiting.remove(id);
    if (later != null) {
      later.stop();
    }
    StreamConnection connection = connections.remove(id);
    if (connection != null) {
      simulation().act("client/gone", "", connection::stop);
    }
  }

  boolean streams(long id) {
    return streams.containsKey(id) || connections.containsKey(id) || waiting.containsKey(id);
  }

  /** Lets streams look for what nothing announces. */
  void poll() {
    List<ResponseStream> open = new ArrayList<>(streams.values());
    for (ResponseStream stream : open) {
      stream.poll();
    }
    new ArrayList<>(connections.values()).forEach(StreamConnection::poll);
  }

  /**
   * Runs the events of a time that is recorded.
   *
   * @param eventNumber how many events had run by then
   */
  void runTo(long timeNanos, long eventNumber) {
    while (simulation().eventNumber() < eventNumber) {
      if (!simulation().step()) {
        throw new SimulationBug("the session ended early, at event " + simulation().eventNumber());
      }
    }
    if (simulation().now() < timeNanos) {
      simulation().runUntil(timeNanos);
    }
  }

  /** A hash of all answers so far. The session cannot go on afterwards. */
  String answersHash() {
    return answers.hash().toString();
  }

  /** The hash of all that happened so far. */
  String traceHash() {
    return cluster.traceHash();
  }

  /** A client whose pieces are counted and hashed on their way. */
  private final class Recorded implements ResponseStream.Sink {
    private final long id;
    private final Client client;

    Recorded(long id, Client client) {
      this.id = id;
      this.client = client;
    }

    @Override
    public void write(byte[] piece) {
      record(id, piece);
      client.write(piece);
    }

    @Override
    public void end() {
      pieces++;
      streams.remove(id);
      client.end();
    }
  }

  /** The same for a connection. */
  private final class RecordedStreams implements StreamConnection.Client {
    private final long id;
    private final Client client;

    RecordedStreams(long id, Client client) {
      this.id = id;
      this.client = client;
    }

    @Override
    public void write(int stream, byte[] piece) {
      answers.putInt(stream);
      record(id, piece);
      client.write(stream, piece);
    }

    @Override
    public void end(int stream) {
      answers.putInt(~stream);
      pieces++;
      client.end(stream);
    }

    @Override
    public void close() {
      pieces++;
      connections.remove(id);
      client.close();
    }
  }
}
