package dev.wavetank.proxy;

import static dev.wavetank.proxy.TodoBackend.EXT;
import static dev.wavetank.proxy.TodoBackend.NODE;
import static dev.wavetank.proxy.TodoBackend.RANDOM;
import static dev.wavetank.proxy.TodoBackend.SVC;
import static dev.wavetank.proxy.TodoBackend.TODO;
import static dev.wavetank.proxy.TodoBackend.TODO_PORT;
import static dev.wavetank.proxy.TodoBackend.TODO_SLICE;
import static dev.wavetank.proxy.TodoBackend.chain;
import static dev.wavetank.proxy.TodoBackend.loadBalancer;
import static dev.wavetank.proxy.TodoBackend.nodePort;
import static dev.wavetank.proxy.TodoBackend.save;
import static dev.wavetank.proxy.TodoBackend.state;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.network.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules that a Service's fields and kube-proxy's settings lead to. */
class ServiceChainsTest {

  private static final String FW = "KUBE-FW-NDXUXOZJV25S5TU7";
  private static final String SEP = "KUBE-SEP-E2URIE5QK2XXCZHA";
  private static final ProxyNode SELF = ProxyNode.of(NODE);

  private static KubeProxyConfiguration configuration(String yaml) {
    KubeMap document =
        Manifests.parse(
                "config.yaml",
                ("{apiVersion: kubeproxy.config.k8s.io/v1alpha1, kind: KubeProxyConfiguration,"
                        + " metadata: {name: x}, %s}")
                    .formatted(yaml))
            .get(0)
            .object()
            .root();
    return KubeProxyConfiguration.of(document);
  }

  @Test
  void net_P_07_defaultsOfKubeProxy() {
    KubeProxyConfiguration defaults = configuration("clusterCIDR: 10.244.0.0/16");
    assertThat(defaults).isEqualTo(RANDOM);
    assertThat(defaults.minSyncPeriodNanos()).isEqualTo(1_000_000_000L);
    assertThat(defaults.masqueradeBit()).isEqualTo(14);
    assertThat(defaults.masqueradeAll()).isFalse();
    assertThat(defaults.localhostNodePorts()).isTrue();
    assertThat(defaults.nodePortAddresses()).isEmpty();
    assertThat(defaults.detectLocalMode())
        .isEqualTo(KubeProxyConfiguration.DetectLocalMode.CLUSTER_CIDR);
  }

  @Test
  void net_I_04_theFilterTableIsRestoredBeforeTheNatTable() {
    String input = IptablesProxier.restoreInput(state(RANDOM, TODO, TODO_SLICE), SELF);
    assertThat(input.lines().filter(line -> line.startsWith("*") || line.equals("COMMIT")))
        .containsExactly("*filter", "COMMIT", "*nat", "COMMIT");
  }

  @Test
  void net_I_07_theMarkIsOneBit() {
    assertThat(chain(save(RANDOM, TODO), "KUBE-MARK-MASQ"))
        .containsExactly("-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000");
    KubeProxyConfiguration fifth =
        configuration("clusterCIDR: 10.244.0.0/16, iptables: {masqueradeBit: 5}");
    assertThat(IptablesProxier.restoreInput(state(fifth, TODO), SELF))
        .contains("-A KUBE-MARK-MASQ -j MARK --or-mark 0x00000020\n")
        .contains("-A KUBE-POSTROUTING -m mark ! --mark 0x00000020/0x00000020 -j RETURN\n");
  }

  @ParameterizedTest
  @CsvSource({
    "'detectLocalMode: ClusterCIDR, clusterCIDR: 10.244.0.0/16', '! -s 10.244.0.0/16 '",
    "'detectLocalMode: NodeCIDR', '! -s 10.244.1.0/24 '",
    "'detectLocalMode: BridgeInterface, detectLocal: {bridgeInterface: cni0}', '! -i cni0 '",
    "'detectLocalMode: InterfaceNamePrefix, detectLocal: {interfaceNamePrefix: veth}', '! -i veth+ '",
    "'iptables: {masqueradeAll: true}', ''",
  })
  void net_I_10_localTrafficIsDetectedByAddressOrInterface(String settings, String match) {
    KubeProxyConfiguration configuration = configuration(settings);
    List<String> rules = chain(save(configuration, TODO, TODO_SLICE), SVC);
    String addresses =
        match.startsWith("! -s") ? match + "-d 10.96.10.20/32 " : "-d 10.96.10.20/32 ";
    String rest = match.startsWith("! -i") ? match : "";
    assertThat(rules.get(0))
        .isEqualTo(
            "-A "
                + SVC
                + " "
                + addresses
                + rest
                + "-p tcp -m comment --comment \"default/todobackend cluster IP\" -m tcp --dport 80"
                + " -j KUBE-MARK-MASQ");
  }

