package dev.wavetank.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.Peer;
import dev.wavetank.core.sim.Simulation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;

/**
 * The record of a session, a line of JSON each: the settings; each request with the virtual time
 * and the number of events at which it was admitted, and with what its connection said of its
 * sender; the same for what a client says on the streams of a connection; what webhooks outside
 * answered, and what an authority outside signed; each client that left before its answer was over;
 * and at the end the hashes of all that happened and of all answers.
 */
final class SessionLog implements AutoCloseable {

  static final int FORMAT = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final BufferedWriter out;

  SessionLog(Path file, SessionSettings settings) throws IOException {
    out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    ObjectNode header = JSON.createObjectNode();
    header.put("wavetankSession", FORMAT).put("nodes", settings.nodes());
    header.put("seed", settings.seed()).put("startsAt", settings.startsAt().toString());
    header.put("address", settings.address()).put("users", settings.users());
    header.put("proxyMode", settings.network().proxyMode());
    header.put("loadBalancers", settings.network().loadBalancers());
    header.put("metricsServer", settings.metricsServer());
    for (SessionSettings.ManifestFile manifest : settings.manifests()) {
      header
          .withArray("manifests")
          .addObject()
          .put("name", manifest.name())
          .put("text", manifest.text());
    }
    write(header);
  }

  private void write(ObjectNode line) {
    try {
      out.write(JSON.writeValueAsString(line));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode line(Simulation simulation, String word, long id) {
    return JSON.createObjectNode()
        .put(word, id)
        .put("at", simulation.now())
        .put("event", simulation.eventNumber());
  }

  void request(Simulation simulation, long id, ApiRequest request) {
    ObjectNode line = line(simulation, "request", id);
    line.put("method", request.method()).put("target", request.target());
    request.headers().forEach(line.putObject("headers")::put);
    Peer peer = request.peer();
    if (!peer.equals(Peer.TRUSTED)) {
      ObjectNode shown = line.putObject("peer");
      shown.put("proof", peer.proof().name()).put("user", peer.user().name());
      peer.user().groups().forEach(shown.putArray("groups")::add);
    }
    line.put("body", Base64.getEncoder().encodeToString(request.body()));
    write(line);
  }

  void input(Simulation simulation, long id, ClientInput input) {
    ObjectNode line = line(simulation, "input", id);
    line.put("kind", input.kind().name()).put("stream", input.stream());
    if (input.kind() == ClientInput.Kind.OPEN) {
      line.put("port", input.port());
    } else if (input.kind() == ClientInput.Kind.DATA) {
      line.put("bytes", Base64.getEncoder().encodeToString(input.piece()));
    }
    write(line);
  }

  void webhook(String url, KubeMap answer) {
    write(JSON.createObjectNode().put("webhook", url).put("answer", Json.write(answer)));
  }

  void webhookFailed(String url, String error) {
    write(JSON.createObjectNode().put("webhook", url).put("error", error));
  }

  /** An authority outside signs from now on, until it expires. */
  void authority(Instant notAfter) {
    write(JSON.createObjectNode().put("authority", notAfter.toString()));
  }

  void certificate(String pem) {
    write(JSON.createObjectNode().put("certificate", pem));
  }

  void gone(Simulation simulation, long id) {
    write(line(simulation, "gone", id));
  }

  /** The last line. */
  void end(Session session) {
    Simulation simulation = session.simulation();
    ObjectNode line = JSON.createObjectNode().put("end", simulation.now());
    line.put("event", simulation.eventNumber()).put("traceHash", session.traceHash());
    write(line.put("answersHash", session.answersHash()));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
