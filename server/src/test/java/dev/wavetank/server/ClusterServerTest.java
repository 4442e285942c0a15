package dev.wavetank.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.sim.Simulation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterServerTest {

  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: c, image: nginx}]}
      """;

  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir Path directory;

  private HttpResponse<String> send(
      ClusterServer server, String method, String target, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + target))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(ClusterServer server, String target) throws Exception {
    return send(server, "GET", target, "");
  }

  private static long nanos(HttpResponse<String> clock) {
    return Long.parseLong(clock.body().replaceAll(".*\"nanos\":(\\d+).*\n", "$1"));
  }

  @Test
  void timeStandsStillWhileNobodyWaits() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      long before = nanos(get(server, "/wavetank/clock"));
      get(server, "/api/v1/pods");
      get(server, "/api/v1/nodes");
      assertThat(nanos(send(server, "POST", "/wavetank/clock", ""))).isEqualTo(before);
      assertThat(nanos(send(server, "POST", "/wavetank/clock?advance=5", "")))
          .isEqualTo(before + 5);
    }
  }

  @Test
  void timePassesWhileAClientWatchesUntilItHasWhatItWaitsFor() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      String deployments = "/apis/apps/v1/namespaces/default/deployments";
      String yaml = "application/yaml";
      assertThat(send(server, "POST", deployments, DEPLOYMENT, "Content-Type", yaml).statusCode())
          .isEqualTo(201);
      HttpRequest watch =
          HttpRequest.newBuilder(URI.create(server.url() + deployments + "?watch=1")).build();
      try (InputStream events =
          client.send(watch, HttpResponse.BodyHandlers.ofInputStream()).body()) {
        assertThat(readUntil(events, "\"availableReplicas\":2")).contains("\"type\":\"ADDED\"");
      }
    }
  }

  private static String readUntil(InputStream in, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = in.read();
      assertThat(next).as("the stream ended: %s", read).isNotNegative();
      read.append((char) next);
    }
    return read.toString();
  }

  @Test
  void aRecordedSessionIsTheSameWhenItIsPlayedAgain() throws Exception {
    Path record = directory.resolve("session");
    ImmutableList<SessionSettings.ManifestFile> manifests =
        ImmutableList.of(new SessionSettings.ManifestFile("web.yaml", DEPLOYMENT));
    ClusterServer.Options options =
        ClusterServer.options()
            .withNodes(2)
            .withSeed(7)
            .withStart(Simulation.START.plusSeconds(77))
            .withManifests(manifests)
            .withRecord(record)
            .withNetwork(new SessionSettings.NetworkSettings("nftables", "VIP"))
            .withMetricsServer();
    try (ClusterServer server = ClusterServer.start(options)) {
      get(server, "/api/v1/namespaces/default/pods?watch=1&timeoutSeconds=3");
      send(server, "DELETE", "/apis/apps/v1/namespaces/default/deployments/web", "");
      get(server, "/api/v1/namespaces/default/pods");
      send(server, "POST", "/wavetank/clock?advance=1000000000", "");
      get(server, "/wavetank/dig?from=node/node-1&argument=kubernetes.default");
      get(server, "/wavetank/why?object=node/node-1");
      get(server, "/apis/metrics.k8s.io/v1beta1/nodes");
    }
    byte[] bytes = Files.readAllBytes(record);
    assertThat(SessionReplay.recognizes(bytes)).isTrue();
    SessionReplay.Result result = SessionReplay.read("session", bytes).replay();
    assertThat(result.difference()).isEmpty();
    assertThat(result.requests()).isEqualTo(7);
    String changed =
        new String(bytes, StandardCharsets.UTF_8).replace("timeoutSeconds=3", "timeoutSeconds=4");
    assertThat(
            SessionReplay.read("session", changed.getBytes(StandardCharsets.UTF_8)).replay().same())
        .isFalse();
  }

  @Test
  void api_A_015_bodiesThatAreTooLargeAreRefused() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      HttpResponse<String> answer =
          send(
              server,
              "POST",
              "/api/v1/namespaces/default/configmaps",
              " ".repeat(3 * 1024 * 1024 + 1));
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("Request entity too large: limit is 3145728");
      assertThat(get(server, "/version").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void largeAnswersAreCompressedForThoseWhoTakeThat() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      String large =
          "{\"metadata\":{\"name\":\"large\"},\"data\":{\"k\":\"" + "v".repeat(200_000) + "\"}}";
      send(server, "POST", "/api/v1/namespaces/default/configmaps", large);
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(server.url() + "/api/v1/namespaces/default/configmaps/large"))
              .header("Accept-Encoding", "gzip")
              .build();
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(answer.body()).startsWith(0x1f, 0x8b).hasSizeLessThan(10_000);
    }
  }

  @Test
  void whatIsNoHttpGetsAnAnswerAndTheServerGoesOn() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      int port = URI.create(server.url()).getPort();
      for (String junk : List.of("\0\1\2\3\r\n\r\n", "GET\r\n\r\n")) {
        assertThat(answer(port, junk)).startsWith("HTTP/1.1 400 Bad Request\r\n");
      }
      assertThat(get(server, "/readyz").body()).isEqualTo("ok");
    }
  }

  /** All that comes back for some bytes. */
  private static String answer(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      socket.setSoTimeout(10_000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aRequestLineAndHeadersOfAMebibyteAreReadAndMoreIsAnsweredAsGoDoes() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      int port = URI.create(server.url()).getPort();
      String end = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      assertThat(answer(port, "GET /readyz?x=" + "y".repeat(1_000_000) + end))
          .startsWith("HTTP/1.1 200 OK\r\n");
      String both = "y".repeat(600_000);
      for (String tooLarge :
          List.of(
              "GET /readyz?x=" + both + both + end,
              "GET /readyz HTTP/1.1\r\nX: " + both + both + "\r\n\r\n",
              "GET /readyz?x=" + both + " HTTP/1.1\r\nX: " + both + "\r\n\r\n")) {
        assertThat(answer(port, tooLarge))
            .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n")
            .endsWith("\r\n\r\n431 Request Header Fields Too Large");
      }
    }
  }

  @Test
  void nothingButLoopbackIsListenedOn() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      assertThat(server.url()).startsWith("http://127.0.0.1:");
    }
  }

  @Test
  void clockModesAreReadFromTheirTexts() {
    assertThat(ClockMode.parse("auto")).isEqualTo(ClockMode.AUTO);
    assertThat(ClockMode.parse("real").factor()).isEqualTo(1);
    assertThat(ClockMode.parse("2.5x").factor()).isEqualTo(2.5);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ClockMode.parse("10")))
        .hasMessageContaining("'10' is no clock");
  }
}
