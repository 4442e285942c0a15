package dev.wavetank.server;

import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.apiserver.http.ResponseStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster and its clients' requests, on one thread and without a clock of its own: the same calls
 * at the same virtual times give the same answers.
 */
final class Session {

  /** Most bodies that may be streamed at once: watches, and logs that are followed. */
  static final int STREAMS_MAX = 1000;

  /** Where an answer goes. */
  interface Client extends ResponseStream.Sink {
    void answer(ApiResponse response);
  }

  private final ServedCluster cluster;
  private final ApiHandler handler;
  private final ControlHandler control;
  private final Map<Long, ResponseStream> streams = new LinkedHashMap<>();
  private final Hasher answers = Hashing.sha256().newHasher();
  private long pieces;

  /**
   * A session on a cluster.
   *
   * @param address host and port of the server, as discovery tells clients
   * @param users whom the server knows, by their tokens
   */
  Session(ServedCluster cluster, String address, ImmutableMap<String, UserInfo> users) {
    this.cluster = cluster;
    handler = new ApiHandler(cluster.api(), cluster.logs(), address, users);
    control = new ControlHandler(cluster);
  }

  Simulation simulation() {
    return cluster.simulation();
  }

  /** Whether somebody waits for something to happen. */
  boolean waiting() {
    return !streams.isEmpty();
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
    ResponseStream stream = response.stream();
    if (stream != null && streams.size() >= STREAMS_MAX) {
      response = ApiHandler.refused(request, ApiHandler.tooManyRequests());
      stream = null;
    }
    record(id, response.body());
    answers.putInt(response.code());
    client.answer(response);
    if (stream != null) {
      streams.put(id, stream);
      stream.start(new Recorded(id, client));
    }
  }

  private void record(long id, byte[] piece) {
    pieces++;
    answers.putLong(id).putInt(piece.length).putBytes(piece);
  }

  /** The client of a stream is gone. */
  void gone(long id) {
    ResponseStream stream = streams.remove(id);
    if (stream != null) {
      stream.stop();
    }
  }

  boolean streams(long id) {
    return streams.containsKey(id);
  }

  /** Lets streams look for what nothing announces. */
  void poll() {
    List<ResponseStream> open = new ArrayList<>(streams.values());
    for (ResponseStream stream : open) {
      stream.poll();
    }
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
}
