package dev.wavetank.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.webhook.AdmissionResponses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks outside of the simulation, over HTTPS. */
class HttpsWebhooksTest {

  private static final String HOOKS =
      "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

  private final KubeadmCertificates authority = new KubeadmCertificates(Instant.now());
  private HttpsServer webhook = null;
  private UnaryOperator<KubeMap> answer = AdmissionResponses::allowed;

  @TempDir Path directory;

  @BeforeEach
  void listen() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    KubeadmCertificates.Issued own =
        authority.server(ImmutableList.of("localhost"), ImmutableList.of(here));
    KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
    keys.load(null, null);
    X509Certificate[] chain = {own.certificate(), authority.authorityCertificate()};
    keys.setKeyEntry("own", own.key(), new char[0], chain);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    webhook = HttpsServer.create(new InetSocketAddress(here, 0), 0);
    webhook.setHttpsConfigurator(new HttpsConfigurator(context));
    webhook.createContext("/review", this::review);
    webhook.start();
  }

  @AfterEach
  void stop() {
    webhook.stop(0);
  }

  private void review(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    byte[] reply =
        Json.write(answer.apply((KubeMap) Json.read(body))).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, reply.length);
    exchange.getResponseBody().write(reply);
    exchange.close();
  }

  private String bundle() throws Exception {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(authority.authorityCertificate().getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }

  private void configure(ClusterServer server, String caBundle) throws Exception {
    String url = "https://localhost:" + webhook.getAddress().getPort() + "/review";
    KubeMap client = KubeMap.of("url", url);
    String body =
        "{\"metadata\":{\"name\":\"v\"},\"webhooks\":[{\"name\":\"h.example.com\","
            + "\"admissionReviewVersions\":[\"v1\"],\"sideEffects\":\"None\",\"timeoutSeconds\":9,"
            + "\"rules\":[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],"
            + "\"resources\":[\"configmaps\"]}],\"clientConfig\":"
            + Json.write(caBundle.isEmpty() ? client : client.with("caBundle", caBundle))
            + "}]}";
    assertThat(post(server, HOOKS, body).statusCode()).isEqualTo(201);
  }

  private static HttpResponse<String> post(ClusterServer server, String path, String body)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> create(ClusterServer server, String name) throws Exception {
    return post(
        server,
        "/api/v1/namespaces/default/configmaps",
        "{\"metadata\":{\"name\":\"" + name + "\"}}");
  }

  @Test
  void aWebhookOutsideIsAsked() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      configure(server, bundle());
      assertThat(create(server, "a").statusCode()).isEqualTo(201);
      answer = review -> AdmissionResponses.denied(review, 403, "not b");
      HttpResponse<String> refused = create(server, "b");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body())
          .contains("admission webhook \\\"h.example.com\\\" denied the request: not b");
    }
  }

  @Test
  void aCertificateThatTheBundleDoesNotSignIsNotTrusted() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      configure(server, "");
      HttpResponse<String> refused = create(server, "a");
      assertThat(refused.statusCode()).isEqualTo(500);
      assertThat(refused.body())
          .contains("x509: certificate signed by unknown authority")
          .contains("/review?timeout=9s");
    }
  }

  @Test
  void aWebhookThatDoesNotListenFailsTheRequest() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      configure(server, bundle());
      webhook.stop(0);
      HttpResponse<String> refused = create(server, "a");
      assertThat(refused.statusCode()).isEqualTo(500);
      assertThat(refused.body()).contains("connect: connection refused");
    }
  }

  @Test
  void aReplayNeedsNoWebhook() throws Exception {
    Path record = directory.resolve("session");
    try (ClusterServer server = ClusterServer.start(ClusterServer.options().withRecord(record))) {
      configure(server, bundle());
      assertThat(create(server, "a").statusCode()).isEqualTo(201);
      answer = review -> AdmissionResponses.denied(review, 403, "not b");
      assertThat(create(server, "b").statusCode()).isEqualTo(403);
      webhook.stop(0);
      assertThat(create(server, "c").statusCode()).isEqualTo(500);
    }
    SessionReplay.Result again = SessionReplay.read("session", Files.readAllBytes(record)).replay();
    assertThat(again.difference()).isEmpty();
    assertThat(again.same()).isTrue();
  }
}
