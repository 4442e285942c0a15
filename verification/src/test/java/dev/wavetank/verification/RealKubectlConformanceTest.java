package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.verification.RealKubectl.Running;
import dev.wavetank.verification.conformance.Codename;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conformance tests of kubectl that need no pods, by the real kubectl.
 *
 * <p>Follows test/e2e/kubectl/kubectl.go (v1.36).
 */
class RealKubectlConformanceTest {

  private static final Pattern PORT = Pattern.compile("Starting to serve on 127.0.0.1:([0-9]+)");

  @TempDir Path directory;

  private ServedTutorial tutorial;

  @BeforeEach
  void serve() throws Exception {
    tutorial = ServedTutorial.start(directory);
  }

  @AfterEach
  void end() throws Exception {
    if (tutorial != null) {
      tutorial.close();
    }
  }

  @Test
  @Codename(
      "[sig-cli] Kubectl client Kubectl api-versions should check if v1 is in available api"
          + " versions")
  void theApiVersions() {
    assertThat(tutorial.said("kubectl api-versions").lines()).contains("v1");
  }

  @Test
  @Codename(
      "[sig-cli] Kubectl client Kubectl cluster-info should check if Kubernetes control plane"
          + " services is included in cluster-info")
  void theControlPlaneIsInTheClusterInfo() {
    assertThat(tutorial.said("kubectl cluster-info"))
        .contains("Kubernetes control plane")
        .contains("is running at");
  }

  @Test
  @Codename("[sig-cli] Kubectl client Kubectl version should check is all data is printed")
  void theVersionsOfClientAndServer() {
    String version = "v[0-9]\\.[0-9]+\\.[0-9A-Za-z.+-]+";
    assertThat(tutorial.said("kubectl version"))
        .containsPattern("Client Version: " + version)
        .containsPattern("Server Version: " + version);
  }

  @Test
  @Codename("[sig-cli] Kubectl client Proxy server should support proxy with --port 0")
  void theProxyAtAnyPort() throws Exception {
    try (Running proxy = tutorial.start("kubectl proxy --port=0 --disable-filter")) {
      Matcher port = PORT.matcher(proxy.await("Starting to serve on"));
      assertThat(port.find()).isTrue();
      URI api = URI.create("http://localhost:" + port.group(1) + "/api/");
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .build()
              .send(HttpRequest.newBuilder(api).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).contains("\"kind\":\"APIVersions\"").contains("\"v1\"");
    }
  }

  @Test
  @Codename("[sig-cli] Kubectl client Proxy server should support --unix-socket=/path")
  void theProxyAtASocket() throws Exception {
    Path socket = directory.resolve("test");
    try (Running proxy = tutorial.start("kubectl proxy --unix-socket=" + socket)) {
      assertThat(proxy.await("Starting to serve on")).contains(socket.toString());
      assertThat(get(socket)).contains("APIVersions");
    }
  }

  private static String get(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      String request = "GET /api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
      ByteBuffer answer = ByteBuffer.allocate(1 << 16);
      while (channel.read(answer) >= 0 && answer.hasRemaining()) {
        // It goes on until the other end closes.
      }
      return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }
  }
}
