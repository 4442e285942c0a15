package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses, families and node ports that a Service is given. */
class ServiceAllocationTest {

  private static final String PORT = "ports: [{port: 80}]";

  private final TestCluster cluster = new TestCluster();

  private String refused(String spec) {
    return cluster.refused(service("x", spec));
  }

  private KubeMap dryRun(String spec) {
    return cluster.server.create(ResourceType.SERVICES, service("x", spec), true).spec();
  }

  private KubeMap created(String spec) {
    return cluster.createService("x", spec).spec();
  }

  private static long nodePort(KubeMap spec, int port) {
    return spec.listOrEmpty("ports").map(port).number("nodePort", 0);
  }

  @Test
  void net_A_08_anAddressOfAnotherNetworkIsOutOfRange() {
    assertThat(refused("clusterIP: 192.0.2.1, " + PORT))
        .isEqualTo(
            "spec.clusterIPs: Invalid value: [\"192.0.2.1\"]: failed to allocate IP 192.0.2.1: the"
                + " provided network does not match the current range");
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "10.96.0.0", "10.111.255.255"})
  void net_A_08_aDryRunSaysWhichRangeIsValid(String ip) {
    ApiException refusal = refusal(() -> dryRun("clusterIP: " + ip + ", " + PORT));
    assertThat(refusal.status().code()).isEqualTo(422);
    assertThat(refusal)
        .hasMessage(
            "Service \"x\" is invalid: spec.clusterIPs: Invalid value: [\"%s\"]: failed to allocate"
                + " IP %s: the provided IP (%s) is not in the valid range. The range of valid IPs"
                + " is 10.96.0.0/12",
            ip, ip, ip);
  }

  @Test
  void net_A_09_anAddressIsGivenOnce() {
    cluster.createService("web", "clusterIP: 10.103.210.17, " + PORT);
    assertThat(refused("clusterIP: 10.103.210.17, " + PORT))
        .isEqualTo(
            "spec.clusterIPs: Invalid value: [\"10.103.210.17\"]: failed to allocate IP"
                + " 10.103.210.17: provided IP is already allocated");
  }

  @Test
  void net_A_10_aFullRangeIsAnInternalError() {
    TestCluster small = new TestCluster(1, "10.96.0.0", 30);
    small.createService("web", PORT);
    ApiException refusal = refusal(() -> small.createService("x", PORT));
    assertThat(refusal.status().code()).isEqualTo(500);
    assertThat(refusal)
        .hasMessage(
            "Internal error occurred: failed to allocate a serviceIP for Service \"x\": range is"
                + " full");
    assertThat(small.createService("headless", "clusterIP: None, " + PORT).spec().get("clusterIP"))
        .isEqualTo("None");
  }

  @ParameterizedTest
  @ValueSource(longs = {80, 29999, 32768})
  void net_A_13_aNodePortOutOfRangeIsRefused(long port) {
    assertThat(refused("type: NodePort, ports: [{port: 80, nodePort: " + port + "}]"))
        .isEqualTo(
            "spec.ports[0].nodePort: Invalid value: "
                + port
                + ": provided port is not in the valid range. The range of valid ports is"
                + " 30000-32767");
  }

  @Test
  void net_A_13_aNodePortIsGivenOnce() {
    cluster.createService("web", "type: NodePort, ports: [{port: 80, nodePort: 30080}]");
    assertThat(refused("type: NodePort, ports: [{port: 80, nodePort: 30080}]"))
        .isEqualTo(
            "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated");
  }

  @Test
  void net_A_13_aDryRunDoesNotLookAtTheRange() {
    assertThat(nodePort(dryRun("type: NodePort, ports: [{port: 80, nodePort: 80}]"), 0))
        .isEqualTo(80);
  }

  @Test
  void net_A_14_twoProtocolsOfOnePortShareANodePort() {
    KubeMap spec =
        created(
            "type: NodePort, ports: [{name: a, port: 53, protocol: UDP}, {name: b, port: 53,"
                + " protocol: TCP}, {name: c, port: 54}]");
    assertThat(nodePort(spec, 0)).isBetween(30086L, 32767L).isEqualTo(nodePort(spec, 1));
    assertThat(nodePort(spec, 2)).isNotEqualTo(nodePort(spec, 0));
  }

  @Test
  void net_A_14_theOneThatNamesItDecidesForBoth() {
    KubeMap spec =
        created(
            "type: NodePort, ports: [{name: a, port: 53, protocol: UDP}, {name: b, port: 53,"
                + " protocol: TCP, nodePort: 30053}]");
    assertThat(nodePort(spec, 0)).isEqualTo(30053);
    assertThat(nodePort(spec, 1)).isEqualTo(30053);
  }

  @Test
  void net_A_15_aLoadBalancerMayDoWithoutNodePorts() {
    KubeMap spec =
        created(
            "type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{name: a, port: 80},"
                + " {name: b, port: 81, nodePort: 30081}]");
    assertThat(nodePort(spec, 0)).isZero();
    assertThat(nodePort(spec, 1)).isEqualTo(30081);
  }

  @Test
  void net_A_16_aServiceHasOneFamily() {
    KubeMap spec = created("selector: {app: web}, " + PORT);
    assertThat(spec.get("ipFamilyPolicy")).isEqualTo("SingleStack");
    assertThat(spec.get("ipFamilies")).isEqualTo(KubeList.of("IPv4"));
  }

  @Test
  void net_A_16_aHeadlessServiceWithoutSelectorHasBothFamiliesEvenOnAClusterOfOne() {
    KubeMap spec = created("clusterIP: None");
    assertThat(spec.get("ipFamilyPolicy")).isEqualTo("RequireDualStack");
    assertThat(spec.get("ipFamilies")).isEqualTo(KubeList.of("IPv4", "IPv6"));
    assertThat(spec.get("clusterIPs")).isEqualTo(KubeList.of("None"));
  }

  @Test
  void net_A_16_aHeadlessServiceWithASelectorHasOne() {
    KubeMap spec = created("clusterIP: None, selector: {app: web}");
    assertThat(spec.get("ipFamilyPolicy")).isEqualTo("SingleStack");
    assertThat(spec.get("ipFamilies")).isEqualTo(KubeList.of("IPv4"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ipFamilyPolicy: RequireDualStack | spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured for dual-stack services",
        "ipFamilies: [IPv6] | spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster",
        "clusterIP: 'fd00::1' | spec.clusterIPs[0]: Invalid value: [\"fd00::1\"]: IPv6 is not configured on this cluster",
      })
  void net_A_17_aFamilyThatTheClusterDoesNotHaveIsRefused(String spec, String why) {
    assertThat(refused(spec + ", " + PORT)).isEqualTo(why);
  }

  @Test
  void net_A_18_preferDualStackOnAClusterOfOneFamilyHasOne() {
    KubeMap spec = created("ipFamilyPolicy: PreferDualStack, " + PORT);
    assertThat(spec.get("ipFamilyPolicy")).isEqualTo("PreferDualStack");
    assertThat(spec.get("ipFamilies")).isEqualTo(KubeList.of("IPv4"));
  }

  @Test
  void net_A_20_aDryRunShowsTheNetworksAddressAndTakesNothing() {
    assertThat(dryRun(PORT).get("clusterIP")).isEqualTo("10.96.0.0");
    dryRun("clusterIP: 10.96.0.77, " + PORT);
    assertThat(created("clusterIP: 10.96.0.77, " + PORT).get("clusterIP")).isEqualTo("10.96.0.77");
  }

  @Test
  void net_A_21_aClusterOfOneSeedGivesOneAddress() {
    KubeObject one = new TestCluster(3, "10.96.0.0", 12).createService("x", PORT);
    KubeObject same = new TestCluster(3, "10.96.0.0", 12).createService("x", PORT);
    KubeObject other = new TestCluster(4, "10.96.0.0", 12).createService("x", PORT);
    assertThat(one.spec().get("clusterIP")).isEqualTo(same.spec().get("clusterIP"));
    assertThat(one.spec().get("clusterIP")).isNotEqualTo(other.spec().get("clusterIP"));
  }

  @Test
  void aRefusedServiceGivesEverythingBack() {
    assertThat(
            refused(
                "type: NodePort, clusterIP: 10.96.0.77, ports: [{name: a, port: 80, nodePort:"
                    + " 30080}, {name: b, port: 81, nodePort: 80}]"))
        .contains("not in the valid range");
    assertThat(
            refused("type: NodePort, clusterIP: 10.96.0.77, ports: [{port: 0, nodePort: 30080}]"))
        .contains("spec.ports[0].port: Invalid value: 0");
    created("type: NodePort, clusterIP: 10.96.0.77, ports: [{port: 80, nodePort: 30080}]");
  }
}