  @Test
  void net_I_14_rulesOfAnEndpointBearItsAddressOrTheNameOfItsService() {
    String text = save(RANDOM, TODO, TODO_SLICE);
    assertThat(chain(text, SVC).get(1))
        .contains("--comment \"default/todobackend -> 10.244.1.2:8080\"");
    assertThat(chain(text, SEP))
        .hasSize(2)
        .allMatch(rule -> rule.contains("--comment \"default/todobackend\" "));
  }

  @Test
  void net_I_19_anExternalIpLeadsToTheExternalChain() {
    KubeObject service = TODO.with(KubeList.of("198.51.100.7"), "spec", "externalIPs");
    assertThat(chain(save(RANDOM, service, TODO_SLICE), "KUBE-SERVICES"))
        .contains(
            "-A KUBE-SERVICES -d 198.51.100.7/32 -p tcp -m comment --comment \"default/todobackend"
                + " external IP\" -m tcp --dport 80 -j "
                + EXT);
  }

  @Test
  void net_I_19_aLoadBalancersAddressLeadsThereOrToTheFirewall() {
    String rule =
        "-A KUBE-SERVICES -d 203.0.113.1/32 -p tcp -m comment --comment \"default/todobackend"
            + " loadbalancer IP\" -m tcp --dport 80 -j ";
    assertThat(chain(save(RANDOM, loadBalancer("Cluster"), TODO_SLICE), "KUBE-SERVICES"))
        .contains(rule + EXT);
    assertThat(
            chain(
                save(RANDOM, loadBalancer("Cluster", "192.0.2.0/24"), TODO_SLICE), "KUBE-SERVICES"))
        .contains(rule + FW);
  }

  @Test
  void net_I_23_underPolicyClusterAllExternalTrafficIsMasquerade() {
    assertThat(chain(save(RANDOM, nodePort("Cluster"), TODO_SLICE), EXT))
        .containsExactly(
            "-A "
                + EXT
                + " -m comment --comment \"masquerade traffic for default/todobackend external"
                + " destinations\" -j KUBE-MARK-MASQ",
            "-A " + EXT + " -j " + SVC);
  }

  @Test
  void net_I_26_theFirewallLetsSourceRangesThrough() {
    String text =
        save(RANDOM, loadBalancer("Cluster", "192.0.2.0/24", "198.51.100.0/25"), TODO_SLICE);
    String comment = " -m comment --comment \"default/todobackend loadbalancer IP\" -j " + EXT;
    assertThat(chain(text, FW))
        .containsExactly(
            "-A " + FW + " -s 192.0.2.0/24" + comment,
            "-A " + FW + " -s 198.51.100.0/25" + comment,
            "-A "
                + FW
                + " -m comment --comment \"other traffic to default/todobackend will be dropped by"
                + " KUBE-PROXY-FIREWALL\"");
    assertThat(chain(text, "KUBE-PROXY-FIREWALL"))
        .containsExactly(
            "-A KUBE-PROXY-FIREWALL -d 203.0.113.1/32 -p tcp -m comment --comment"
                + " \"default/todobackend traffic not accepted by "
                + FW
                + "\" -m tcp --dport 80 -j DROP");
  }

  @Test
  void net_I_26_aRangeThatHasTheNodeAdmitsWhatTheNodeSendsToItself() {
    String text = save(RANDOM, loadBalancer("Cluster", "172.18.0.0/16"), TODO_SLICE);
    assertThat(chain(text, FW).subList(0, 2))
        .extracting(rule -> rule.replaceAll("^-A \\S+ (-s \\S+) .*$", "$1"))
        .containsExactly("-s 172.18.0.0/16", "-s 203.0.113.1/32");
  }

  @Test
  void net_I_30_aRejectIsSavedWithItsIcmpType() {
    assertThat(IptablesProxier.restoreInput(state(RANDOM, TODO), SELF))
        .contains("has no endpoints\" -m tcp -p tcp -d 10.96.10.20 --dport 80 -j REJECT\n");
    assertThat(save(RANDOM, TODO))
        .contains("--dport 80 -j REJECT --reject-with icmp-port-unreachable\n");
  }

