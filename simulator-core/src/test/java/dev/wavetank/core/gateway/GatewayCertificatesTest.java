package dev.wavetank.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.container.TlsAnswer;
import dev.wavetank.core.httpproxy.TestCertificate;
import org.junit.jupiter.api.Test;

/** Which certificate the proxy of a Gateway shows, by port and name, and what lets it show none. */
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
        - {name: bare, port: 8443, protocol: HTTPS}
        - {name: kind, port: 9443, protocol: HTTPS, tls: {certificateRefs: [{name: a, kind: ConfigMap}]}}
        - {name: type, port: 9444, protocol: HTTPS, tls: {certificateRefs: [{name: opaque}]}}
        - {name: some, port: 9445, protocol: HTTPS, tls: {certificateRefs: [{name: none}, {name: a}]}}
      """;

  private static final String SECRETS =
      TestCertificate.manifest("default", "a", "kubernetes.io/tls")
          + TestCertificate.manifest("default", "b", "kubernetes.io/tls")
          + TestCertificate.manifest("certs", "c", "kubernetes.io/tls")
          + TestCertificate.manifest("default", "opaque", "Opaque");

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

  private final FixedObjects objects = new FixedObjects(GATEWAY + SECRETS);
  private final FixedObjects granted = new FixedObjects(GATEWAY + SECRETS + GRANT);
  private final KubeObject gateway = Manifests.parse("gateway.yaml", GATEWAY).get(0).object();

  private String shown(FixedObjects by, int port, String serverName) {
    var shown = GatewayCertificates.of(gateway, by).shown(port, serverName);
    return shown == null ? "" : shown.source();
  }

  private Listener listener(String name) {
    return Listener.of(gateway).stream()
        .filter(listener -> listener.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private String unresolved(String name) {
    return GatewayCertificates.unresolved(gateway, listener(name), objects);
  }

  @Test
  void theListenerThatFitsTheNameBestShowsItsCertificate() {
    assertThat(shown(objects, 443, "Secure.test")).isEqualTo("secret default/a");
    assertThat(shown(objects, 443, "a.b.shop.test")).isEqualTo("secret default/b");
  }

  @Test
  void withoutAListenerForTheNameTheHandshakeFails() {
    GatewayCertificates certificates = GatewayCertificates.of(gateway, objects);
    for (String name : new String[] {"other.test", "lost.test", ""}) {
      assertThat(certificates.answer(443, name)).isEqualTo(TlsAnswer.UNRECOGNIZED_NAME);
    }
  }

  @Test
  void anHttpListenerSpeaksNoTls() {
    GatewayCertificates certificates = GatewayCertificates.of(gateway, objects);
    assertThat(certificates.answer(80, "secure.test")).isEqualTo(TlsAnswer.NONE);
    assertThat(certificates.answer(443, "secure.test").failure().name()).isEqualTo("NONE");
  }

  @Test
  void aSecretOfAnotherNamespaceNeedsAGrant() {
    assertThat(shown(objects, 443, "far.test")).isEmpty();
    assertThat(shown(granted, 443, "far.test")).isEqualTo("secret certs/c");
    assertThat(unresolved("far")).isEqualTo("RefNotPermitted");
    assertThat(GatewayCertificates.unresolved(gateway, listener("far"), granted)).isEmpty();
  }

  @Test
  void aReferenceToNothingOrNoSecretOfThatTypeIsInvalid() {
    for (String name : new String[] {"lost", "bare", "kind", "type"}) {
      assertThat(unresolved(name)).as(name).isEqualTo("InvalidCertificateRef");
      assertThat(listener(name).served(gateway, objects)).as(name).isFalse();
    }
    assertThat(unresolved("one")).isEmpty();
    assertThat(unresolved("http")).isEmpty();
    assertThat(listener("http").served(gateway, objects)).isTrue();
  }

  @Test
  void aListenerIsServedWithTheCertificatesThatItHas() {
    assertThat(unresolved("some")).isEqualTo("InvalidCertificateRef");
    assertThat(listener("some").served(gateway, objects)).isTrue();
    assertThat(shown(objects, 9445, "any.test")).isEqualTo("secret default/a");
  }
}
