package dev.wavetank.core.controller.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import dev.wavetank.core.sim.Choices;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndpointsControllerTest {

  private static final ObjectKey WEB = ObjectKey.of(ResourceType.ENDPOINTS, "default", "web");
  private static final ObjectKey SERVICE = ObjectKey.of(ResourceType.SERVICES, "default", "web");

  private final ControlPlane plane = new ControlPlane();
  private int pods;

  private EndpointsController start() {
    return new EndpointsController(plane.server);
  }

  private KubeObject pod(String name, String ip, boolean ready, KubeMap spec) {
    return plane.webPod(name, ip, ready, "node-" + ++pods, spec);
  }

  private KubeObject pod(String name, String ip, boolean ready) {
    return pod(name, ip, ready, KubeMap.EMPTY);
  }

  private KubeObject endpoints() {
    return plane.server.get(WEB);
  }

  private List<String> subsets() {
    List<String> subsets = new ArrayList<>();
    for (KubeMap subset : endpoints().root().listOrEmpty("subsets").maps()) {
      subsets.add(
          "ready="
              + ips(subset, "addresses")
              + " notReady="
              + ips(subset, "notReadyAddresses")
              + " ports="
              + ports(subset));
    }
    return subsets;
  }

  private static List<Object> ips(KubeMap subset, String field) {
    List<Object> ips = new ArrayList<>();
    subset.listOrEmpty(field).maps().forEach(address -> ips.add(address.get("ip")));
    return ips;
  }

  private static List<Object> ports(KubeMap subset) {
    List<Object> ports = new ArrayList<>();
    subset.listOrEmpty("ports").maps().forEach(port -> ports.add(port.get("port")));
    return ports;
  }

  private @Nullable Object annotation(String name) {
    return endpoints().annotations().get(name);
  }

  @Test
  void net_E_22_anAddressCarriesNodeAndTarget() {
    KubeObject pod = pod("web-1", "10.244.0.4", true);
    plane.serviceOn("web", ControlPlane.port(null, 80, 8080));
    start();
    plane.run(1);
    assertThat(endpoints().root().without("metadata").toString())
        .isEqualTo(
            "{\"apiVersion\":\"v1\",\"kind\":\"Endpoints\",\"subsets\":[{\"addresses\":[{\"ip\":"
                + "\"10.244.0.4\",\"nodeName\":\"node-1\",\"targetRef\":{\"kind\":\"Pod\","
                + "\"namespace\":\"default\",\"name\":\"web-1\",\"uid\":\""
                + pod.uid()
                + "\"}}],\"ports\":[{\"port\":8080,\"protocol\":\"TCP\"}]}]}");
    assertThat(endpoints().labels())
        .isEqualTo(KubeMap.of("endpoints.kubernetes.io/managed-by", "endpoint-controller"));
    assertThat(endpoints().ownerReferences()).isEmpty();
  }

  @Test
  void net_E_22_readinessDecidesBetweenTheTwoLists() {
    pod("web-1", "10.244.0.4", true);
    KubeObject other = pod("web-2", "10.244.0.5", false);
    plane.serviceOn("web", ControlPlane.port(null, 80, 8080));
    start();
    plane.run(1);
    assertThat(subsets()).containsExactly("ready=[10.244.0.4] notReady=[10.244.0.5] ports=[8080]");
    plane.ready(other.key(ResourceType.PODS), true);
    plane.run(1);
    assertThat(subsets())
        .containsExactly("ready=[10.244.0.4, 10.244.0.5] notReady=[] ports=[8080]");
  }

  @Test
  void net_E_22_publishNotReadyAddressesMakesAllReadyAndKeepsTerminatingOnes() {
    pod("web-1", "10.244.0.4", false);
    KubeObject terminating = pod("web-2", "10.244.0.5", true);
    plane.server.delete(terminating.key(ResourceType.PODS), DeleteOptions.BACKGROUND);
    KubeMap spec = KubeMap.of("clusterIP", "None", "publishNotReadyAddresses", true);
    plane.service("web", spec, ControlPlane.port(null, 80, 8080));
    start();
    plane.run(1);
    assertThat(subsets())
        .containsExactly("ready=[10.244.0.4, 10.244.0.5] notReady=[] ports=[8080]");
    plane.server.patch(
        ResourceType.SERVICES,
        SERVICE,
        found -> found.with(false, "spec", "publishNotReadyAddresses"));
    plane.run(1);
    assertThat(subsets()).containsExactly("ready=[] notReady=[10.244.0.4] ports=[8080]");
  }

  @Test
  void net_E_22_aTerminatingPodLeavesWhenItsDeletionBeginsOrWhereItIsPublishedWhenItEnds() {
    ObjectKey pod = pod("web-1", "10.244.0.4", true).key(ResourceType.PODS);
    plane.serviceOn("web", ControlPlane.port(null, 80, 8080));
    start();
    plane.run(1);
    plane.server.delete(pod, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(subsets()).isEmpty();
    plane.server.patch(
        ResourceType.SERVICES,
        SERVICE,
        found -> found.with(true, "spec", "publishNotReadyAddresses"));
    plane.run(1);
    assertThat(subsets()).hasSize(1);
    plane.server.delete(pod, DeleteOptions.grace(0));
    plane.run(1);
    assertThat(subsets()).isEmpty();
  }

  @Test
  void net_E_01_aTerminatingPodIsNoEndpointUnlessItIsPublished() {
    KubeObject pod = pod("web-1", "10.244.0.4", true);
    plane.server.delete(pod.key(ResourceType.PODS), DeleteOptions.BACKGROUND);
    plane.serviceOn("web", ControlPlane.port(null, 80, 8080));
    start();
    plane.run(1);
    assertThat(subsets()).isEmpty();
    plane.server.patch(
        ResourceType.SERVICES,
        SERVICE,
        found -> found.with(true, "spec", "publishNotReadyAddresses"));
    plane.run(1);
    assertThat(subsets()).containsExactly("ready=[10.244.0.4] notReady=[] ports=[8080]");
  }

  @Test
  void net_E_14_addressesOfASubsetAreSorted() {
    pod("web-1", "10.244.0.30", true);
    pod("web-2", "10.244.0.4", true);
    pod("web-3", "10.244.0.27", true);
    plane.serviceOn("web", ControlPlane.port(null, 80, 8080));
    start();
    plane.run(1);
    assertThat(subsets())
        .containsExactly("ready=[10.244.0.27, 10.244.0.30, 10.244.0.4] notReady=[] ports=[8080]");
  }

  @Test
  void net_E_22_terminalPodsAndPodsWithoutAddressAreLeftOut() {
    KubeObject done = pod("web-1", "10.244.0.4", false);
    plane.phase(done.key(ResourceType.PODS), "Succeeded");
    plane.server.create(
        ResourceType.PODS,
        KubeObject.of(
            ResourceType.PODS, KubeMap.of("name", "web-2", "labels", KubeMap.of("app", "web"))));
    plane.serviceOn("web", ControlPlane.port(null, 80, 8080));
    start();
    plane.run(1);
    assertThat(subsets()).isEmpty();
  }

  @Test
  void net_E_22_aNamedPortThatLeadsToDifferentNumbersMakesSubsets() {
    pod("web-1", "10.244.0.4", true, ControlPlane.containerPort("http", 8080));
    pod("web-2", "10.244.0.5", true, ControlPlane.containerPort("http", 9090));
    pod("web-3", "10.244.0.6", false, ControlPlane.containerPort("http", 8080));
    pod("web-4", "10.244.0.7", true, ControlPlane.containerPort("other", 1));
    plane.serviceOn("web", ControlPlane.port("http", 80, "http"));
    start();
    plane.run(1);
    assertThat(subsets())
        .containsExactlyInAnyOrder(
            "ready=[10.244.0.4] notReady=[10.244.0.6] ports=[8080]",
            "ready=[10.244.0.5] notReady=[] ports=[9090]");
  }

  @Test
  void net_E_22_theHostnameIsThatOfAPodInTheServicesSubdomain() {
    pod("web-1", "10.244.0.4", true, KubeMap.of("hostname", "a", "subdomain", "web"));
    pod("web-2", "10.244.0.5", true, KubeMap.of("hostname", "b", "subdomain", "other"));
    plane.serviceOn("web", ControlPlane.port(null, 80, 80));
    start();
    plane.run(1);
    KubeList addresses = endpoints().root().listOrEmpty("subsets").map(0).listOrEmpty("addresses");
    assertThat(addresses.map(0).get("hostname")).isEqualTo("a");
    assertThat(addresses.map(1).get("hostname")).isNull();
  }

  @Test
  void net_E_22_labelsFollowTheService() {
    plane.service("web", KubeMap.of("clusterIP", "None"), ControlPlane.port(null, 80, 80));
    start();
    plane.run(1);
    assertThat(endpoints().labels())
        .isEqualTo(
            KubeMap.of(
                "service.kubernetes.io/headless",
                "",
                "endpoints.kubernetes.io/managed-by",
                "endpoint-controller"));
    plane.server.patch(
        ResourceType.SERVICES, SERVICE, found -> found.with("x", "metadata", "labels", "team"));
    plane.run(1);
    assertThat(endpoints().labels().get("team")).isEqualTo("x");
  }

  @Test
  void net_E_23_moreThanAThousandAddressesAreTruncatedReadyOnesFirst() {
    for (int i = 0; i < 1_010; i++) {
      pod("web-" + i, "10.244." + i / 250 + "." + i % 250, i >= 20);
    }
    plane.serviceOn("web", ControlPlane.port(null, 80, 80));
    start();
    plane.run(1);
    KubeMap subset = endpoints().root().listOrEmpty("subsets").map(0);
    assertThat(subset.listOrEmpty("addresses").size()).isEqualTo(990);
    assertThat(subset.listOrEmpty("notReadyAddresses").size()).isEqualTo(10);
    assertThat(annotation("endpoints.kubernetes.io/over-capacity")).isEqualTo("truncated");
    for (int i = 0; i < 10; i++) {
      plane.server.delete(
          ObjectKey.of(ResourceType.PODS, "default", "web-" + i), DeleteOptions.grace(0));
    }
    plane.run(1);
    assertThat(annotation("endpoints.kubernetes.io/over-capacity")).isNull();
  }

  @Test
  void net_E_24_addressesAreOfTheFirstFamily() {
    KubeObject pod = pod("web-1", "10.244.0.4", true);
    plane.server.patchStatus(
        pod.key(ResourceType.PODS),
        status ->
            status.with(
                "podIPs",
                KubeList.of(KubeMap.of("ip", "10.244.0.4"), KubeMap.of("ip", "fd00:0::4"))));
    KubeMap dual = KubeMap.of("clusterIP", "fd00::1", "ipFamilies", KubeList.of("IPv6", "IPv4"));
    plane.service("web", dual, ControlPlane.port(null, 80, 80));
    start();
    plane.run(1);
    assertThat(subsets()).containsExactly("ready=[fd00::4] notReady=[] ports=[80]");
  }

  @Test
  void net_E_25_aHeadlessServiceWithoutPortsHasAddresses() {
    pod("web-1", "10.244.0.4", true);
    plane.service("web", KubeMap.of("clusterIP", "None"));
    start();
    plane.run(1);
    assertThat(subsets()).containsExactly("ready=[10.244.0.4] notReady=[] ports=[]");
  }

  @Test
  void net_E_26_theControllerDeletesTheEndpointsOfADeletedService() {
    plane.serviceOn("web", ControlPlane.port(null, 80, 80));
    start();
    plane.run(1);
    plane.server.delete(SERVICE, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(plane.server.find(WEB)).isNull();
  }

  @Test
  void net_E_26_leftoverEndpointsGoAtStartButForTheLeadersLock() {
    KubeMap lock = KubeMap.of("control-plane.alpha.kubernetes.io/leader", "{}");
    plane.server.create(
        ResourceType.ENDPOINTS,
        KubeObject.of(ResourceType.ENDPOINTS, KubeMap.of("name", "lock", "annotations", lock)));
    plane.server.create(
        ResourceType.ENDPOINTS, KubeObject.of(ResourceType.ENDPOINTS, KubeMap.of("name", "web")));
    start();
    plane.run(1);
    assertThat(plane.list(ResourceType.ENDPOINTS)).map(KubeObject::name).containsExactly("lock");
  }

  @Test
  void net_E_28_editedEndpointsAreOverwrittenByTheNextSync() {
    KubeObject pod = pod("web-1", "10.244.0.4", true);
    plane.serviceOn("web", ControlPlane.port(null, 80, 80));
    start();
    plane.run(1);
    plane.server.patch(ResourceType.ENDPOINTS, WEB, found -> found.with(null, "subsets"));
    plane.run(1);
    assertThat(subsets()).isEmpty();
    plane.ready(pod.key(ResourceType.PODS), false);
    plane.run(1);
    assertThat(subsets()).containsExactly("ready=[] notReady=[10.244.0.4] ports=[80]");
    plane.server.delete(WEB, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(subsets()).containsExactly("ready=[] notReady=[10.244.0.4] ports=[80]");
  }

  @Test
  void net_E_20_theTriggerTimeIsThatOfTheChange() {
    plane.serviceOn("web", ControlPlane.port(null, 80, 80));
    start();
    plane.run(1);
    assertThat(annotation("endpoints.kubernetes.io/last-change-trigger-time"))
        .isEqualTo("2026-01-01T00:00:00Z");
    plane.run(7);
    pod("web-1", "10.244.0.4", true);
    plane.run(1);
    assertThat(annotation("endpoints.kubernetes.io/last-change-trigger-time"))
        .isEqualTo("2026-01-01T00:00:08Z");
    plane.server.patch(
        ResourceType.SERVICES, SERVICE, found -> found.with("x", "metadata", "labels", "team"));
    plane.run(1);
    assertThat(annotation("endpoints.kubernetes.io/last-change-trigger-time")).isNull();
  }

  @Test
  void net_S_24_servicesWithoutSelectorAndExternalNamesAreLeftAlone() {
    plane.server.create(
        ResourceType.SERVICES,
        KubeObject.of(ResourceType.SERVICES, KubeMap.of("name", "manual"))
            .withSpec(KubeMap.of("clusterIP", "10.96.0.9")));
    plane.service("web", KubeMap.of("type", "ExternalName", "externalName", "example.com"));
    start();
    plane.run(1);
    assertThat(plane.list(ResourceType.ENDPOINTS)).isEmpty();
  }

  @Test
  void net_E_18_aSyncWithACacheOlderThanTheLastWriteIsPutOff() {
    ControlPlane late =
        new ControlPlane(
            Choices.seeded(3), new Latencies(0, 0, ControlPlane.SECOND, 10 * ControlPlane.SECOND));
    late.withKubelets();
    new ReplicaSetController(late.server);
    EndpointsController controller = new EndpointsController(late.server);
    List<String> updates = new ArrayList<>();
    controller.client().listen((verb, key, subresource, sent) -> updates.add(verb));
    late.serviceOn("web", ControlPlane.port(null, 80, 80));
    late.replicaSet("web", 12);
    late.run(600);
    assertThat(late.events).noneMatch(event -> event.contains("FailedToUpdateEndpoint"));
    assertThat(updates).contains("create", "update");
    assertThat(
            late.server
                .get(WEB)
                .root()
                .listOrEmpty("subsets")
                .map(0)
                .listOrEmpty("addresses")
                .size())
        .isEqualTo(12);
  }

  @Test
  void aRefusedCreateIsAnEventInTheDefaultNamespaceAndIsRetried() {
    boolean[] refuse = {true};
    plane.server.admit(
        (type, object, before) -> {
          if (refuse[0] && type.equals(ResourceType.ENDPOINTS)) {
            throw new ApiException(Status.forbidden(type, object.name(), "not today"));
          }
          return object;
        });
    plane.serviceOn("web", ControlPlane.port(null, 80, 80));
    start();
    plane.run(0.1);
    assertThat(plane.events)
        .contains(
            "Warning FailedToCreateEndpoint Failed to create endpoint for service default/web:"
                + " endpoints \"web\" is forbidden: not today");
    refuse[0] = false;
    plane.run(60);
    assertThat(plane.server.find(WEB)).isNotNull();
  }

  @Test
  void aQuietClusterHasNoEvents() {
    pod("web-1", "10.244.0.4", true);
    plane.serviceOn("web", ControlPlane.port(null, 80, 80));
    start();
    plane.run(5);
    assertThat(plane.simulation.pending()).isZero();
  }
}
