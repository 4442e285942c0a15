package dev.wavetank.core.controller.rootcacertpublisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class RootCaCertPublisherTest {

  private static final ObjectKey IN_DEFAULT =
      ObjectKey.of(ResourceType.CONFIG_MAPS, "default", "kube-root-ca.crt");

  private final ControlPlane plane = new ControlPlane().withRegistry();

  private void start() {
    new RootCaCertPublisher(plane.server, RootCaCertPublisher.SIMULATED_ROOT_CA);
    plane.run(1);
  }

  @Test
  void everyNamespaceGetsTheCertificate() {
    start();
    plane.namespace("team");
    plane.run(1);
    assertThat(plane.list(ResourceType.CONFIG_MAPS))
        .filteredOn(map -> map.name().equals("kube-root-ca.crt"))
        .hasSize(5)
        .allMatch(
            map ->
                RootCaCertPublisher.SIMULATED_ROOT_CA.equals(
                    map.root().mapOrEmpty("data").get("ca.crt")));
    assertThat(plane.simulation.pending()).isZero();
  }

  @Test
  void theSimulatedCertificateHasTheFormOfPem() {
    String[] lines = RootCaCertPublisher.SIMULATED_ROOT_CA.split("\n");
    assertThat(lines[0]).isEqualTo("-----BEGIN CERTIFICATE-----");
    assertThat(lines[lines.length - 1]).isEqualTo("-----END CERTIFICATE-----");
    String body = String.join("", java.util.Arrays.copyOfRange(lines, 1, lines.length - 1));
    assertThat(Base64.getDecoder().decode(body)).isNotEmpty();
    assertThat(lines).allMatch(line -> line.length() <= 64);
  }

  @Test
  void aChangedOrDeletedConfigMapIsRestored() {
    start();
    KubeMap data = KubeMap.of("ca.crt", "forged", "more", "x");
    plane.server.patch(ResourceType.CONFIG_MAPS, IN_DEFAULT, found -> found.with(data, "data"));
    plane.run(1);
    KubeObject restored = plane.server.get(IN_DEFAULT);
    assertThat(restored.root().mapOrEmpty("data").keys()).containsExactly("ca.crt");
    plane.server.delete(IN_DEFAULT, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(plane.server.get(IN_DEFAULT).uid()).isNotEqualTo(restored.uid());
  }

  @Test
  void theAnnotationSaysWhatItIsFor() {
    start();
    plane.server.patch(
        ResourceType.CONFIG_MAPS, IN_DEFAULT, found -> found.with(null, "metadata", "annotations"));
    plane.run(1);
    assertThat(plane.server.get(IN_DEFAULT).annotations().string("kubernetes.io/description", ""))
        .startsWith("Contains a CA bundle that can be used to verify the kube-apiserver");
  }

  @Test
  void aTerminatingNamespaceIsNoFailure() {
    plane.namespace("team");
    plane.server.delete(
        ObjectKey.of(ResourceType.NAMESPACES, "", "team"), DeleteOptions.BACKGROUND);
    start();
    assertThat(plane.simulation.pending()).isZero();
    assertThat(
            plane.server.find(ObjectKey.of(ResourceType.CONFIG_MAPS, "team", "kube-root-ca.crt")))
        .isNull();
  }
}
