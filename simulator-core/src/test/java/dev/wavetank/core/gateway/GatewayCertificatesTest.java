package dev.wavetank.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.httpproxy.TestCertificate;
import org.junit.jupiter.api.Test;

/** Which certificate the proxy of a Gateway shows, by port and name. */
class GatewayCertificatesTest {

  private static final String GATEWAY =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: g, namespace: default}
      spec:
        gatewayClassName: wavetank
        listeners:
        - {name: http, port: 80, protocol: HTTP}
        - {name: one, port: 443, protocol: HTTPS, hostname: secure.test, tls: {certificateRefs: [{name: a}]}}
        - {name: all, port: 443, protocol: HTTPS, hostname: "*.shop.test", tls: {certificateRefs: [{name: b}]}}
        - {name: far, port: 443, protocol: HTTPS, hostname: far.test, tls: {certificateRefs: [{name: c, namespace: certs}]}}
        - {name: lost, port: 443, protocol: HTTPS, hostname: lost.test, tls: {certificateRefs: [{name: none}]}}
      """;

  private static final String GRANT =
      """
      ---
      apiVersion: gateway.networking.k8s.io/v1beta1
      kind: ReferenceGrant
      metadata: {name: grant, namespace: certs}
      spec:
        from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: default}]
        to: [{group: "", kind: Secret}]
      """;

  private final ControlPlane plane = new ControlPlane().withRegistry();

  GatewayCertificatesTest() {
    plane.namespace("certs");
    TestCertificate.create(plane, "default", "a", TestCertificate.TEXT);
    TestCertificate.create(plane, "default", "b", TestCertificate.TEXT);
    TestCertificate.create(plane, "certs", "c", TestCertificate.TEXT);
  }

  private String shown(String yaml, int port, String serverName) {
    GatewayCertificates certificates =
        GatewayCertificates.of(
            Manifests.parse("gateway.yaml", GATEWAY).get(0).object(), new FixedObjects(yaml));
    var shown = certificates.shown(port, serverName, plane.server.head());
    return shown == null ? "" : shown.source();
  }

  @Test
  void theListenerThatFitsTheNameBestShowsItsCertificate() {
    assertThat(shown(GATEWAY, 443, "Secure.test")).isEqualTo("secret default/a");
    assertThat(shown(GATEWAY, 443, "a.b.shop.test")).isEqualTo("secret default/b");
  }

  @Test
  void withoutAListenerForTheNameTheHandshakeFails() {
    assertThat(shown(GATEWAY, 443, "other.test")).isEmpty();
    assertThat(shown(GATEWAY, 443, "lost.test")).isEmpty();
    assertThat(shown(GATEWAY, 443, "")).isEmpty();
    assertThat(shown(GATEWAY, 80, "secure.test")).isEmpty();
  }

  @Test
  void aSecretOfAnotherNamespaceNeedsAGrant() {
    assertThat(shown(GATEWAY, 443, "far.test")).isEmpty();
    assertThat(shown(GATEWAY + GRANT, 443, "far.test")).isEqualTo("secret certs/c");
  }
}
