package dev.wavetank.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with TLS asks clients who they are. */
class TlsTest {

  private static final String USERS = "t0ken,jane,7,\"devs\"\n";
  private static final String JANES = "Bearer t0ken";
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/";
  private static final String WHO_AM_I = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

  private static ClusterServer server = null;

  @TempDir Path directory;

  @BeforeAll
  static void serve() throws IOException {
    server = ClusterServer.start(ClusterServer.options().withTls().withUsers(USERS));
  }

  @AfterAll
  static void close() throws IOException {
    server.close();
  }

  private static ClientCredentials administrator(ClusterServer of) {
    ClientCredentials credentials = of.administrator();
    assertThat(credentials).isNotNull();
    return credentials;
  }

  private static HttpResponse<String> send(
      ClusterServer to,
      ClientCredentials as,
      String method,
      String target,
      String body,
      String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.url() + target))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newBuilder()
        .sslContext(as.sslContext())
        .build()
        .send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(ClientCredentials as, String target, String... headers)
      throws Exception {
    return send(server, as, "GET", target, "", headers);
  }

  private static String userOf(ClientCredentials as, String... headers) throws Exception {
    HttpResponse<String> answer = send(server, as, "POST", WHO_AM_I, "{}", headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return answer.body().replaceAll("(?s).*\"userInfo\":(.*?)\\}.*", "$1}");
  }

  /** Somebody whose certificate another server's authority has signed. */
  private static ClientCredentials stranger(String authority) throws IOException {
    try (ClusterServer other = ClusterServer.start(ClusterServer.options().withTls())) {
      ClientCredentials theirs = administrator(other);
      return new ClientCredentials(authority, theirs.certificate(), theirs.key());
    }
  }

  @Test
  void theAdministratorsCertificateOpensEverything() throws Exception {
    assertThat(server.url()).startsWith("https://127.0.0.1:");
    assertThat(get(administrator(server), "/api/v1/nodes").statusCode()).isEqualTo(200);
    assertThat(get(administrator(server), "/wavetank/clock").statusCode()).isEqualTo(200);
    assertThat(userOf(administrator(server)))
        .isEqualTo(
            "{\"username\":\"kubernetes-admin\",\"groups\":[\"system:masters\","
                + "\"system:authenticated\"]}");
  }

  @Test
  void aCertificatesNameIsTheUserAndItsOrganizationsAreTheGroups() throws Exception {
    ClientCredentials joe = server.credentials("joe", ImmutableList.of("devs", "ops"));
    assertThat(userOf(joe))
        .isEqualTo("{\"username\":\"joe\",\"groups\":[\"devs\",\"ops\",\"system:authenticated\"]}");
    assertThat(get(joe, "/api/v1/nodes").body())
        .contains("nodes is forbidden: User \\\"joe\\\" cannot list resource \\\"nodes\\\"");
  }

  @Test
  void api_A_005_withoutCredentialsOnlyHealthAndVersionAreRead() throws Exception {
    ClientCredentials nobody = administrator(server).anonymous();
    for (String path : List.of("/version", "/healthz", "/livez", "/readyz")) {
      assertThat(get(nobody, path).statusCode()).as(path).isEqualTo(200);
    }
    HttpResponse<String> pods = get(nobody, "/api/v1/namespaces/default/pods");
    assertThat(pods.statusCode()).isEqualTo(403);
    assertThat(pods.body())
        .contains(
            "pods is forbidden: User \\\"system:anonymous\\\" cannot list resource \\\"pods\\\" in"
                + " API group \\\"\\\" in the namespace \\\"default\\\"");
    for (String path : List.of("/", "/api", "/openapi/v3", "/metrics", "/wavetank/clock")) {
      HttpResponse<String> answer = get(nobody, path);
      assertThat(answer.statusCode()).as(path).isEqualTo(403);
      assertThat(answer.body())
          .contains("forbidden: User \\\"system:anonymous\\\" cannot get path \\\"" + path);
    }
  }

  @Test
  void aTokensUserMayDoWhatRolesAllow() throws Exception {
    ClientCredentials nobody = administrator(server).anonymous();
    String pods = "/api/v1/namespaces/default/pods";
    assertThat(userOf(nobody, "Authorization", JANES)).contains("\"username\":\"jane\"");
    assertThat(get(nobody, pods, "Authorization", JANES).statusCode()).isEqualTo(403);
    bind(server);
    assertThat(get(nobody, pods, "Authorization", JANES).statusCode()).isEqualTo(200);
    assertThat(get(nobody, "/api/v1/nodes", "Authorization", JANES).statusCode()).isEqualTo(403);
    assertThat(get(nobody, "/version", "Authorization", "Bearer wrong").statusCode())
        .isEqualTo(401);
  }

  private static void bind(ClusterServer at) throws Exception {
    HttpResponse<String> role =
        send(
            at,
            administrator(at),
            "POST",
            RBAC + "roles",
            "{\"metadata\":{\"name\":\"r\"},\"rules\":[{\"apiGroups\":[\"\"],"
                + "\"resources\":[\"pods\"],\"verbs\":[\"list\"]}]}");
    HttpResponse<String> binding =
        send(
            at,
            administrator(at),
            "POST",
            RBAC + "rolebindings",
            "{\"metadata\":{\"name\":\"r\"},\"roleRef\":{\"kind\":\"Role\",\"name\":\"r\"},"
                + "\"subjects\":[{\"kind\":\"Group\",\"name\":\"devs\"}]}");
    assertThat(List.of(role.statusCode(), binding.statusCode())).containsOnly(201);
  }

  @Test
  void aCertificateComesBeforeAToken() throws Exception {
    assertThat(userOf(administrator(server), "Authorization", JANES))
        .contains("\"username\":\"kubernetes-admin\"");
    assertThat(
            get(administrator(server), "/api/v1/nodes", "Authorization", "Bearer wrong")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    ClientCredentials stranger = stranger(administrator(server).authority());
    for (String path : List.of("/api/v1/nodes", "/version", "/wavetank/clock")) {
      HttpResponse<String> answer = get(stranger, path);
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.body()).contains("\"message\":\"Unauthorized\"");
    }
    assertThat(userOf(stranger, "Authorization", JANES)).contains("\"username\":\"jane\"");
  }

  @Test
  void certificatesAreForOneSideOnly() throws Exception {
    KubeadmCertificates authority = new KubeadmCertificates(Instant.now());
    KubeadmCertificates.Issued own = authority.server(List.of("localhost"), List.of());
    assertThat(own.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(authority.client("a", List.of()).certificate().getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.2");
    own.certificate().verify(authority.authorityCertificate().getPublicKey());
    assertThat(own.certificate().getBasicConstraints()).isEqualTo(-1);
    assertThat(authority.authorityCertificate().getBasicConstraints()).isNotNegative();
  }

  @Test
  void whoDoesNotKnowTheAuthorityDoesNotConnect() {
    assertThatThrownBy(
            () ->
                HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(URI.create(server.url() + "/version")).build(),
                        HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  private static SSLSocket socket(ClientCredentials as, String... protocols) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            as.sslContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), URI.create(server.url()).getPort());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  @Test
  void theCertificateHasTheNamesOfTheService() throws Exception {
    try (SSLSocket socket = socket(administrator(server))) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      List<Object> names = new ArrayList<>();
      shown.getSubjectAlternativeNames().forEach(name -> names.add(name.get(1)));
      assertThat(names)
          .containsExactly(
              "kubernetes",
              "kubernetes.default",
              "kubernetes.default.svc",
              "kubernetes.default.svc.cluster.local",
              "localhost",
              "10.96.0.1",
              "127.0.0.1");
    }
  }

  @Test
  void neverHttp2() throws Exception {
    try (SSLSocket both = socket(administrator(server), "h2", "http/1.1");
        SSLSocket none = socket(administrator(server))) {
      assertThat(both.getApplicationProtocol()).isEqualTo("http/1.1");
      assertThat(none.getApplicationProtocol()).isEmpty();
    }
    assertThat(get(administrator(server), "/version").version())
        .isEqualTo(HttpClient.Version.HTTP_1_1);
  }

  @Test
  void whoForgetsTlsIsToldSo() throws Exception {
    int port = URI.create(server.url()).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("GET /version HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo(
              "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
    }
  }

  @Test
  void aSessionThatIsTakenUpAgainIsTheSameUsers() throws Exception {
    HttpRequest nodes = HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/nodes")).build();
    var context = administrator(server).sslContext();
    for (int connection = 0; connection < 3; connection++) {
      HttpClient client = HttpClient.newBuilder().sslContext(context).build();
      assertThat(client.send(nodes, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void aRecordedSessionIsPlayedAgainWithItsUsersAndWithoutTheirKeys() throws Exception {
    Path record = directory.resolve("session");
    ClusterServer.Options options =
        ClusterServer.options().withTls().withUsers(USERS).withRecord(record);
    try (ClusterServer recorded = ClusterServer.start(options)) {
      ClientCredentials admin = administrator(recorded);
      ClientCredentials joe = recorded.credentials("joe", ImmutableList.of("devs"));
      bind(recorded);
      for (ClientCredentials each :
          List.of(admin, joe, admin.anonymous(), stranger(admin.authority()))) {
        send(recorded, each, "GET", "/api/v1/namespaces/default/pods", "");
        send(recorded, each, "GET", "/api/v1/pods", "", "Authorization", JANES);
        send(recorded, each, "GET", "/api/v1/nodes", "");
      }
    }
    byte[] bytes = Files.readAllBytes(record);
    SessionReplay.Result result = SessionReplay.read("session", bytes).replay();
    assertThat(result.difference()).isEmpty();
    assertThat(result.requests()).isEqualTo(14);
    String text = new String(bytes, StandardCharsets.UTF_8);
    assertThat(text)
        .contains("\"peer\":{\"proof\":\"CERTIFICATE\",\"user\":\"joe\",\"groups\":[\"devs\",")
        .doesNotContain("PRIVATE KEY")
        .doesNotContain("CERTIFICATE-----");
    byte[] changed =
        text.replace("\"user\":\"joe\"", "\"user\":\"jim\"").getBytes(StandardCharsets.UTF_8);
    assertThat(SessionReplay.read("session", changed).replay().same()).isFalse();
  }

  @Test
  void streamsIntoPodsWorkOverWebSocketAndSpdy() throws Exception {
    try (ServedPods pods = ServedPods.withTls()) {
      ChannelClient exec =
          new ChannelClient(pods, "box/exec?stdin=1&stdout=1&stderr=1", "v5.channel.k8s.io", "cat");
      exec.send(0, "typed");
      exec.end(0);
      assertThat(exec.closed()).isEqualTo("1000 ");
      assertThat(exec.said(1)).isEqualTo("typed");
      try (SpdyClient forward = new SpdyClient(pods, "web/portforward", "portforward.k8s.io")) {
        int error = forward.open("streamtype", "error", "port", "80", "requestid", "0");
        forward.send(error, "", true);
        int data = forward.open("streamtype", "data", "port", "80", "requestid", "0");
        forward.send(data, "GET / HTTP/1.0\r\n\r\n", false);
        assertThat(forward.await(data, "")).contains("Welcome to nginx!");
      }
    }
  }
}
