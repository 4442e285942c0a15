package dev.wavetank.core.controller.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.sim.Choices;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Hints of a Service with {@code topology-mode: Auto}. */
class TopologyCacheTest {

  private static final ObjectKey SERVICE = ObjectKey.of(ResourceType.SERVICES, "default", "web");

  private final ControlPlane plane = new ControlPlane(Choices.seeded(1), ControlPlane.FRESH);
  private int pods;

  private void node(String zone, String cpu) {
    plane.node("node-" + zone);
    ObjectKey key = ObjectKey.of(ResourceType.NODES, "", "node-" + zone);
    plane.server.patch(
        ResourceType.NODES,
        key,
        node -> node.with(zone, "metadata", "labels", "topology.kubernetes.io/zone"));
    plane.server.patchStatus(key, status -> status.with("allocatable", KubeMap.of("cpu", cpu)));
  }

  private void pods(String zone, int count) {
    for (int i = 0; i < count; i++) {
      int number = ++pods;
      plane.webPod("web-" + number, "10.244.0." + number, true, "node-" + zone, KubeMap.EMPTY);
    }
  }

  private void start(KubeMap spec) {
    new EndpointSliceController(plane.server);
    plane.service("web", spec.with("clusterIP", "10.96.0.50"), ControlPlane.port(null, 80, 8080));
    mode("Auto");
    plane.run(1);
  }

  private void start() {
    start(KubeMap.EMPTY);
  }

  private void mode(Object mode) {
    plane.server.patch(
        ResourceType.SERVICES,
        SERVICE,
        service ->
            service.with(mode, "metadata", "annotations", "service.kubernetes.io/topology-mode"));
  }

  /** How many endpoints of a zone are hinted for which, such as {@code a>b}. */
  private TreeMap<String, Integer> hints() {
    TreeMap<String, Integer> hints = new TreeMap<>();
    for (KubeObject slice : plane.server.list(ResourceType.ENDPOINT_SLICES)) {
      for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
        List<Object> zones = new ArrayList<>();
        for (KubeMap zone : endpoint.mapOrEmpty("hints").listOrEmpty("forZones").maps()) {
          zones.add(zone.get("name"));
        }
        String to = zones.isEmpty() ? "" : zones.get(0).toString();
        hints.merge(endpoint.string("zone", "") + ">" + to, 1, Integer::sum);
      }
    }
    return hints;
  }

  private static TreeMap<String, Integer> counts(Object... zonesAndCounts) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < zonesAndCounts.length; i += 2) {
      counts.put((String) zonesAndCounts[i], (Integer) zonesAndCounts[i + 1]);
    }
    return counts;
  }

  private List<String> events() {
    return plane.events.stream().filter(event -> event.contains("TopologyAware")).toList();
  }

  @Test
  void net_E_29_endpointsInProportionToCpuAreForTheirOwnZones() {
    node("a", "2");
    node("b", "1");
    pods("a", 4);
    pods("b", 2);
    start();
    assertThat(hints()).isEqualTo(counts("a>a", 4, "b>b", 2));
    assertThat(events())
        .containsExactly(
            "Normal TopologyAwareHintsEnabled Topology Aware Hints has been enabled, addressType:"
                + " IPv4");
  }

  @Test
  void net_E_29_aZoneWithTooManyGivesToOneWithTooFew() {
    node("a", "1");
    node("b", "1");
    pods("a", 5);
    pods("b", 1);
    start();
    assertThat(hints()).isEqualTo(counts("a>a", 3, "a>b", 2, "b>b", 1));
  }

  @Test
  void net_E_29_fewerEndpointsThanZonesAreTooFew() {
    node("a", "1");
    node("b", "1");
    pods("a", 1);
    start();
    assertThat(hints()).isEqualTo(counts("a>", 1));
    assertThat(events())
        .containsExactly(
            "Warning TopologyAwareHintsDisabled Insufficient number of endpoints (1 endpoints, 2"
                + " zones), addressType: IPv4");
  }

  @Test
  void net_E_29_anEndpointMayBeOverloadedByAFifthAtMost() {
    node("a", "2");
    node("b", "2");
    node("c", "1");
    pods("a", 3);
    start();
    assertThat(hints()).isEqualTo(counts("a>", 3));
    assertThat(events())
        .containsExactly(
            "Warning TopologyAwareHintsDisabled Unable to allocate minimum required endpoints to"
                + " each zone without exceeding overload threshold (3 endpoints, 3 zones),"
                + " addressType: IPv4");
  }

  @Test
  void net_E_29_allNodesNeedAZoneAndCpu() {
    node("a", "1");
    node("b", "0");
    pods("a", 2);
    start();
    assertThat(events())
        .containsExactly(
            "Warning TopologyAwareHintsDisabled Insufficient Node information: allocatable CPU or"
                + " zone not specified on one or more nodes, addressType: IPv4");
  }

  @Test
  void net_E_29_allReadyEndpointsNeedAZone() {
    node("a", "1");
    node("b", "1");
    plane.node("node-x");
    plane.server.patchStatus(
        ObjectKey.of(ResourceType.NODES, "", "node-x"),
        status ->
            Conditions.with(
                status.with("allocatable", KubeMap.of("cpu", "1")),
                KubeMap.of("type", "Ready", "status", "False")));
    pods("a", 3);
    pods("x", 1);
    start();
    assertThat(hints()).isEqualTo(counts("a>", 3, ">", 1));
    assertThat(events())
        .containsExactly(
            "Warning TopologyAwareHintsDisabled One or more endpoints do not have a zone"
                + " specified, addressType: IPv4");
  }

  @Test
  void net_E_29_whenNodesComeOrGoWhatNoLongerFitsIsDoneAnew() {
    node("a", "1");
    node("b", "1");
    pods("a", 2);
    pods("b", 2);
    start();
    assertThat(hints()).isEqualTo(counts("a>a", 2, "b>b", 2));
    plane.server.patchStatus(
        ObjectKey.of(ResourceType.NODES, "", "node-b"),
        status -> Conditions.with(status, KubeMap.of("type", "Ready", "status", "False")));
    plane.run(1);
    assertThat(hints()).isEqualTo(counts("a>", 2, "b>", 2));
    node("c", "1");
    pods("c", 2);
    plane.run(1);
    assertThat(hints()).isEqualTo(counts("a>a", 2, "b>b", 2, "c>c", 2));
  }

  @Test
  void net_E_29_hintsGoWithTheAnnotation() {
    node("a", "1");
    node("b", "1");
    pods("a", 2);
    pods("b", 2);
    start();
    mode(null);
    plane.run(1);
    assertThat(hints()).isEqualTo(counts("a>", 2, "b>", 2));
    assertThat(events().get(1))
        .isEqualTo(
            "Warning TopologyAwareHintsDisabled Topology Aware Hints has been disabled,"
                + " addressType: IPv4");
  }

  @Test
  void net_E_30_theAnnotationWinsOverTrafficDistribution() {
    node("a", "1");
    node("b", "1");
    pods("a", 5);
    pods("b", 1);
    start(KubeMap.of("trafficDistribution", "PreferSameZone"));
    assertThat(hints()).isEqualTo(counts("a>a", 3, "a>b", 2, "b>b", 1));
    mode("Disabled");
    plane.run(1);
    assertThat(hints()).isEqualTo(counts("a>a", 5, "b>b", 1));
  }
}