  @Test
  void net_I_31_theHealthCheckPortIsAccepted() {
    KubeObject service = loadBalancer("Local").with(31_500L, "spec", "healthCheckNodePort");
    String filter = save(RANDOM, service, TODO_SLICE);
    filter = filter.substring(filter.indexOf("*filter"), filter.indexOf("*nat"));
    assertThat(chain(filter, "KUBE-NODEPORTS"))
        .containsExactly(
            "-A KUBE-NODEPORTS -p tcp -m comment --comment \"default/todobackend health check node"
                + " port\" -m tcp --dport 31500 -j ACCEPT");
  }

  private static KubeProxyConfiguration kernel(boolean accounting, boolean tcpLiberal) {
    return new KubeProxyConfiguration(
        RANDOM.mode(),
        RANDOM.detectLocalMode(),
        RANDOM.clusterCidrs(),
        RANDOM.serviceCidrs(),
        "",
        ImmutableList.of(),
        14,
        false,
        true,
        accounting,
        tcpLiberal,
        Balancer.RANDOM,
        RANDOM.ipvsScheduler(),
        RANDOM.minSyncPeriodNanos());
  }

  @Test
  void net_I_32_forwardedTrafficIsAcceptedWhenMarkedOrKnown() {
    List<String> known =
        List.of(
            "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding rules\" -m mark --mark"
                + " 0x4000/0x4000 -j ACCEPT",
            "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding conntrack rule\" -m"
                + " conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
    assertThat(chain(save(kernel(false, true), TODO), "KUBE-FORWARD")).isEqualTo(known);
    List<String> strict = chain(save(kernel(false, false), TODO), "KUBE-FORWARD");
    assertThat(strict.get(0)).isEqualTo("-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP");
    assertThat(strict.subList(1, 3)).isEqualTo(known);
    assertThat(chain(save(kernel(true, false), TODO), "KUBE-FORWARD").get(0))
        .isEqualTo(
            "-A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name "
                + " ct_state_invalid_dropped_pkts -j DROP");
  }

  @Test
  void net_I_33_whereLocalhostTakesNodePortsItIsShieldedFromOutside() {
    assertThat(chain(save(RANDOM, TODO), "KUBE-FIREWALL"))
        .containsExactly(
            "-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment \"block incoming"
                + " localnet connections\" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j"
                + " DROP");
    KubeProxyConfiguration without =
        configuration("clusterCIDR: 10.244.0.0/16, iptables: {localhostNodePorts: false}");
    assertThat(chain(save(without, TODO), "KUBE-FIREWALL")).isEmpty();
  }

  @Test
  void net_I_35_noRuleAnswersAPingOfAClusterIpAndNoNodeOwnsIt() {
    String text = save(RANDOM, TODO, TODO_SLICE);
    assertThat(text.lines().filter(rule -> rule.contains("-d 10.96.10.20/32")))
        .isNotEmpty()
        .allMatch(rule -> rule.contains(" -p tcp "));
    assertThat(new NodeRouting(SELF).local(IpAddress.parse("10.96.10.20"))).isFalse();
  }

  @Test
  void net_I_37_aStaleChainIsFlushedAndThenDeletedAtTheEndOfTheNatRules() {
    KubeObject less =
        Manifest.slice("todobackend-1", "todobackend", Manifest.endpoints("10.244.1.2"), TODO_PORT);
    String input =
        IptablesProxier.restoreInput(
            state(RANDOM, TODO, TODO_SLICE), state(RANDOM, TODO, less), SELF);
    List<String> lines = input.lines().toList();
    String stale = "KUBE-SEP-J2UCQ6GNGGYSFBCP";
    assertThat(lines)
        .contains(":" + stale + " - [0:0]")
        .noneMatch(l -> l.startsWith("-A " + stale));
    int deletion = lines.indexOf("-X " + stale);
    assertThat(lines.get(deletion - 1)).startsWith("-A KUBE-");
    assertThat(lines.subList(deletion + 1, lines.size()))
        .allMatch(
            line ->
                line.startsWith("-X ")
                    || line.startsWith("-A KUBE-SERVICES ")
                    || line.equals("COMMIT"));
  }
}
