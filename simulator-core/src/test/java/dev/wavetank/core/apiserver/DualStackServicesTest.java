package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The families and addresses of Services where the cluster has both families. */
class DualStackServicesTest {

  private static final String PORT = "selector: {app: web}, ports: [{port: 80}]";
  private static final KubeList BOTH = KubeList.of("IPv4", "IPv6");
  private static final ObjectKey KEY = ObjectKey.of(ResourceType.SERVICES, "default", "x");

  private final TestCluster cluster = TestCluster.dualStack();

  private KubeMap created(String spec) {
    return cluster.createService("x", spec).spec();
  }

  private KubeMap changed(UnaryOperator<KubeMap> change) {
    KubeObject before = cluster.server.get(KEY);
    return cluster
        .server
        .update(ResourceType.SERVICES, before.withSpec(change.apply(before.spec())))
        .spec();
  }

  private String refusedChange(UnaryOperator<KubeMap> change) {
    return String.valueOf(refusal(() -> changed(change)).getMessage());
  }

  private static List<String> families(KubeList ips) {
    List<String> families = new ArrayList<>();
    ips.forEach(ip -> families.add(ip.toString().indexOf(':') >= 0 ? "IPv6" : "IPv4"));
    return families;
  }

  private List<String> addressesOf(String service) {
    List<String> names = new ArrayList<>();
    for (KubeObject address : cluster.server.list(ResourceType.IP_ADDRESSES)) {
      if (service.equals(address.spec().mapOrEmpty("parentRef").string("name", ""))) {
        names.add(address.name());
      }
    }
    return names;
  }

  @Test
  void net_A_16_aServiceHasOneFamilyWhereTheClusterHasTwo() {
    KubeMap spec = created(PORT);
    assertThat(spec.get("ipFamilyPolicy")).isEqualTo("SingleStack");
    assertThat(spec.get("ipFamilies")).isEqualTo(KubeList.of("IPv4"));
    assertThat(spec.listOrEmpty("clusterIPs")).hasSize(1);
  }

