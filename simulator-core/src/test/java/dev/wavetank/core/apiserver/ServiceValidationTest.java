package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.service;
import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Services the server refuses, and in which words. */
class ServiceValidationTest {

  private static final String PORT = "ports: [{port: 80}]";

  private final TestCluster cluster = new TestCluster();

  private String refused(String spec) {
    return cluster.refused(service("x", spec));
  }

  private KubeMap accepted(String spec) {
    return cluster.server.create(ResourceType.SERVICES, service("x", spec), true).spec();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 86401})
  void net_S_05_affinityLastsAtLeastASecondAndAtMostADay(long seconds) {
    assertThat(
            refused(
                "sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: "
                    + seconds
                    + "}}, "
                    + PORT))
        .isEqualTo(
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: "
                + seconds
                + ": must be greater than 0 and less than 86400");
  }

  @Test
  void net_S_05_aWholeDayIsAccepted() {
    accepted(
        "sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86400}}, "
            + PORT);
  }

  @Test
  void net_S_07_aServiceNeedsPorts() {
    assertThat(refusal(() -> cluster.createService("x", "")))
        .hasMessage("Service \"x\" is invalid: spec.ports: Required value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"clusterIP: None", "type: ExternalName, externalName: example.com"})
  void net_S_07_aHeadlessServiceAndAnExternalNameNeedNone(String spec) {
    assertThat(accepted(spec).has("ports")).isFalse();
  }

  @Test
  void net_S_08_severalPortsAllNeedNames() {
    assertThat(refused("ports: [{port: 80}, {port: 81}]"))
        .isEqualTo("[spec.ports[0].name: Required value, spec.ports[1].name: Required value]");
  }

  @Test
  void net_S_08_namesOfPortsAreUnique() {
    assertThat(refused("ports: [{name: a, port: 80}, {name: a, port: 81}]"))
        .isEqualTo("spec.ports[1].name: Duplicate value: \"a\"");
  }

  @Test
  void net_S_08_theNameOfAPortIsADnsLabel() {
    assertThat(refused("ports: [{name: A, port: 80}]"))
        .startsWith("spec.ports[0].name: Invalid value: \"A\": a lowercase RFC 1123 label must");
  }

  @Test
  void net_S_08_aSinglePortMayBeUnnamed() {
    assertThat(accepted(PORT).listOrEmpty("ports").map(0).has("name")).isFalse();
  }

  @Test
  void net_S_09_aPortOfAProtocolIsGivenOnce() {
    assertThat(
            refused(
                "ports: [{name: a, port: 80, targetPort: 8080}, {name: b, port: 80, targetPort:"
                    + " http}]"))
        .isEqualTo(
            "spec.ports[1]: Duplicate value: {\"Name\":\"\",\"Protocol\":\"TCP\","
                + "\"AppProtocol\":null,\"Port\":80,\"TargetPort\":0,\"NodePort\":0}");
  }

  @Test
  void net_S_09_aNodePortOfAProtocolIsGivenOnce() {
    assertThat(
            refused(
                "type: NodePort, ports: [{name: a, port: 80, nodePort: 30080}, {name: b, port: 81,"
                    + " nodePort: 30080}]"))
        .isEqualTo(
            "spec.ports[1].nodePort: Invalid value: 30080: provided port is already allocated");
    assertThat(
            refused(
                "ports: [{name: a, port: 80, nodePort: 30080}, {name: b, port: 81,"
                    + " nodePort: 30080}]"))
        .contains("spec.ports[1].nodePort: Duplicate value: 30080");
  }

  @Test
  void net_S_10_tcpAndUdpMayShareOnePort() {
    accepted(
        "ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 65536})
  void net_S_11_aTargetPortIsAPortNumber(long number) {
    assertThat(refused("ports: [{port: 80, targetPort: " + number + "}]"))
        .isEqualTo(
            "spec.ports[0].targetPort: Invalid value: "
                + number
                + ": must be between 1 and 65535, inclusive");
  }

  @Test
  void net_S_11_orTheNameOfAPort() {
    accepted("ports: [{port: 80, targetPort: fifteen-letters}]");
    assertThat(refused("ports: [{port: 80, targetPort: sixteen-letters-}]"))
        .contains(
            "spec.ports[0].targetPort: Invalid value: \"sixteen-letters-\": must be no more than 15"
                + " characters");
  }

  @Test
  void net_S_12_aClusterIpHasNoNodePort() {
    assertThat(refused("ports: [{port: 80, nodePort: 30080}]"))
        .isEqualTo("spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NodePort", "LoadBalancer"})
  void net_S_13_whatHasNodePortsIsNotHeadless(String type) {
    assertThat(refused("type: " + type + ", clusterIP: None, " + PORT))
        .isEqualTo(
            "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for "
                + type
                + " services");
  }

  @Test
  void net_S_14_anExternalNameNeedsItsName() {
    assertThat(refused("type: ExternalName")).isEqualTo("spec.externalName: Required value");
  }

  @Test
  void net_S_14_theNameIsADnsSubdomainThatMayEndWithADot() {
    assertThat(accepted("type: ExternalName, externalName: example.com.").get("externalName"))
        .isEqualTo("example.com.");
    assertThat(refused("type: ExternalName, externalName: example_com"))
        .startsWith(
            "spec.externalName: Invalid value: \"example_com\": a lowercase RFC 1123 subdomain must"
                + " consist of");
  }

  @Test
  void net_S_14_anExternalNameHasNoAddresses() {
    assertThat(
            refused(
                "type: ExternalName, externalName: example.com, clusterIP: 10.96.0.77,"
                    + " clusterIPs: [10.96.0.77], ipFamilies: [IPv4], ipFamilyPolicy:"
                    + " SingleStack"))
        .isEqualTo(
            "[spec.clusterIPs: Forbidden: may not be set for ExternalName services,"
                + " spec.ipFamilies: Forbidden: may not be set for ExternalName services,"
                + " spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services]");
  }

  @Test
  void net_S_15_aLoadBalancerMayUseThePortOfTheKubelet() {
    accepted("type: LoadBalancer, ports: [{port: 10250}]");
  }

  private KubeObject created(String spec) {
    return cluster.createService("x", spec);
  }

  private static KubeObject withClusterIps(KubeObject service, Object... ips) {
    return service
        .with(ips.length == 0 ? null : ips[0], "spec", "clusterIP")
        .with(ips.length == 0 ? null : KubeList.of(ips), "spec", "clusterIPs");
  }

  @Test
  void net_S_16_aClusterIpNeverChanges() {
    KubeObject service = created("clusterIP: 10.96.0.77, " + PORT);
    assertThat(cluster.refusedUpdate(withClusterIps(service, "10.96.0.78")))
        .isEqualTo("spec.clusterIPs[0]: Invalid value: [\"10.96.0.78\"]: may not change once set");
    assertThat(cluster.refusedUpdate(withClusterIps(service, "None")))
        .isEqualTo("spec.clusterIPs[0]: Invalid value: [\"None\"]: may not change once set");
  }

  @Test
  void net_S_16_aClusterIpThatIsLeftOutStays() {
    KubeObject service = created("clusterIP: 10.96.0.77, " + PORT);
    KubeObject updated = cluster.server.update(ResourceType.SERVICES, withClusterIps(service));
    assertThat(updated.spec().get("clusterIPs")).isEqualTo(KubeList.of("10.96.0.77"));
  }

  @Test
  void net_S_16_aHeadlessServiceStaysHeadless() {
    KubeObject service = created("clusterIP: None, selector: {app: web}, " + PORT);
    assertThat(cluster.refusedUpdate(withClusterIps(service, "10.96.0.78")))
        .isEqualTo("spec.clusterIPs[0]: Invalid value: [\"10.96.0.78\"]: may not change once set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clusterIP: 10.96.0.77, clusterIPs: [10.96.0.78] | [\"10.96.0.78\"]: first value must match `clusterIP`",
        "clusterIPs: [10.96.0.77] | [\"10.96.0.77\"]: must be empty when `clusterIP` is not specified",
        "clusterIP: None, clusterIPs: [None, 10.96.0.77] | [\"None\",\"10.96.0.77\"]: 'None' must be the first and only value",
        "clusterIP: 10.96.0.77, clusterIPs: [10.96.0.77, 10.96.0.78] | [\"10.96.0.77\",\"10.96.0.78\"]: may specify no more than one IP for each IP family",
      })
  void net_S_17_clusterIpAndClusterIpsAgree(String spec, String why) {
    assertThat(refused(spec + ", " + PORT)).isEqualTo("spec.clusterIPs: Invalid value: " + why);
  }

  @Test
  void net_S_17_thereAreAtMostTwoClusterIps() {
    assertThat(
            refused(
                "clusterIP: 10.96.0.77, clusterIPs: [10.96.0.77, 'fd00::1', 'fd00::2'], " + PORT))
        .contains("may only hold up to 2 values");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.0.0.0 | may not be unspecified (0.0.0.0)",
        "127.0.0.1 | may not be in the loopback range (127.0.0.0/8, ::1/128)",
        "169.254.1.1 | may not be in the link-local range (169.254.0.0/16, fe80::/10)",
        "224.0.0.1 | may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
        "010.0.0.1 | must not have leading 0s",
        "example.com | must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
      })
  void net_S_18_anExternalIpIsAnAddressThatCanBeReached(String ip, String why) {
    assertThat(refused("externalIPs: ['" + ip + "'], " + PORT))
        .isEqualTo("spec.externalIPs[0]: Invalid value: \"" + ip + "\": " + why);
  }

  @Test
  void net_S_19_onlyALoadBalancerHasSourceRanges() {
    assertThat(refused("loadBalancerSourceRanges: [203.0.113.0/25], " + PORT))
        .isEqualTo(
            "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is"
                + " 'LoadBalancer'");
    accepted("type: LoadBalancer, loadBalancerSourceRanges: [' 203.0.113.0/25 '], " + PORT);
  }

  @Test
  void net_S_20_onlyALoadBalancerHasAClassAndChoosesNodePorts() {
    assertThat(refused("loadBalancerClass: a/b, allocateLoadBalancerNodePorts: true, " + PORT))
        .isEqualTo(
            "[spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is"
                + " 'LoadBalancer', spec.loadBalancerClass: Forbidden: may only be used when `type`"
                + " is 'LoadBalancer']");
  }

  @Test
  void net_S_20_theClassStays() {
    KubeObject service = created("type: LoadBalancer, loadBalancerClass: a/b, " + PORT);
    assertThat(cluster.refusedUpdate(service.with("a/c", "spec", "loadBalancerClass")))
        .isEqualTo("spec.loadBalancerClass: Invalid value: \"a/c\": may not change once set");
  }

  @Test
  void net_S_21_externalPolicyIsForWhatIsReachedFromOutside() {
    assertThat(refused("externalTrafficPolicy: Local, " + PORT))
        .isEqualTo(
            "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for"
                + " externally-accessible services");
  }

  @Test
  void net_S_22_aHealthCheckPortIsForALocalLoadBalancer() {
    assertThat(refused("type: LoadBalancer, healthCheckNodePort: 30200, " + PORT))
        .isEqualTo(
            "spec.healthCheckNodePort: Invalid value: 30200: may only be set when `type` is"
                + " 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
  }

  @Test
  void net_S_22_itIsAllocatedAndStays() {
    KubeObject service = created("type: LoadBalancer, externalTrafficPolicy: Local, " + PORT);
    assertThat(service.spec().number("healthCheckNodePort", 0)).isBetween(30000L, 32767L);
    assertThat(cluster.refusedUpdate(service.with(30201L, "spec", "healthCheckNodePort")))
        .isEqualTo("spec.healthCheckNodePort: Forbidden: field is immutable");
  }

  @Test
  void net_S_23_thereAreThreeDistributionsOfTraffic() {
    assertThat(refused("trafficDistribution: Somewhere, " + PORT))
        .isEqualTo(
            "spec.trafficDistribution: Unsupported value: \"Somewhere\": supported values:"
                + " \"PreferClose\", \"PreferSameZone\", \"PreferSameNode\"");
  }

  @Test
  void net_S_25_theNameOfAServiceIsADnsLabelThatMayBeginWithADigit() {
    assertThat(cluster.createService("1abc", PORT).name()).isEqualTo("1abc");
    assertThat(cluster.refused(service("a.b", PORT)))
        .isEqualTo("metadata.name: Invalid value: \"a.b\": must not contain dots");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ip: 010.0.0.1} | .ip: Invalid value: \"010.0.0.1\": must not have leading 0s",
        "{hostname: a.b, ipMode: VIP} | .ipMode: Forbidden: may not be specified when `ip` is not set",
        "{ip: 10.0.0.1, ipMode: X} | .ipMode: Unsupported value: \"X\": supported values: \"Proxy\", \"VIP\"",
        "{hostname: 10.0.0.1} | .hostname: Invalid value: \"10.0.0.1\": must be a DNS name, not an IP address",
      })
  void theStatusOfALoadBalancerIsValidated(String ingress, String why) {
    created("type: LoadBalancer, " + PORT);
    KubeObject sent =
        yaml(
            ("{apiVersion: v1, kind: Service, metadata: {name: x, namespace: default}, status:"
                    + " {loadBalancer: {ingress: [%s]}}}")
                .formatted(ingress));
    assertThat(refusal(() -> cluster.server.updateStatus(ResourceType.SERVICES, sent)))
        .hasMessage("Service \"x\" is invalid: status.loadBalancer.ingress[0]" + why);
  }

  @Test
  void onlyALoadBalancerHasAnIngressAddress() {
    KubeObject service = created(PORT);
    KubeList ingress = KubeList.of(KubeMap.of("ip", "203.0.113.1"));
    KubeObject sent = service.with(ingress, "status", "loadBalancer", "ingress");
    assertThat(refusal(() -> cluster.server.updateStatus(ResourceType.SERVICES, sent)))
        .hasMessage(
            "Service \"x\" is invalid: status.loadBalancer.ingress: Forbidden: may only be used"
                + " when `spec.type` is 'LoadBalancer'");
  }
}
