package dev.wavetank.core.controller.servicecidrs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import org.junit.jupiter.api.Test;

class ServiceCidrControllerTest {

  private final ControlPlane plane = new ControlPlane().withRegistry();

  ServiceCidrControllerTest() {
    new ServiceCidrController(plane.server);
    plane.run(1);
  }

  private static ObjectKey key(String name) {
    return ObjectKey.of(ResourceType.SERVICE_CIDRS, "", name);
  }

  private ObjectKey create(String name, String cidr) {
    plane.server.create(
        ResourceType.SERVICE_CIDRS,
        KubeObject.of(ResourceType.SERVICE_CIDRS, KubeMap.of("name", name))
            .withSpec(KubeMap.of("cidrs", KubeList.of(cidr))));
    plane.run(1);
    return key(name);
  }

  private ObjectKey address(String ip) {
    KubeMap labels = KubeMap.of("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
    KubeMap parent = KubeMap.of("resource", "services", "namespace", "default", "name", "web");
    plane.server.create(
        ResourceType.IP_ADDRESSES,
        KubeObject.of(ResourceType.IP_ADDRESSES, KubeMap.of("name", ip, "labels", labels))
            .withSpec(KubeMap.of("parentRef", parent)));
    return ObjectKey.of(ResourceType.IP_ADDRESSES, "", ip);
  }

  private void delete(ObjectKey key) {
    plane.server.delete(key, DeleteOptions.BACKGROUND);
    plane.run(1);
  }

  private String ready(ObjectKey key) {
    KubeMap condition = Conditions.find(plane.server.get(key).status(), "Ready");
    return condition == null
        ? ""
        : condition.string("status", "") + " " + condition.string("reason", "");
  }

  @Test
  void aServiceCidrIsReadyAndHeldByAFinalizer() {
    ObjectKey extra = create("extra", "10.200.0.0/24");
    assertThat(ready(extra)).isEqualTo("True ");
    assertThat(plane.server.get(extra).finalizers())
        .isEqualTo(KubeList.of("networking.k8s.io/service-cidr-finalizer"));
    assertThat(ready(key("kubernetes"))).isEqualTo("True ");
  }

  @Test
  void oneThatNoAddressIsInGoesTenSecondsAfterItsDeletion() {
    ObjectKey extra = create("extra", "10.200.0.0/24");
    delete(extra);
    assertThat(plane.server.find(extra)).isNotNull();
    plane.run(10);
    assertThat(plane.server.find(extra)).isNull();
  }

  @Test
  void anAddressHoldsTheOnlyOneThatItIsIn() {
    ObjectKey extra = create("extra", "10.200.0.0/24");
    ObjectKey held = address("10.200.0.5");
    delete(extra);
    plane.run(20);
    assertThat(ready(extra)).isEqualTo("False Terminating");
    delete(held);
    plane.run(1);
    assertThat(plane.server.find(extra)).isNull();
  }

  @Test
  void anotherOneWithTheAddressLetsItGo() {
    ObjectKey extra = create("extra", "10.200.0.0/24");
    address("10.200.0.5");
    delete(extra);
    plane.run(20);
    assertThat(plane.server.find(extra)).isNotNull();
    create("wide", "10.200.0.0/16");
    assertThat(plane.server.find(extra)).isNull();
  }

  @Test
  void addressesThatComeAreNoWork() {
    int events = plane.simulation.pending();
    address("10.200.0.9");
    assertThat(plane.simulation.pending()).isEqualTo(events);
  }
}
