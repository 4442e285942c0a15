package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.container.ContainerLog;
import dev.wavetank.core.container.LogLine;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client of a fresh API server, for tests of its answers. */
final class HttpClient {

  final Simulation simulation = new Simulation(Choices.first());
  final ApiServer server = new ApiServer(simulation, Latencies.DEFAULT);
  final List<String> log = new ArrayList<>();
  private final ApiHandler handler;

  HttpClient() {
    ApiServerConfiguration configuration = ApiServerConfiguration.at(IpAddress.parse("172.18.0.2"));
    configuration.install(server);
    new Bootstrap(server, configuration).create();
    handler =
        new ApiHandler(
            server,
            new ContainerLogs() {
              @Override
              public ContainerLog log(KubeObject pod, String container, boolean previous) {
                List<LogLine> lines = new ArrayList<>();
                log.forEach(line -> lines.add(new LogLine(0, line)));
                return new ContainerLog(0, lines, false);
              }

              @Override
              public boolean open(KubeObject pod, String container) {
                return !log.contains("end");
              }
            },
            "127.0.0.1:6443");
  }

  /** An answer, read. */
  record Answer(int code, String text, ApiResponse response) {
    KubeMap json() {
      return (KubeMap) Json.read(text);
    }

    String message() {
      return json().string("message", "");
    }

    String reason() {
      return json().string("reason", "");
    }

    String header(String name) {
      return String.join("|", response.headers().get(name));
    }
  }

  Answer send(String method, String target, String body, String... headers) {
    return send(method, target, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Answer send(String method, String target, byte[] body, String... headers) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    ApiResponse[] response = new ApiResponse[1];
    simulation.act(
        "client/request",
        target,
        () -> response[0] = handler.handle(new ApiRequest(method, target, all, body)));
    String text = new String(response[0].body(), StandardCharsets.UTF_8);
    return new Answer(response[0].code(), text, response[0]);
  }

  Answer get(String target, String... headers) {
    return send("GET", target, "", headers);
  }

  Answer post(String target, String body) {
    return send("POST", target, body);
  }

  Answer patch(String target, String type, String body) {
    return send("PATCH", target, body, "Content-Type", "application/" + type);
  }

  /** Creates a ConfigMap in namespace default. */
  KubeMap configMap(String name) {
    return post(
            "/api/v1/namespaces/default/configmaps",
            "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"app\":\"" + name + "\"}}}")
        .json();
  }

  /** A watch whose events are gathered. */
  final class Watch implements ResponseStream.Sink {
    final List<KubeMap> events = new ArrayList<>();
    boolean ended;
    final ResponseStream stream;

    Watch(String target, String... headers) {
      Answer answer = get(target, headers);
      if (answer.response().stream() == null) {
        throw new AssertionError(answer.text());
      }
      stream = answer.response().stream();
      simulation.act("client/watch", target, () -> stream.start(this));
    }

    @Override
    public void write(byte[] piece) {
      String text = new String(piece, StandardCharsets.UTF_8);
      text.lines().forEach(line -> events.add((KubeMap) Json.read(line)));
    }

    @Override
    public void end() {
      ended = true;
    }

    /** Types and names, such as {@code ADDED web}. */
    List<String> told() {
      List<String> told = new ArrayList<>();
      for (KubeMap event : events) {
        String name = KubeObject.of(event.mapOrEmpty("object")).name();
        told.add((event.string("type", "") + " " + name).strip());
      }
      return told;
    }
  }
}
