package dev.wavetank.proxy;

import static dev.wavetank.proxy.TodoBackend.EXT;
import static dev.wavetank.proxy.TodoBackend.NODE;
import static dev.wavetank.proxy.TodoBackend.RANDOM;
import static dev.wavetank.proxy.TodoBackend.SVC;
import static dev.wavetank.proxy.TodoBackend.TODO;
import static dev.wavetank.proxy.TodoBackend.TODO_PORT;
import static dev.wavetank.proxy.TodoBackend.TODO_SLICE;
import static dev.wavetank.proxy.TodoBackend.chain;
import static dev.wavetank.proxy.TodoBackend.nodePort;
import static dev.wavetank.proxy.TodoBackend.save;
import static dev.wavetank.proxy.TodoBackend.state;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.proxy.iptables.Ruleset;
import dev.wavetank.proxy.iptables.RulesetParser;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IptablesProxierTest {

  @Test
  void net_I_08_aClusterIpLeadsToTheChainOfItsService() {
    assertThat(chain(save(RANDOM, TODO, TODO_SLICE), "KUBE-SERVICES"))
        .first()
        .isEqualTo(
            "-A KUBE-SERVICES -d 10.96.10.20/32 -p tcp -m comment --comment "
                + "\"default/todobackend cluster IP\" -m tcp --dport 80 -j "
                + SVC);
  }

  @Test
  void net_I_09_trafficFromOutsideTheClusterIsMarkedFirst() {
    assertThat(chain(save(RANDOM, TODO, TODO_SLICE), SVC))
        .first()
        .isEqualTo(
            "-A "
                + SVC
                + " ! -s 10.244.0.0/16 -d 10.96.10.20/32 -p tcp -m comment --comment "
                + "\"default/todobackend cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ");
    KubeProxyConfiguration undetected =
        KubeProxyConfiguration.defaults(ImmutableList.of()).withBalancer(Balancer.RANDOM);
    assertThat(save(undetected, TODO, TODO_SLICE)).doesNotContain("--dport 80 -j KUBE-MARK-MASQ");
  }

  @Test
  void net_I_11_randomRulesGiveEveryEndpointTheSameShare() {
    KubeObject slice =
        Manifest.slice(
            "todobackend-1",
            "todobackend",
            Manifest.endpoints("10.244.1.2", "10.244.2.2", "10.244.3.2"),
            TODO_PORT);
    assertThat(chain(save(RANDOM, TODO, slice), SVC).subList(1, 4))
        .satisfiesExactly(
            rule -> assertThat(rule).contains("random --probability 0.33333333349 -j KUBE-SEP-"),
            rule -> assertThat(rule).contains("random --probability 0.50000000000 -j KUBE-SEP-"),
            rule -> assertThat(rule).doesNotContain("statistic"));
  }

  @Test
  void theRoundRobinBalancerChangesOnlyTheStatisticMatchAndSaysSo() {
    KubeProxyConfiguration roundRobin = RANDOM.withBalancer(Balancer.ROUND_ROBIN);
    String random = save(RANDOM, TODO, TODO_SLICE);
    String even = save(roundRobin, TODO, TODO_SLICE);
    assertThat(even).contains("-m statistic --mode nth --every 2 --packet 0 -j KUBE-SEP-");
    assertThat(
            even.replace(
                "--mode nth --every 2 --packet 0", "--mode random --probability 0.50000000000"))
        .isEqualTo(random);
    Ruleset rules = state(roundRobin, TODO, TODO_SLICE).ruleset(ProxyNode.of(NODE));
    assertThat(IptablesProxier.save(rules, roundRobin))
        .startsWith("# balancer=nth (not emitted by upstream kube-proxy)\n*mangle\n");
    assertThat(RulesetParser.parse(IpFamily.IPV4, IptablesProxier.save(rules, roundRobin)))
        .isEqualTo(rules);
  }

  @Test
  void net_I_15_anEndpointMasqueradesItsOwnTraffic() {
    assertThat(chain(save(RANDOM, TODO, TODO_SLICE), "KUBE-SEP-E2URIE5QK2XXCZHA"))
        .containsExactly(
            "-A KUBE-SEP-E2URIE5QK2XXCZHA -s 10.244.1.2/32 -m comment --comment "
                + "\"default/todobackend\" -j KUBE-MARK-MASQ",
            "-A KUBE-SEP-E2URIE5QK2XXCZHA -p tcp -m comment --comment "
                + "\"default/todobackend\" -m tcp -j DNAT --to-destination 10.244.1.2:8080");
  }

  @Test
  void net_I_16_affinityIsAskedBeforeTheBalancer() {
    KubeObject sticky = TODO.with("ClientIP", "spec", "sessionAffinity");
    List<String> rules = chain(save(RANDOM, sticky, TODO_SLICE), SVC);
    assertThat(rules).hasSize(5);
    assertThat(rules.get(1))
        .contains(
            "-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-E2URIE5QK2XXCZHA "
                + "--mask 255.255.255.255 --rsource -j KUBE-SEP-E2URIE5QK2XXCZHA");
    assertThat(rules.get(3)).contains("statistic");
  }

  @Test
  void net_I_06_marksFollowTheMasqueradeBit() {
    String input =
        IptablesProxier.restoreInput(state(RANDOM, TODO, TODO_SLICE), ProxyNode.of(NODE));
    assertThat(input)
        .contains(
            """
            -A KUBE-POSTROUTING -m mark ! --mark 0x00004000/0x00004000 -j RETURN
            -A KUBE-POSTROUTING -j MARK --xor-mark 0x00004000
            """)
        .contains("-A KUBE-MARK-MASQ -j MARK --or-mark 0x00004000\n");
    assertThat(save(RANDOM, TODO))
        .contains("-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0\n")
        .contains("-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n")
        .contains("requiring SNAT\" -j MASQUERADE --random-fully\n");
  }

  @Test
  void net_I_05_theRestoreInputDeclaresItsChainsInOrder() {
    String input =
        IptablesProxier.restoreInput(state(RANDOM, TODO, TODO_SLICE), ProxyNode.of(NODE));
    assertThat(input.lines().filter(line -> !line.startsWith("-A")))
        .containsExactly(
            "*filter",
            ":KUBE-SERVICES - [0:0]",
            ":KUBE-EXTERNAL-SERVICES - [0:0]",
            ":KUBE-FORWARD - [0:0]",
            ":KUBE-NODEPORTS - [0:0]",
            ":KUBE-PROXY-FIREWALL - [0:0]",
            ":KUBE-FIREWALL - [0:0]",
            "COMMIT",
            "*nat",
            ":KUBE-SERVICES - [0:0]",
            ":KUBE-NODEPORTS - [0:0]",
            ":KUBE-POSTROUTING - [0:0]",
            ":KUBE-MARK-MASQ - [0:0]",
            ":" + SVC + " - [0:0]",
            ":KUBE-SEP-E2URIE5QK2XXCZHA - [0:0]",
            ":KUBE-SEP-J2UCQ6GNGGYSFBCP - [0:0]",
            "COMMIT");
    assertThat(input)
        .contains("-m tcp -p tcp -d 10.96.10.20 --dport 80 ! -s 10.244.0.0/16 -j KUBE-MARK-MASQ")
        .contains("-m comment --comment default/todobackend -s 10.244.1.2 -j KUBE-MARK-MASQ")
        .contains("--mode random --probability 0.5000000000 -j KUBE-SEP-E2URIE5QK2XXCZHA");
  }

  @Test
  void net_I_03_jumpsStandInTheReverseOfTheOrderInWhichTheyWereMade() {
    String text = save(RANDOM, TODO);
    assertThat(chain(text, "INPUT"))
        .extracting(rule -> rule.substring(rule.lastIndexOf(' ') + 1))
        .containsExactly(
            "KUBE-FIREWALL", "KUBE-PROXY-FIREWALL", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES");
    assertThat(chain(text, "FORWARD"))
        .extracting(rule -> rule.substring(rule.lastIndexOf(' ') + 1))
        .containsExactly(
            "KUBE-PROXY-FIREWALL", "KUBE-FORWARD", "KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES");
  }

  @Test
  void net_I_20_aNodePortLeadsToTheExternalChain() {
    String text = save(RANDOM, nodePort("Cluster"), TODO_SLICE);
    assertThat(chain(text, "KUBE-NODEPORTS"))
        .last()
        .isEqualTo(
            "-A KUBE-NODEPORTS -p tcp -m comment --comment \"default/todobackend\" "
                + "-m tcp --dport 30001 -j "
                + EXT);
    assertThat(chain(text, EXT))
        .containsExactly(
            "-A "
                + EXT
                + " -m comment --comment \"masquerade traffic for default/todobackend external "
                + "destinations\" -j KUBE-MARK-MASQ",
            "-A " + EXT + " -j " + SVC);
  }

  @Test
  void net_I_21_localhostNodePortsAreCountedApart() {
    assertThat(chain(save(RANDOM, nodePort("Cluster"), TODO_SLICE), "KUBE-NODEPORTS"))
        .first()
        .isEqualTo(
            "-A KUBE-NODEPORTS -d 127.0.0.0/8 -p tcp -m comment --comment "
                + "\"default/todobackend\" -m tcp --dport 30001 -m nfacct --nfacct-name  "
                + "localhost_nps_accepted_pkts -j "
                + EXT);
  }

  @Test
  void net_I_24_underPolicyLocalOnlyTheNodesOwnTrafficReachesAllEndpoints() {
    List<String> rules = chain(save(RANDOM, nodePort("Local"), TODO_SLICE), EXT);
    assertThat(rules)
        .extracting(rule -> rule.substring(rule.lastIndexOf(' ') + 1))
        .containsExactly(SVC, "KUBE-MARK-MASQ", SVC, "KUBE-SVL-NDXUXOZJV25S5TU7");
    assertThat(rules.get(0)).contains("-s 10.244.0.0/16");
    assertThat(rules.get(1)).contains("--src-type LOCAL");
  }

  @Test
  void net_I_22_theNodePortRuleStandsLast() {
    assertThat(chain(save(RANDOM, TODO, TODO_SLICE), "KUBE-SERVICES"))
        .last()
        .asString()
        .endsWith("-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
  }

  @Test
  void net_I_28_aServiceWithoutEndpointsIsRejected() {
    String text = save(RANDOM, TODO);
    assertThat(text)
        .contains(
            "-A KUBE-SERVICES -d 10.96.10.20/32 -p tcp -m comment --comment "
                + "\"default/todobackend has no endpoints\" -m tcp --dport 80 "
                + "-j REJECT --reject-with icmp-port-unreachable\n")
        .doesNotContain(SVC);
  }

  @Test
  void net_I_29_policyLocalWithoutLocalEndpointsDrops() {
    KubeObject remote =
        Manifest.slice(
            "todobackend-1",
            "todobackend",
            KubeList.of(Manifest.endpoint("10.244.2.2", "node-2")),
            TODO_PORT);
    String text = save(RANDOM, nodePort("Local"), remote);
    assertThat(chain(text, "KUBE-EXTERNAL-SERVICES"))
        .containsExactly(
            "-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "
                + "\"default/todobackend has no local endpoints\" -m addrtype --dst-type LOCAL "
                + "-m tcp --dport 30001 -j DROP");
    KubeObject internal = TODO.with("Local", "spec", "internalTrafficPolicy");
    assertThat(save(RANDOM, internal, remote))
        .contains("has no local endpoints\" -m tcp --dport 80 -j DROP");
  }

  @Test
  void net_I_43_internalPolicyLocalUsesTheLocalChainAlone() {
    KubeObject internal = TODO.with("Local", "spec", "internalTrafficPolicy");
    String text = save(RANDOM, internal, TODO_SLICE);
    assertThat(chain(text, "KUBE-SERVICES"))
        .first()
        .asString()
        .endsWith("-j KUBE-SVL-NDXUXOZJV25S5TU7");
    assertThat(text).doesNotContain(SVC);
  }

  @Test
  void net_I_40_inALargeClusterEndpointRulesCarryNoComment() {
    List<KubeMap> many = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      many.add(Manifest.endpoint("10.244." + i / 250 + "." + (i % 250 + 1), "node-2"));
    }
    KubeObject slice =
        Manifest.slice("todobackend-1", "todobackend", KubeList.copyOf(many), TODO_PORT);
    String text = save(RANDOM, TODO, slice);
    assertThat(chain(text, SVC).subList(1, 1_002)).noneMatch(rule -> rule.contains("comment"));
    assertThat(text.lines().filter(line -> line.startsWith("-A KUBE-SEP-")))
        .noneMatch(rule -> rule.contains("comment"));
  }

  @Test
  void net_I_42_servicesStandSortedByName() {
    KubeObject first = Manifest.service("a", "10.96.10.21", Manifest.port("", "TCP", 80));
    KubeObject last = Manifest.service("z", "10.96.10.22", Manifest.port("", "TCP", 80));
    assertThat(save(RANDOM, last, TODO, first)).isEqualTo(save(RANDOM, first, TODO, last));
    assertThat(chain(save(RANDOM, last, TODO, first), "KUBE-SERVICES"))
        .extracting(rule -> rule.replaceAll(".*\"(default/\\w+) .*", "$1"))
        .startsWith("default/a", "default/todobackend", "default/z");
  }

  @Test
  void net_I_36_aPartialSyncWritesChangedServicesAndRemovesStaleChains() {
    KubeObject other = Manifest.service("other", "10.96.10.30", Manifest.port("", "TCP", 80));
    KubeObject otherSlice =
        Manifest.slice("other-1", "other", Manifest.endpoints("10.244.3.3"), TODO_PORT);
    KubeObject less =
        Manifest.slice("todobackend-1", "todobackend", Manifest.endpoints("10.244.1.2"), TODO_PORT);
    ProxyState before = state(RANDOM, TODO, TODO_SLICE, other, otherSlice);
    ProxyState after = state(RANDOM, TODO, less, other, otherSlice);
    ProxyNode node = ProxyNode.of(NODE);
    String input = IptablesProxier.restoreInput(before, after, node);
    String otherChain = ChainNames.clusterPolicy("default/other", TCP);
    assertThat(input)
        .contains(":" + SVC + " - [0:0]")
        .contains("-j " + otherChain + "\n")
        .doesNotContain(":" + otherChain)
        .contains(":KUBE-SEP-J2UCQ6GNGGYSFBCP - [0:0]\n")
        .contains("-X KUBE-SEP-J2UCQ6GNGGYSFBCP\n");
    assertThat(RulesetParser.restore(before.ruleset(node), input)).isEqualTo(after.ruleset(node));
  }

  private static final dev.wavetank.core.network.Protocol TCP =
      dev.wavetank.core.network.Protocol.TCP;

  @Test
  void nodesThatSeeTheSameShareOneRuleset() {
    ProxyState shared = state(RANDOM, TODO, TODO_SLICE);
    assertThat(shared.ruleset(ProxyNode.of(NODE)))
        .isSameAs(shared.ruleset(ProxyNode.of(Manifest.node(2, "zone-b"))));
    ProxyState local = state(RANDOM, nodePort("Local"), TODO_SLICE);
    ProxyNode three = ProxyNode.of(Manifest.node(3, "zone-a"));
    assertThat(local.ruleset(ProxyNode.of(NODE))).isNotSameAs(local.ruleset(three));
    assertThat(local.ruleset(ProxyNode.of(Manifest.node(4, "zone-a"))))
        .isSameAs(local.ruleset(three));
  }

  @Test
  void net_P_13_theHealthCheckPortCountsTheNodesOwnReadyEndpoints() {
    KubeObject service =
        nodePort("Local")
            .with("LoadBalancer", "spec", "type")
            .with(31_500L, "spec", "healthCheckNodePort");
    ProxyState state = state(RANDOM, service, TODO_SLICE);
    ServiceHealth here = ServiceHealth.at(31_500, state, ProxyNode.of(NODE));
    assertThat(here.code()).isEqualTo(200);
    assertThat(here.headers()).containsEntry("X-Load-Balancing-Endpoint-Weight", "1");
    assertThat(here.body()).contains("\"localEndpoints\": 1,");
    ServiceHealth elsewhere =
        ServiceHealth.at(31_500, state, ProxyNode.of(Manifest.node(3, "zone-a")));
    assertThat(elsewhere.code()).isEqualTo(503);
    assertThat(ServiceHealth.at(31_501, state, ProxyNode.of(NODE))).isNull();
    assertThat(save(RANDOM, service, TODO_SLICE))
        .contains(
            "-A KUBE-NODEPORTS -p tcp -m comment --comment "
                + "\"default/todobackend health check node port\" -m tcp --dport 31500 -j ACCEPT");
  }
}
