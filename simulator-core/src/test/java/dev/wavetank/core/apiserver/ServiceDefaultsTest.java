package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.endpoints.Handlers;
import dev.wavetank.core.apiserver.endpoints.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server fills in where a Service says nothing, and what it says about it. */
class ServiceDefaultsTest {

  private static final String PORT = "ports: [{port: 80}]";

  private final TestCluster cluster = new TestCluster();
  private int services;

  private KubeMap spec(String spec) {
    return cluster.createService("web-" + ++services, spec).spec();
  }

  private List<String> warnings(String spec) {
    List<String> warnings = new ArrayList<>();
    KubeObject service = service("web-" + ++services, spec);
    new Handlers(cluster.server, warnings::add)
        .create(ResourceType.SERVICES, service, WriteOptions.STRICT);
    return warnings;
  }

  @Test
  void net_S_01_aServiceIsAClusterIpWithoutAffinity() {
    KubeMap spec = spec(PORT);
    assertThat(spec.get("type")).isEqualTo("ClusterIP");
    assertThat(spec.get("sessionAffinity")).isEqualTo("None");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{port: 80}", "{port: 80, targetPort: 0}", "{port: 80, targetPort: ''}"})
  void net_S_01_aPortIsOfTcpAndTargetsItsOwnNumber(String port) {
    assertThat(spec("ports: [" + port + "]").listOrEmpty("ports").map(0))
        .isEqualTo(KubeMap.of("port", 80, "protocol", "TCP", "targetPort", 80));
  }

  @Test
  void net_S_01_aTargetPortThatIsSetStays() {
    KubeMap spec = spec("ports: [{port: 80, targetPort: http, protocol: UDP}]");
    assertThat(spec.listOrEmpty("ports").map(0))
        .isEqualTo(KubeMap.of("port", 80, "targetPort", "http", "protocol", "UDP"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ClusterIP", "NodePort", "LoadBalancer"})
  void net_S_02_trafficWithinTheClusterGoesAnywhere(String type) {
    assertThat(spec("type: " + type + ", " + PORT).get("internalTrafficPolicy"))
        .isEqualTo("Cluster");
  }

  @Test
  void net_S_02_anExternalNameHasNoTrafficPolicies() {
    KubeMap spec = spec("type: ExternalName, externalName: example.com");
    assertThat(spec.has("internalTrafficPolicy")).isFalse();
    assertThat(spec.has("externalTrafficPolicy")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"type: NodePort", "type: LoadBalancer", "externalIPs: [198.51.100.7]"})
  void net_S_03_trafficFromOutsideGoesAnywhereWhereThereIsSome(String spec) {
    assertThat(spec(spec + ", " + PORT).get("externalTrafficPolicy")).isEqualTo("Cluster");
  }

  @Test
  void net_S_03_whatIsNotReachedFromOutsideHasNoPolicyForIt() {
    assertThat(spec(PORT).has("externalTrafficPolicy")).isFalse();
    assertThat(spec("clusterIP: None, " + PORT).has("externalTrafficPolicy")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sessionAffinityConfig: {}, ",
        "sessionAffinityConfig: {clientIP: {}}, ",
      })
  void net_S_04_affinityToAClientLastsThreeHours(String config) {
    assertThat(spec("sessionAffinity: ClientIP, " + config + PORT).get("sessionAffinityConfig"))
        .isEqualTo(KubeMap.of("clientIP", KubeMap.of("timeoutSeconds", 10800)));
  }

  @Test
  void net_S_04_withoutAffinityItsConfigurationIsCleared() {
    KubeMap spec = spec("sessionAffinityConfig: {clientIP: {timeoutSeconds: 7}}, " + PORT);
    assertThat(spec.has("sessionAffinityConfig")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"LoadBalancer, true", "NodePort, ", "ClusterIP, "})
  void net_S_06_onlyALoadBalancerIsAskedWhetherItWantsNodePorts(String type, Boolean allocates) {
    assertThat(spec("type: " + type + ", " + PORT).get("allocateLoadBalancerNodePorts"))
        .isEqualTo(allocates);
  }

  @Test
  void net_S_06_anIngressAddressIsAVirtualOneUnlessItSaysOtherwise() {
    KubeObject service = cluster.createService("web", "type: LoadBalancer, " + PORT);
    KubeObject written =
        cluster.server.updateStatus(
            ResourceType.SERVICES,
            service.with(
                KubeList.of(
                    KubeMap.of("ip", "203.0.113.1"),
                    KubeMap.of("ip", "203.0.113.2", "ipMode", "Proxy"),
                    KubeMap.of("hostname", "lb.example.com")),
                "status",
                "loadBalancer",
                "ingress"));
    assertThat(written.status().at("loadBalancer", "ingress"))
        .isEqualTo(
            KubeList.of(
                KubeMap.of("ip", "203.0.113.1", "ipMode", "VIP"),
                KubeMap.of("ip", "203.0.113.2", "ipMode", "Proxy"),
                KubeMap.of("hostname", "lb.example.com")));
  }

  @Test
  void net_S_27_aLoadBalancerThatNobodyProvidesIsPending() {
    KubeObject service =
        cluster.createService("web", "type: LoadBalancer, ports: [{port: 80, nodePort: 31543}]");
    assertThat(service.status()).isEqualTo(KubeMap.of("loadBalancer", KubeMap.EMPTY));
    List<Object> cells =
        new Handlers(cluster.server, warning -> {})
            .table(ResourceType.SERVICES, List.of(service))
            .rows()
            .get(0)
            .cells();
    assertThat(cells.subList(0, 2)).containsExactly("web", "LoadBalancer");
    assertThat(cells.subList(3, 5)).containsExactly("<pending>", "80:31543/TCP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PreferSameZone", "PreferSameNode"})
  void net_S_23_trafficMayBeKeptCloseInTwoWays(String distribution) {
    assertThat(warnings("trafficDistribution: " + distribution + ", " + PORT)).isEmpty();
  }

  @Test
  void net_S_23_preferCloseIsAnOldName() {
    assertThat(warnings("trafficDistribution: PreferClose, " + PORT))
        .containsExactly(
            "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
  }

  @Test
  void fieldsThatAHeadlessServiceIgnoresAreNamed() {
    assertThat(
            warnings(
                "clusterIP: None, sessionAffinity: ClientIP, externalIPs: [198.51.100.7],"
                    + " loadBalancerIP: 203.0.113.1, "
                    + PORT))
        .containsExactly(
            "spec.loadBalancerIP is ignored for headless services",
            "spec.externalIPs is ignored for headless services",
            "spec.SessionAffinity is ignored for headless services");
  }

  @Test
  void externalIpsAreDeprecatedAndBelongInCanonicalForm() {
    assertThat(warnings("externalIPs: ['2001:DB8::0:1'], " + PORT))
        .containsExactly(
            "spec.externalIPs[0]: IPv6 address \"2001:DB8::0:1\" should be in RFC 5952 canonical"
                + " format (\"2001:db8::1\")",
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  }

  @Test
  void anExternalNameOfAnotherTypeIsIgnored() {
    assertThat(warnings("externalName: example.com, " + PORT))
        .containsExactly("spec.externalName is ignored when spec.type is not \"ExternalName\"");
  }
}
