package dev.wavetank.core.controller.serviceaccount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import org.junit.jupiter.api.Test;

class ServiceAccountsControllerTest {

  private final ControlPlane plane = new ControlPlane().withRegistry();

  private static ObjectKey account(String namespace) {
    return ObjectKey.of(ResourceType.SERVICE_ACCOUNTS, namespace, "default");
  }

  @Test
  void everyNamespaceGetsItsDefaultServiceAccount() {
    new ServiceAccountsController(plane.server);
    plane.namespace("team");
    plane.run(1);
    assertThat(plane.list(ResourceType.SERVICE_ACCOUNTS))
        .map(KubeObject::namespace)
        .containsExactly("default", "kube-node-lease", "kube-public", "kube-system", "team");
    assertThat(plane.simulation.pending()).isZero();
  }

  @Test
  void aDeletedDefaultServiceAccountComesBack() {
    new ServiceAccountsController(plane.server);
    plane.run(1);
    String uid = plane.server.get(account("default")).uid();
    plane.server.delete(account("default"), DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(plane.server.get(account("default")).uid()).isNotEqualTo(uid);
  }

  @Test
  void aTerminatingNamespaceGetsNone() {
    plane.namespace("team");
    plane.server.delete(
        ObjectKey.of(ResourceType.NAMESPACES, "", "team"), DeleteOptions.BACKGROUND);
    new ServiceAccountsController(plane.server);
    plane.run(1);
    assertThat(plane.server.find(account("team"))).isNull();
  }

  @Test
  void aPodMayBeCreatedBeforeTheServiceAccountIsThere() {
    KubeObject pod = plane.pod("default", "early", 30);
    assertThat(pod.spec().get("serviceAccountName")).isEqualTo("default");
  }
}
