package dev.wavetank.core.controller.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.endpoints.Handlers;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.sim.Choices;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointSliceControllerTest {

  private static final ObjectKey SERVICE = ObjectKey.of(ResourceType.SERVICES, "default", "web");
  private static final KubeMap HTTP = ControlPlane.port(null, 80, 8080);

  private final ControlPlane plane = new ControlPlane(Choices.seeded(1), ControlPlane.FRESH);

  private void start() {
    node("node-1", "zone-a");
    node("node-2", "zone-b");
    new EndpointSliceController(plane.server);
  }

  private void node(String name, String zone) {
    plane.node(name);
    plane.server.patch(
        ResourceType.NODES,
        ObjectKey.of(ResourceType.NODES, "", name),
        node -> node.with(zone, "metadata", "labels", "topology.kubernetes.io/zone"));
  }

  private KubeObject pod(String name, String ip, boolean ready, KubeMap spec) {
    return plane.webPod(name, ip, ready, "node-1", spec);
  }

  private KubeObject pod(String name, String ip, boolean ready) {
    return pod(name, ip, ready, KubeMap.EMPTY);
  }

  private void with(String field, Object value) {
    plane.service("web", KubeMap.of("clusterIP", "10.96.0.50", field, value), HTTP);
  }

  private List<KubeObject> slices() {
    return plane.server.list(ResourceType.ENDPOINT_SLICES);
  }

  private KubeObject slice() {
    assertThat(slices()).hasSize(1);
    return slices().get(0);
  }

  private static KubeList endpoints(KubeObject slice) {
    return slice.root().listOrEmpty("endpoints");
  }

  private List<String> addresses() {
    List<String> addresses = new ArrayList<>();
    for (KubeObject slice : slices()) {
      for (KubeMap endpoint : endpoints(slice).maps()) {
        addresses.add(endpoint.listOrEmpty("addresses").get(0).toString());
      }
    }
    return addresses;
  }

  private @Nullable KubeMap conditions() {
    return endpoints(slice()).map(0).map("conditions");
  }

  private static KubeMap conditions(boolean ready, boolean serving, boolean terminating) {
    return KubeMap.of("ready", ready, "serving", serving, "terminating", terminating);
  }

  private void change(Object value, String... path) {
    plane.server.patch(ResourceType.SERVICES, SERVICE, service -> service.with(value, path));
  }

  @Test
  void net_E_01_aTerminatingPodStaysInItsSliceUntilItIsGone() {
    ObjectKey pod = pod("web-1", "10.244.0.4", true).key(ResourceType.PODS);
    plane.serviceOn("web", HTTP);
    start();
    plane.server.delete(pod, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(addresses()).containsExactly("10.244.0.4");
    plane.server.delete(pod, DeleteOptions.grace(0));
    plane.run(1);
    assertThat(addresses()).isEmpty();
  }

  @Test
  void net_E_01_podsThatEndedOrHaveNoAddressAreNoEndpoints() {
    plane.phase(pod("web-1", "10.244.0.4", true).key(ResourceType.PODS), "Failed");
    plane.server.create(
        ResourceType.PODS,
        KubeObject.of(
            ResourceType.PODS, KubeMap.of("name", "web-2", "labels", KubeMap.of("app", "web"))));
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(addresses()).isEmpty();
  }

  @Test
  void net_E_02_servingIsReadinessAndReadyIsServingWithoutTerminating() {
    ObjectKey pod = pod("web-1", "10.244.0.4", false).key(ResourceType.PODS);
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(conditions()).isEqualTo(conditions(false, false, false));
    plane.ready(pod, true);
    plane.run(1);
    assertThat(conditions()).isEqualTo(conditions(true, true, false));
    plane.server.delete(pod, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(conditions()).isEqualTo(conditions(false, true, true));
  }

  @Test
  void net_E_02_publishNotReadyAddressesMakesAllReady() {
    ObjectKey pod = pod("web-1", "10.244.0.4", false).key(ResourceType.PODS);
    with("publishNotReadyAddresses", true);
    start();
    plane.run(1);
    assertThat(conditions()).isEqualTo(conditions(true, false, false));
    plane.server.delete(pod, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(conditions()).isEqualTo(conditions(true, false, true));
  }

  @Test
  void net_E_04_anEndpointHasOneAddressANodeAZoneAndATarget() {
    KubeObject pod = pod("web-1", "10.244.0.4", true);
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(endpoints(slice()).map(0))
        .isEqualTo(
            KubeMap.of(
                "addresses", KubeList.of("10.244.0.4"),
                "conditions", conditions(true, true, false),
                "nodeName", "node-1",
                "targetRef",
                    KubeMap.of(
                        "kind", "Pod",
                        "namespace", "default",
                        "name", "web-1",
                        "uid", pod.uid()),
                "zone", "zone-a"));
  }

  @Test
  void net_E_05_theHostnameIsThatOfAPodInTheServicesSubdomain() {
    pod("web-1", "10.244.0.4", true, KubeMap.of("hostname", "a", "subdomain", "web"));
    pod("web-2", "10.244.0.5", true, KubeMap.of("hostname", "b", "subdomain", "other"));
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(endpoints(slice()).map(0).get("hostname")).isEqualTo("a");
    assertThat(endpoints(slice()).map(1).has("hostname")).isFalse();
  }

  @Test
  void net_E_06_theNameOfASliceIsTheServicesAndFiveRandomCharacters() {
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(slice().name()).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(slice().metadata().get("generateName")).isEqualTo("web-");
  }

  @Test
  void net_E_06_whereThePrefixWouldBeInvalidItHasNoDash() {
    String longest = "w".repeat(253);
    KubeObject service = KubeObject.of(ResourceType.SERVICES, KubeMap.of("name", longest));
    assertThat(generateName(service)).isEqualTo(longest + "-");
    String longer = longest + "w";
    assertThat(generateName(service.with(longer, "metadata", "name"))).isEqualTo(longer);
  }

  private static @Nullable Object generateName(KubeObject service) {
    return SliceDraft.create(service, "IPv4", KubeList.EMPTY)
        .slice(null)
        .metadata()
        .get("generateName");
  }

  @Test
  void net_E_07_labelsAreThoseOfTheServiceAndTwoMore() {
    plane.serviceOn("web", HTTP);
    change(
        KubeMap.of("team", "x", "endpointslice.kubernetes.io/managed-by", "somebody"),
        "metadata",
        "labels");
    start();
    plane.run(1);
    assertThat(slice().labels())
        .isEqualTo(
            KubeMap.of(
                "team", "x",
                "kubernetes.io/service-name", "web",
                "endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"));
    change("y", "metadata", "labels", "team");
    plane.run(1);
    assertThat(slice().labels().get("team")).isEqualTo("y");
  }

  @Test
  void net_E_07_sliceOfAHeadlessServiceSaysSo() {
    plane.service("web", KubeMap.of("clusterIP", "None", "ipFamilies", KubeList.of("IPv4")), HTTP);
    start();
    plane.run(1);
    assertThat(slice().labels().get("service.kubernetes.io/headless")).isEqualTo("");
  }

  @Test
  void net_E_08_theServiceControlsItsSlicesAndTheyBlockItsDeletion() {
    KubeObject service = plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(slice().ownerReferences())
        .isEqualTo(
            KubeList.of(
                KubeMap.of(
                    "apiVersion",
                    "v1",
                    "kind",
                    "Service",
                    "name",
                    "web",
                    "uid",
                    service.uid(),
                    "controller",
                    true,
                    "blockOwnerDeletion",
                    true)));
  }

  @Test
  void net_E_09_aSliceHasAtMostAHundredEndpoints() {
    for (int i = 0; i < 201; i++) {
      pod("web-" + i, "10.244." + i / 100 + "." + (i % 100 + 1), true);
    }
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(slices())
        .extracting(slice -> endpoints(slice).size())
        .containsExactlyInAnyOrder(100, 100, 1);
  }

  @Test
  void net_E_10_aServiceWithoutEndpointsHasAnEmptySlice() {
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(endpoints(slice())).isEmpty();
    assertThat(slice().root().get("ports")).isEqualTo(KubeList.EMPTY);
    List<Object> cells =
        new Handlers(plane.server, warning -> {})
            .table(ResourceType.ENDPOINT_SLICES, List.of(slice()))
            .rows()
            .get(0)
            .cells();
    assertThat(cells.subList(1, 4)).containsExactly("IPv4", "<unset>", "<unset>");
  }

  @Test
  void net_E_10_theEmptySliceIsFilledAndEmptiedUnderItsOwnName() {
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    String name = slice().name();
    ObjectKey pod = pod("web-1", "10.244.0.4", true).key(ResourceType.PODS);
    plane.run(1);
    assertThat(slice().name()).isEqualTo(name);
    assertThat(addresses()).containsExactly("10.244.0.4");
    plane.server.delete(pod, DeleteOptions.grace(0));
    plane.run(1);
    assertThat(slice().name()).isEqualTo(name);
    assertThat(slice().root().get("ports")).isEqualTo(KubeList.EMPTY);
  }

  @Test
  void net_E_11_podsWhoseNamedPortsDifferAreInDifferentSlices() {
    pod("web-1", "10.244.0.4", true, ControlPlane.containerPort("http", 8080));
    pod("web-2", "10.244.0.5", true, ControlPlane.containerPort("http", 9090));
    pod("web-3", "10.244.0.6", true, ControlPlane.containerPort("http", 8080));
    plane.serviceOn("web", ControlPlane.port("www", 80, "http"));
    start();
    plane.run(1);
    assertThat(slices())
        .extracting(
            slice ->
                slice.root().listOrEmpty("ports").map(0).get("name")
                    + "="
                    + slice.root().listOrEmpty("ports").map(0).get("port")
                    + " "
                    + endpoints(slice).size())
        .containsExactlyInAnyOrder("www=8080 2", "www=9090 1");
  }

  @Test
  void net_E_14_newEndpointsStandInTheOrderOfTheirAddresses() {
    pod("web-1", "10.244.0.30", true);
    pod("web-2", "10.244.0.4", true);
    pod("web-3", "10.244.0.27", true);
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(addresses()).containsExactly("10.244.0.4", "10.244.0.27", "10.244.0.30");
    pod("web-4", "10.244.0.5", true);
    plane.run(1);
    assertThat(addresses())
        .containsExactly("10.244.0.4", "10.244.0.27", "10.244.0.30", "10.244.0.5");
  }

  @Test
  void net_E_15_aNamedPortThatAPodDoesNotHaveIsOmittedForThatPod() {
    pod("web-1", "10.244.0.4", true, ControlPlane.containerPort("http", 8080));
    pod("web-2", "10.244.0.5", true, ControlPlane.containerPort("other", 1));
    plane.serviceOn("web", ControlPlane.port("a", 80, "http"), ControlPlane.port("b", 81, 81));
    start();
    plane.run(1);
    assertThat(slices())
        .extracting(
            slice ->
                endpoints(slice).map(0).listOrEmpty("addresses").get(0)
                    + " "
                    + slice.root().listOrEmpty("ports").size())
        .containsExactlyInAnyOrder("10.244.0.4 2", "10.244.0.5 1");
  }

  @Test
  void net_E_16_aPodOnANodeThatIsNotKnownIsSkippedAndTriedAgain() {
    plane.webPod("web-1", "10.244.0.4", true, "node-9", KubeMap.EMPTY);
    pod("web-2", "10.244.0.5", true);
    plane.serviceOn("web", HTTP);
    start();
    plane.run(5);
    assertThat(addresses()).containsExactly("10.244.0.5");
    assertThat(plane.events)
        .contains(
            "Warning FailedToUpdateEndpointSlices Error updating Endpoint Slices for Service"
                + " default/web: skipping Pod web-1 for Service default/web: Node node-9 Not"
                + " Found");
    plane.node("node-9");
    plane.run(60);
    assertThat(addresses()).containsExactly("10.244.0.5", "10.244.0.4");
  }

  @Test
  void net_E_16_whereAllArePublishedTheNodeDoesNotMatter() {
    plane.webPod("web-1", "10.244.0.4", true, "node-9", KubeMap.EMPTY);
    with("publishNotReadyAddresses", true);
    start();
    plane.run(1);
    assertThat(addresses()).containsExactly("10.244.0.4");
    assertThat(endpoints(slice()).map(0).has("zone")).isFalse();
  }

  @Test
  void net_E_17_aPodsChangeIsPublishedAtOnce() {
    ObjectKey pod = pod("web-1", "10.244.0.4", false).key(ResourceType.PODS);
    plane.serviceOn("web", HTTP);
    start();
    plane.run(5);
    plane.ready(pod, true);
    plane.run(0.02);
    assertThat(conditions()).isEqualTo(conditions(true, true, false));
  }

  @Test
  void net_E_17_aServicesChangeIsPublishedAtOnce() {
    plane.serviceOn("web", HTTP);
    start();
    plane.run(5);
    change("x", "metadata", "labels", "team");
    plane.run(0.02);
    assertThat(slice().labels().get("team")).isEqualTo("x");
  }

  @Test
  void net_E_17_aChangedSliceIsPutRightASecondLater() {
    pod("web-1", "10.244.0.4", true);
    plane.serviceOn("web", HTTP);
    start();
    plane.run(5);
    plane.server.delete(slice().key(ResourceType.ENDPOINT_SLICES), DeleteOptions.BACKGROUND);
    plane.run(0.99);
    assertThat(slices()).isEmpty();
    plane.run(0.05);
    assertThat(addresses()).containsExactly("10.244.0.4");
    plane.server.update(ResourceType.ENDPOINT_SLICES, slice().with(KubeList.EMPTY, "endpoints"));
    plane.run(0.99);
    assertThat(addresses()).isEmpty();
    plane.run(0.05);
    assertThat(addresses()).containsExactly("10.244.0.4");
  }

  @Test
  void net_E_24_eachFamilyHasItsOwnSlices() {
    KubeObject pod = pod("web-1", "10.244.0.4", true);
    plane.server.patchStatus(
        pod.key(ResourceType.PODS),
        status ->
            status.with(
                "podIPs",
                KubeList.of(KubeMap.of("ip", "10.244.0.4"), KubeMap.of("ip", "fd00::4"))));
    plane.service("web", KubeMap.of("ipFamilies", KubeList.of("IPv4", "IPv6")), HTTP);
    start();
    plane.run(1);
    assertThat(slices())
        .extracting(
            slice ->
                slice.root().get("addressType")
                    + " "
                    + endpoints(slice).map(0).listOrEmpty("addresses"))
        .containsExactlyInAnyOrder("IPv4 [\"10.244.0.4\"]", "IPv6 [\"fd00::4\"]");
    change(KubeList.of("IPv4"), "spec", "ipFamilies");
    plane.run(1);
    assertThat(addresses()).containsExactly("10.244.0.4");
  }

  @Test
  void net_E_25_aHeadlessServiceWithoutPortsHasEndpoints() {
    pod("web-1", "10.244.0.4", true);
    plane.service("web", KubeMap.of("clusterIP", "None", "ipFamilies", KubeList.of("IPv4")));
    start();
    plane.run(1);
    assertThat(addresses()).containsExactly("10.244.0.4");
    assertThat(slice().root().get("ports")).isEqualTo(KubeList.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({"PreferClose, false", "PreferSameZone, false", "PreferSameNode, true"})
  void net_E_30_aReadyEndpointIsForItsOwnZoneAndMaybeNode(String distribution, boolean node) {
    pod("web-1", "10.244.0.4", true);
    pod("web-2", "10.244.0.5", false);
    with("trafficDistribution", distribution);
    start();
    plane.run(1);
    KubeList own = KubeList.of(KubeMap.of("name", "node-1"));
    assertThat(endpoints(slice()).map(0).get("hints"))
        .isEqualTo(
            KubeMap.of(
                "forZones",
                KubeList.of(KubeMap.of("name", "zone-a")),
                "forNodes",
                node ? own : null));
    assertThat(endpoints(slice()).map(1).has("hints")).isFalse();
  }

  @Test
  void net_E_30_hintsComeAndGoWithTheField() {
    pod("web-1", "10.244.0.4", true);
    plane.serviceOn("web", HTTP);
    start();
    plane.run(1);
    assertThat(endpoints(slice()).map(0).has("hints")).isFalse();
    change("PreferSameZone", "spec", "trafficDistribution");
    plane.run(1);
    assertThat(endpoints(slice()).map(0).has("hints")).isTrue();
    change(null, "spec", "trafficDistribution");
    plane.run(1);
    assertThat(endpoints(slice()).map(0).has("hints")).isFalse();
  }

  @Test
  void net_S_24_servicesWithoutSelectorAndExternalNamesAreLeftAlone() {
    plane.server.create(
        ResourceType.SERVICES,
        KubeObject.of(ResourceType.SERVICES, KubeMap.of("name", "manual"))
            .withSpec(KubeMap.of("clusterIP", "10.96.0.9")));
    plane.service("web", KubeMap.of("type", "ExternalName", "externalName", "example.com"));
    start();
    plane.run(5);
    assertThat(slices()).isEmpty();
    assertThat(plane.events).isEmpty();
  }
}
