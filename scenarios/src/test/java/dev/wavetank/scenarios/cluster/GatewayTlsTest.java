package dev.wavetank.scenarios.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.resource.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/**
 * HTTPS listeners of a Gateway: what ends TLS there, and what a listener without a certificate is.
 */
class GatewayTlsTest {

  private static final String SHOP =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: cert}
      type: kubernetes.io/tls
      data: {tls.crt: %s, tls.key: a2V5}
      ---
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: edge}
      spec:
        gatewayClassName: wavetank
        listeners:
        - {name: http, port: 80, protocol: HTTP}
        - {name: https, port: 443, protocol: HTTPS, hostname: secure.test, tls: {certificateRefs: [{name: cert}]}}
        - {name: late, port: 8443, protocol: HTTPS, tls: {certificateRefs: [{name: late}]}}
      ---
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: shop}
      spec:
        parentRefs: [{name: edge}]
        rules:
        - backendRefs: [{name: web, port: 80}]
      """;

  private static final String PLAIN_HTTP = "The plain HTTP request was sent to HTTPS port\n";

  private final Cluster cluster = Cluster.builder().nodes(1).start();
  private final String gateway;

  GatewayTlsTest() throws IOException {
    apply("gateway-api.yaml");
    cluster.run(Duration.ofSeconds(2));
    apply("gateway-class.yaml");
    cluster.apply("web.yaml", WebBehindProxy.MANIFEST);
    String encoded = Base64.getEncoder().encodeToString(TlsTest.CERTIFICATE.getBytes(UTF_8));
    assertThat(cluster.apply("shop.yaml", SHOP.formatted(encoded)).stderr()).isEmpty();
    cluster.run(Duration.ofMinutes(2));
    gateway = kubectl("get service edge-wavetank -o jsonpath={.spec.clusterIP}");
  }

  private void apply(String manifest) throws IOException {
    String text = Files.readString(Path.of("library/manifests", manifest), UTF_8);
    assertThat(cluster.apply(manifest, text).stderr()).isEmpty();
  }

  private String kubectl(String command) {
    return cluster.kubectl(command).stdout();
  }

  private Output sh(String script) {
    return cluster.kubectl("exec -i client -- sh", script, "default", FileSource.NONE);
  }

  private Output curl(String host, int port) {
    String resolve = " --resolve %s:%d:%s".formatted(host, port, gateway);
    return sh("curl -sSk" + resolve + " https://" + host + ":" + port + "/; echo exit $?");
  }

  private String condition(String listener, String type) {
    return kubectl(
        "get gateway edge -o 'jsonpath={.status.listeners[?(@.name==\"%s\")]".formatted(listener)
            + ".conditions[?(@.type==\"%s\")].reason}'".formatted(type));
  }

  @Test
  void anHttpsListenerEndsTlsWithItsCertificate() {
    assertThat(curl("secure.test", 443).stdout()).isEqualTo("web\nexit 0\n");
    String client = "openssl s_client -servername secure.test -connect " + gateway + ":443";
    assertThat(sh(client + " </dev/null").stdout()).contains(TlsTest.CERTIFICATE);
    assertThat(kubectl("logs deploy/edge-wavetank")).contains("200 [default/shop]");
  }

  @Test
  void anHttpsListenerRefusesPlainHttp() {
    String get = "curl -s -w '%{http_code}' -H 'Host: secure.test' http://" + gateway + ":443/";
    assertThat(sh(get).stdout()).isEqualTo(PLAIN_HTTP + "400");
    assertThat(kubectl("logs deploy/edge-wavetank")).doesNotContain("[default/shop]");
  }

  @Test
  void anHttpListenerSpeaksNoTls() {
    Output refused = curl("secure.test", 80);
    assertThat(refused.stdout()).isEqualTo("exit 35\n");
    assertThat(refused.stderr()).contains("packet length too long");
  }

  @Test
  void withoutACertificateForTheNameTheHandshakeEndsWithAnAlert() {
    Output refused = curl("other.test", 443);
    assertThat(refused.stdout()).isEqualTo("exit 35\n");
    assertThat(refused.stderr()).contains("tlsv1 unrecognized name");
    String client = "openssl s_client -servername other.test -connect " + gateway + ":443";
    assertThat(sh(client + " </dev/null").stderr()).contains("tlsv1 unrecognized name");
  }

  @Test
  void aListenerWithoutACertificateIsNotProgrammedUntilItHasOne() {
    assertThat(condition("https", "Programmed")).isEqualTo("Programmed");
    assertThat(condition("https", "ResolvedRefs")).isEqualTo("ResolvedRefs");
    assertThat(condition("late", "Accepted")).isEqualTo("Accepted");
    assertThat(condition("late", "Programmed")).isEqualTo("Invalid");
    assertThat(condition("late", "ResolvedRefs")).isEqualTo("InvalidCertificateRef");
    assertThat(curl("any.test", 8443).stdout()).isEqualTo("exit 7\n");
    String encoded = Base64.getEncoder().encodeToString(TlsTest.CERTIFICATE.getBytes(UTF_8));
    cluster.apply(
        "late.yaml",
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: late}
        type: kubernetes.io/tls
        data: {tls.crt: %s, tls.key: a2V5}
        """
            .formatted(encoded));
    cluster.run(Duration.ofSeconds(2));
    assertThat(condition("late", "Programmed")).isEqualTo("Programmed");
    assertThat(condition("late", "ResolvedRefs")).isEqualTo("ResolvedRefs");
    assertThat(curl("any.test", 8443).stdout()).isEqualTo("web\nexit 0\n");
  }
}
