package dev.wavetank.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.authentication.TokenFile;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A recorded session that is played again, without its clients. */
public final class SessionReplay {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Nobody hears the answers; they are hashed. */
  private static final Session.Client NOBODY = new AnswerOnly(response -> {});

  private final String file;
  private final ImmutableList<JsonNode> lines;

  private SessionReplay(String file, ImmutableList<JsonNode> lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * How a session went the second time.
   *
   * @param requests how many were played
   * @param same whether all that happened and all answers were the same
   * @param difference what was not; empty when all was
   */
  public record Result(int requests, String traceHash, boolean same, String difference) {}

  /** Whether a file's text is the record of a session. */
  public static boolean recognizes(byte[] bytes) {
    byte[] head = "{\"wavetankSession\":".getBytes(StandardCharsets.UTF_8);
    return bytes.length > head.length && Arrays.equals(head, 0, head.length, bytes, 0, head.length);
  }

  /**
   * Reads a record.
   *
   * @param file as errors name it
   * @throws ScenarioException when it is none
   */
  public static SessionReplay read(String file, byte[] bytes) {
    ImmutableList.Builder<JsonNode> lines = ImmutableList.builder();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      if (!line.isEmpty()) {
        try {
          lines.add(JSON.readTree(line));
        } catch (JsonProcessingException e) {
          throw new ScenarioException(file, number, 1, "no line of a recorded session");
        }
      }
    }
    ImmutableList<JsonNode> read = lines.build();
    if (read.isEmpty() || read.get(0).path("wavetankSession").asInt() != SessionLog.FORMAT) {
      throw new ScenarioException(file, 1, 1, "no recorded session of this version");
    }
    return new SessionReplay(file, read);
  }

  /** Plays the session. */
  public Result replay() {
    SessionSettings settings = settings();
    Session session =
        new Session(
            new WholeCluster(settings),
            settings.address(),
            TokenFile.parse(file, settings.users()));
    session.reachWebhooks(new ReplayedWebhooks(lines));
    ReplayedCertificates certificates = ReplayedCertificates.of(file, lines);
    if (certificates != null) {
      session.certifyBy(certificates);
    }
    int requests = 0;
    for (JsonNode line : lines.subList(1, lines.size())) {
      if (line.has("request") || line.has("input") || line.has("gone")) {
        session.runTo(line.path("at").asLong(), line.path("event").asLong());
      }
      if (line.has("request")) {
        requests++;
        session.request(line.path("request").asLong(), request(line), NOBODY);
      } else if (line.has("input")) {
        session.input(line.path("input").asLong(), input(line));
      } else if (line.has("gone")) {
        session.gone(line.path("gone").asLong());
      } else if (line.has("end")) {
        session.runTo(line.path("end").asLong(), line.path("event").asLong());
        return compared(requests, session, line);
      }
    }
    throw new ScenarioException(file, lines.size(), 1, "the recorded session has no end");
  }

  private static Result compared(int requests, Session session, JsonNode end) {
    String trace = session.traceHash();
    String recorded = end.path("traceHash").asText();
    if (!trace.equals(recorded)) {
      return new Result(requests, trace, false, "trace " + trace + " instead of " + recorded);
    }
    String answers = session.answersHash();
    boolean same = answers.equals(end.path("answersHash").asText());
    return new Result(requests, trace, same, same ? "" : "some answers differ");
  }

  private SessionSettings settings() {
    JsonNode header = lines.get(0);
    ImmutableList.Builder<SessionSettings.ManifestFile> manifests = ImmutableList.builder();
    for (JsonNode manifest : header.path("manifests")) {
      manifests.add(
          new SessionSettings.ManifestFile(
              manifest.path("name").asText(), manifest.path("text").asText()));
    }
    return new SessionSettings(
        header.path("nodes").asInt(),
        header.path("seed").asLong(),
        startsAt(header.path("startsAt").asText()),
        header.path("address").asText(),
        manifests.build(),
        header.path("users").asText(),
        new SessionSettings.NetworkSettings(
            header.path("proxyMode").asText("iptables"),
            header.path("loadBalancers").asText("none")),
        header.path("metricsServer").asBoolean());
  }

  private Instant startsAt(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new ScenarioException(file, 1, 1, "startsAt is no instant");
    }
  }

  private static ClientInput input(JsonNode line) {
    return new ClientInput(
        ClientInput.Kind.valueOf(line.path("kind").asText()),
        line.path("stream").asInt(),
        line.path("port").asInt(),
        Base64.getDecoder().decode(line.path("bytes").asText()));
  }

  private static ApiRequest request(JsonNode line) {
    Map<String, String> headers = new LinkedHashMap<>();
    line.path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    return new ApiRequest(
        line.path("method").asText(),
        line.path("target").asText(),
        headers,
        Base64.getDecoder().decode(line.path("body").asText()),
        peer(line.path("peer")));
  }

  private static Peer peer(JsonNode shown) {
    if (shown.isMissingNode()) {
      return Peer.TRUSTED;
    }
    ImmutableList.Builder<String> groups = ImmutableList.builder();
    shown.path("groups").forEach(group -> groups.add(group.asText()));
    UserInfo user =
        new UserInfo(shown.path("user").asText(), "", groups.build(), ImmutableMap.of());
    return new Peer(Peer.Proof.valueOf(shown.path("proof").asText()), user);
  }
}
