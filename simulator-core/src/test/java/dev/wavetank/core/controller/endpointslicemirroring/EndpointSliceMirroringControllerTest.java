package dev.wavetank.core.controller.endpointslicemirroring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.sim.Choices;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointSliceMirroringControllerTest {

  private static final ObjectKey ENDPOINTS = ObjectKey.of(ResourceType.ENDPOINTS, "default", "db");
  private static final ObjectKey SERVICE = ObjectKey.of(ResourceType.SERVICES, "default", "db");
  private static final KubeList PORTS =
      KubeList.of(KubeMap.of("name", "sql", "port", 5432, "protocol", "TCP"));

  private final ControlPlane plane = new ControlPlane(Choices.seeded(1), ControlPlane.FRESH);

  @BeforeEach
  void start() {
    new EndpointSliceMirroringController(plane.server);
  }

  private KubeObject service() {
    return plane.server.create(
        ResourceType.SERVICES,
        KubeObject.of(ResourceType.SERVICES, KubeMap.of("name", "db"))
            .withSpec(KubeMap.of("clusterIP", "10.96.0.50", "ports", PORTS)));
  }

  private static KubeList addresses(String... ips) {
    List<KubeMap> addresses = new ArrayList<>();
    for (String ip : ips) {
      addresses.add(KubeMap.of("ip", ip));
    }
    return KubeList.copyOf(addresses);
  }

  private static KubeMap subset(KubeList addresses) {
    return KubeMap.of("addresses", addresses, "ports", PORTS);
  }

  private KubeObject endpoints(KubeMap metadata, KubeMap... subsets) {
    return plane.server.create(
        ResourceType.ENDPOINTS,
        KubeObject.of(ResourceType.ENDPOINTS, metadata.with("name", "db"))
            .with(KubeList.of((Object[]) subsets), "subsets"));
  }

  private void subsets(KubeMap... subsets) {
    plane.server.patch(
        ResourceType.ENDPOINTS,
        ENDPOINTS,
        found -> found.with(KubeList.of((Object[]) subsets), "subsets"));
    plane.run(1);
  }

  private List<KubeObject> slices() {
    return plane.server.list(ResourceType.ENDPOINT_SLICES);
  }

  private KubeObject slice() {
    assertThat(slices()).hasSize(1);
    return slices().get(0);
  }

  private static List<String> shown(KubeObject slice) {
    List<String> shown = new ArrayList<>();
    for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
      shown.add(
          endpoint.listOrEmpty("addresses").get(0)
              + (endpoint.mapOrEmpty("conditions").bool("ready", false) ? "" : " not ready"));
    }
    return shown;
  }

  @Test
  void net_E_27_endpointsOfAServiceWithoutSelectorAreMirrored() {
    service();
    KubeObject endpoints =
        endpoints(
            KubeMap.of(
                "labels", KubeMap.of("team", "x"),
                "annotations",
                    KubeMap.of(
                        "note", "y",
                        "endpoints.kubernetes.io/last-change-trigger-time", "2026-01-01T00:00:00Z",
                        "kubectl.kubernetes.io/last-applied-configuration", "{}")),
            KubeMap.of(
                "addresses", addresses("192.0.2.1"),
                "notReadyAddresses", addresses("192.0.2.2"),
                "ports", PORTS));
    plane.run(1);
    assertThat(shown(slice())).containsExactly("192.0.2.1", "192.0.2.2 not ready");
    assertThat(slice().root().get("addressType")).isEqualTo("IPv4");
    assertThat(slice().root().get("ports")).isEqualTo(PORTS);
    assertThat(slice().name()).matches("db-[a-z0-9]{5}");
    assertThat(slice().labels())
        .isEqualTo(
            KubeMap.of(
                "team", "x",
                "kubernetes.io/service-name", "db",
                "endpointslice.kubernetes.io/managed-by",
                    "endpointslicemirroring-controller.k8s.io"));
    assertThat(slice().annotations()).isEqualTo(KubeMap.of("note", "y"));
    KubeMap owner = slice().ownerReferences().map(0);
    assertThat(owner.get("kind")).isEqualTo("Endpoints");
    assertThat(owner.get("uid")).isEqualTo(endpoints.uid());
  }

  @Test
  void net_E_27_aSliceFollowsItsEndpointsUnderItsName() {
    service();
    endpoints(KubeMap.EMPTY, subset(addresses("192.0.2.1")));
    plane.run(1);
    String name = slice().name();
    subsets(subset(addresses("192.0.2.1", "192.0.2.3")));
    assertThat(shown(slice())).containsExactly("192.0.2.1", "192.0.2.3");
    assertThat(slice().name()).isEqualTo(name);
    subsets(
        KubeMap.of(
            "addresses",
            addresses("192.0.2.3"),
            "ports",
            KubeList.of(KubeMap.of("name", "sql", "port", 5433, "protocol", "TCP"))));
    assertThat(slice().root().listOrEmpty("ports").map(0).get("port")).isEqualTo(5433L);
    assertThat(slice().name()).isEqualTo(name);
    subsets();
    assertThat(slices()).isEmpty();
  }

  @Test
  void net_E_27_eachSubsetAndFamilyHasItsSlice() {
    service();
    endpoints(
        KubeMap.EMPTY,
        subset(addresses("192.0.2.1", "2001:db8::1")),
        KubeMap.of(
            "addresses",
            addresses("192.0.2.2"),
            "ports",
            KubeList.of(KubeMap.of("port", 80, "protocol", "TCP"))));
    plane.run(1);
    assertThat(slices())
        .extracting(slice -> slice.root().get("addressType") + " " + shown(slice))
        .containsExactlyInAnyOrder("IPv4 [192.0.2.1]", "IPv6 [2001:db8::1]", "IPv4 [192.0.2.2]");
  }

  @Test
  void net_E_27_whoSaysSoOrHoldsALockIsNotMirrored() {
    service();
    endpoints(
        KubeMap.of("labels", KubeMap.of("endpointslice.kubernetes.io/skip-mirror", "true")),
        subset(addresses("192.0.2.1")));
    plane.run(1);
    assertThat(slices()).isEmpty();
    plane.server.patch(
        ResourceType.ENDPOINTS, ENDPOINTS, found -> found.with(null, "metadata", "labels"));
    plane.run(1);
    assertThat(slices()).hasSize(1);
    plane.server.patch(
        ResourceType.ENDPOINTS,
        ENDPOINTS,
        found ->
            found.with(
                "{}", "metadata", "annotations", "control-plane.alpha.kubernetes.io/leader"));
    plane.run(1);
    assertThat(slices()).isEmpty();
  }

  @Test
  void net_E_27_mirroringEndsWhenTheServiceSelectsOrGoes() {
    service();
    endpoints(KubeMap.EMPTY, subset(addresses("192.0.2.1")));
    plane.run(1);
    plane.server.patch(
        ResourceType.SERVICES,
        SERVICE,
        found -> found.with(KubeMap.of("app", "db"), "spec", "selector"));
    plane.run(1);
    assertThat(slices()).isEmpty();
    plane.server.patch(
        ResourceType.SERVICES, SERVICE, found -> found.with(null, "spec", "selector"));
    plane.run(1);
    assertThat(slices()).hasSize(1);
    plane.server.delete(SERVICE, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(slices()).isEmpty();
  }

  @Test
  void net_E_27_endpointsWithoutAServiceWaitForIt() {
    endpoints(KubeMap.EMPTY, subset(addresses("192.0.2.1")));
    plane.run(1);
    assertThat(slices()).isEmpty();
    service();
    plane.run(1);
    assertThat(slices()).hasSize(1);
  }

  @Test
  void net_E_27_atMostAThousandAddressesOfASubsetAreMirrored() {
    service();
    String[] ips = new String[1_003];
    for (int i = 0; i < ips.length; i++) {
      ips[i] = "192.0." + i / 250 + "." + (i % 250 + 1);
    }
    endpoints(KubeMap.EMPTY, subset(addresses(ips)));
    plane.run(1);
    assertThat(shown(slice())).hasSize(1_000);
    assertThat(plane.events)
        .containsExactly(
            "Warning TooManyAddressesToMirror A max of 1000 addresses can be mirrored to"
                + " EndpointSlices per Endpoints subset. 3 addresses were skipped");
  }

  @Test
  void net_E_27_whatIsNoAddressIsSkipped() {
    service();
    endpoints(KubeMap.EMPTY, subset(addresses("192.0.2.1", "nowhere")));
    plane.run(1);
    assertThat(shown(slice())).containsExactly("192.0.2.1");
    assertThat(plane.events)
        .containsExactly(
            "Warning InvalidIPAddress Skipped 1 invalid IP addresses when mirroring to"
                + " EndpointSlices");
  }

  @Test
  void aSliceThatSomebodyChangesOrDeletesIsPutRight() {
    service();
    endpoints(KubeMap.EMPTY, subset(addresses("192.0.2.1")));
    plane.run(1);
    plane.server.update(ResourceType.ENDPOINT_SLICES, slice().with(KubeList.EMPTY, "endpoints"));
    plane.run(1);
    assertThat(shown(slice())).containsExactly("192.0.2.1");
    plane.server.delete(slice().key(ResourceType.ENDPOINT_SLICES), DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(shown(slice())).containsExactly("192.0.2.1");
  }

  @Test
  void endpointsOfAServiceWithASelectorCauseNoWork() {
    plane.service("db", KubeMap.of("clusterIP", "10.96.0.50"));
    endpoints(KubeMap.EMPTY, subset(addresses("192.0.2.1")));
    plane.run(1);
    assertThat(slices()).isEmpty();
    assertThat(plane.simulation.pending()).isZero();
  }
}