  @Test
  void net_A_16_aHeadlessServiceTakesNoAddressOfEither() {
    KubeMap spec = created("clusterIP: None, ipFamilyPolicy: RequireDualStack, " + PORT);
    assertThat(spec.get("ipFamilies")).isEqualTo(BOTH);
    assertThat(spec.get("clusterIPs")).isEqualTo(KubeList.of("None"));
    assertThat(addressesOf("x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RequireDualStack", "PreferDualStack"})
  void net_A_18_dualStackAddsTheMissingFamily(String policy) {
    KubeMap spec = created("ipFamilyPolicy: " + policy + ", " + PORT);
    KubeList ips = spec.listOrEmpty("clusterIPs");
    assertThat(spec.get("ipFamilies")).isEqualTo(BOTH);
    assertThat(families(ips)).containsExactly("IPv4", "IPv6");
    assertThat(spec.get("clusterIP")).isEqualTo(ips.get(0));
    assertThat(ips.get(1).toString()).startsWith("fd00:10:96::");
    assertThat(addressesOf("x"))
        .containsExactlyInAnyOrder(ips.get(0).toString(), ips.get(1).toString());
  }

  @Test
  void net_A_18_theFamilyThatIsAskedForComesFirst() {
    KubeMap spec = created("ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv6], " + PORT);
    assertThat(spec.get("ipFamilies")).isEqualTo(KubeList.of("IPv6", "IPv4"));
    assertThat(families(spec.listOrEmpty("clusterIPs"))).containsExactly("IPv6", "IPv4");
  }

  @Test
  void net_A_17_aServiceMayHaveTheSecondFamilyAlone() {
    KubeMap spec = created("ipFamilies: [IPv6], " + PORT);
    assertThat(families(spec.listOrEmpty("clusterIPs"))).containsExactly("IPv6");
    assertThat(addressesOf("x")).containsExactly(spec.string("clusterIP", ""));
  }

  @Test
  void net_A_17_familiesFollowTheAddressesThatAreAskedFor() {
    KubeMap spec =
        created(
            "ipFamilyPolicy: PreferDualStack, clusterIP: 'fd00:10:96::7',"
                + " clusterIPs: ['fd00:10:96::7', 10.96.0.7], "
                + PORT);
    assertThat(spec.get("ipFamilies")).isEqualTo(KubeList.of("IPv6", "IPv4"));
  }

  @ParameterizedTest
  @CsvSource({
    "cluster IPs, 'clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7, ''fd00:10:96::7'']'",
    "IP families, 'ipFamilies: [IPv4, IPv6]'"
  })
  void net_A_17_twoOfThemNeedAPolicyOfTwo(String what, String spec) {
    assertThat(cluster.refused(service("x", "ipFamilyPolicy: SingleStack, " + spec + ", " + PORT)))
        .contains(
            "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or"
                + " 'PreferDualStack' when multiple "
                + what
                + " are specified");
  }

  @Test
  void anUpgradeKeepsTheAddressAndTakesASecond() {
    Object first = created(PORT).get("clusterIP");
    KubeMap spec = changed(s -> s.with("ipFamilyPolicy", "RequireDualStack"));
    assertThat(spec.get("ipFamilies")).isEqualTo(BOTH);
    assertThat(spec.listOrEmpty("clusterIPs").get(0)).isEqualTo(first);
    assertThat(families(spec.listOrEmpty("clusterIPs"))).containsExactly("IPv4", "IPv6");
    assertThat(addressesOf("x")).hasSize(2);
  }

  @Test
  void anUpgradeMayNameItsSecondAddress() {
    Object first = created(PORT).get("clusterIP");
    KubeList both = KubeList.of(first, "fd00:10:96::42");
    KubeMap spec =
        changed(s -> s.with("ipFamilyPolicy", "PreferDualStack").with("clusterIPs", both));
    assertThat(spec.get("clusterIPs")).isEqualTo(both);
    assertThat(addressesOf("x")).contains("fd00:10:96::42");
  }

  @Test
  void net_A_19_theSecondAddressIsReleasedByThePolicy() {
    KubeMap before = created("ipFamilyPolicy: RequireDualStack, " + PORT);
    String second = before.listOrEmpty("clusterIPs").get(1).toString();
    KubeMap spec = changed(s -> s.with("ipFamilyPolicy", "SingleStack"));
    assertThat(spec.get("ipFamilies")).isEqualTo(KubeList.of("IPv4"));
    assertThat(spec.get("clusterIPs")).isEqualTo(KubeList.of(before.get("clusterIP")));
    assertThat(addressesOf("x")).doesNotContain(second);
    KubeObject other =
        cluster.createService("other", "clusterIP: '" + second + "', ports: [{port: 80}]");
    assertThat(other.spec().get("clusterIP")).isEqualTo(second);
  }

  @Test
  void net_A_19_aDowngradeNeedsThePolicySingleStack() {
    created("ipFamilyPolicy: RequireDualStack, " + PORT);
    assertThat(
            refusedChange(
                s ->
                    s.with("clusterIPs", KubeList.of(s.get("clusterIP")))
                        .with("ipFamilies", KubeList.of("IPv4"))))
        .contains("must be 'SingleStack' to release the secondary cluster IP")
        .contains("must be 'SingleStack' to release the secondary IP family");
    assertThat(addressesOf("x")).hasSize(2);
  }

  @Test
  void aRefusedSecondAddressGivesTheFirstBack() {
    cluster.createService("other", "clusterIP: 'fd00:10:96::7', ports: [{port: 80}]");
    String spec =
        "ipFamilyPolicy: RequireDualStack, clusterIP: 10.96.0.7,"
            + " clusterIPs: [10.96.0.7, 'fd00:10:96::7'], "
            + PORT;
    assertThat(cluster.refused(service("x", spec)))
        .contains("failed to allocate IP fd00:10:96::7: provided IP is already allocated");
    assertThat(addressesOf("x")).isEmpty();
    assertThat(created("clusterIP: 10.96.0.7, " + PORT).get("clusterIP")).isEqualTo("10.96.0.7");
  }

  @Test
  void aDeletedServiceGivesBothBack() {
    created("ipFamilyPolicy: RequireDualStack, " + PORT);
    cluster.server.delete(KEY, DeleteOptions.BACKGROUND);
    assertThat(addressesOf("x")).isEmpty();
  }

  @Test
  void theServiceKubernetesHasTheFirstFamilyAndTheServiceCidrBoth() {
    KubeMap spec =
        cluster.server.get(ObjectKey.of(ResourceType.SERVICES, "default", "kubernetes")).spec();
    assertThat(spec.get("clusterIPs")).isEqualTo(KubeList.of("10.96.0.1"));
    assertThat(
            cluster
                .server
                .get(ObjectKey.of(ResourceType.SERVICE_CIDRS, "", "kubernetes"))
                .spec()
                .get("cidrs"))
        .isEqualTo(KubeList.of("10.96.0.0/12", "fd00:10:96::/112"));
  }
}
