package dev.wavetank.core.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.httpproxy.TestCertificate;
import dev.wavetank.core.sim.Simulation;
import org.junit.jupiter.api.Test;

/** Which certificate a client sees, by the name that it asks for. */
class IngressCertificatesTest {

  private static final String INGRESS =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: shop, namespace: default}
      spec:
        tls:
        - {hosts: [secure.test, "*.shop.test"], secretName: cert}
        - {hosts: [wrong.test], secretName: cert}
        - {hosts: [broken.test], secretName: broken}
        - {hosts: [missing.test], secretName: missing}
        - {hosts: [none.test]}
      """;

  private static final ShownCertificate FAKE = IngressCertificates.fake(Simulation.START);

  private final ControlPlane plane = new ControlPlane().withRegistry();
  private final IngressCertificates certificates =
      IngressCertificates.of(
          ImmutableList.of(Manifests.parse("ingress.yaml", INGRESS).get(0).object()), FAKE);

  IngressCertificatesTest() {
    TestCertificate.create(plane, "default", "cert", TestCertificate.TEXT);
    TestCertificate.create(plane, "default", "broken", "no certificate");
  }

  private ShownCertificate shown(String serverName) {
    return certificates.shown(serverName, plane.server.head());
  }

  @Test
  void net_G_06_theNameThatTheClientAsksForChoosesTheCertificate() {
    assertThat(shown("secure.test").subject()).isEqualTo("CN=secure.test,O=Shop");
    assertThat(shown("SECURE.test").source()).isEqualTo("secret default/cert");
    assertThat(shown("eu.shop.test").source()).isEqualTo("secret default/cert");
    assertThat(shown("a.eu.shop.test")).isEqualTo(FAKE);
  }

  @Test
  void net_G_06_aHostWithoutACertificateGetsTheFakeOne() {
    for (String name : ImmutableList.of("other.test", "none.test", "missing.test", "")) {
      assertThat(shown(name).subject())
          .isEqualTo("CN=Kubernetes Ingress Controller Fake Certificate,O=Acme Co");
    }
  }

  @Test
  void net_G_06_aCertificateThatIsNotGoodForTheHostIsNotShown() {
    assertThat(shown("wrong.test")).isEqualTo(FAKE);
    assertThat(shown("broken.test")).isEqualTo(FAKE);
  }
}
