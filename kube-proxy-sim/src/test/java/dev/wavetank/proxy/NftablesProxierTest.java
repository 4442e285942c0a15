package dev.wavetank.proxy;

import static dev.wavetank.proxy.TodoBackend.NODE;
import static dev.wavetank.proxy.TodoBackend.RANDOM;
import static dev.wavetank.proxy.TodoBackend.REMOTE;
import static dev.wavetank.proxy.TodoBackend.STICKY;
import static dev.wavetank.proxy.TodoBackend.TODO;
import static dev.wavetank.proxy.TodoBackend.TODO_PORT;
import static dev.wavetank.proxy.TodoBackend.TODO_SLICE;
import static dev.wavetank.proxy.TodoBackend.loadBalancer;
import static dev.wavetank.proxy.TodoBackend.nodePort;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.PacketWalk;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import dev.wavetank.proxy.netfilter.WalkResult.Verdict;
import dev.wavetank.proxy.nftables.NamedSet;
import dev.wavetank.proxy.nftables.Rule;
import dev.wavetank.proxy.nftables.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The nftables table that kube-proxy writes, and what packets meet there. */
class NftablesProxierTest {

  private static final KubeProxyConfiguration SETTINGS =
      RANDOM
          .withMode(ProxyMode.NFTABLES)
          .withServiceCidrs(ImmutableList.of(AddressBlock.parse("10.96.0.0/12")));

  private static final ProxyNode SELF = ProxyNode.of(NODE);
  private static final String BASE = "5OGB7TY5-default/todobackend/tcp/";
  private static final String SERVICE = "service-" + BASE;
  private static final String EXTERNAL = "external-" + BASE;

  private static ProxyState state(KubeObject... objects) {
    return TodoBackend.state(SETTINGS, objects);
  }

  private static Table table(KubeObject... objects) {
    return state(objects).table(SELF);
  }

  private static List<String> rules(Table table, String chain) {
    var found = table.chains().get(chain);
    return found == null ? List.of() : found.rules().stream().map(Rule::toString).toList();
  }

  private static List<String> elements(Table table, String set) {
    NamedSet found = table.sets().get(set);
    List<String> texts = new ArrayList<>();
    if (found != null) {
      found
          .elements()
          .forEach(
              (key, element) -> {
                StringBuilder text = new StringBuilder();
                element.append(text, key);
                texts.add(text.toString());
              });
    }
    return texts;
  }

  /** A node with a table, and packets sent through it. */
  private static final class Node {
    private final NodeRouting routing = new NodeRouting(SELF);
    private final Conntrack conntrack = new Conntrack();
    private final PacketWalk walk = new PacketWalk(routing, conntrack);
    private final NodeKernel kernel =
        NodeKernel.of(ProxyMode.NFTABLES, routing, conntrack, Choices.seeded(1).stream("numgen"));
    private final ProxyState state;
    private final List<RuleHit> hits = new ArrayList<>();
    private int port = 40_000;
    private long nowNanos;

    Node(KubeObject... objects) {
      state = state(objects);
    }

    WalkResult send(String from, String to, int toPort, String came) {
      IpAddress source = IpAddress.parse(from);
      Packet packet = new Packet(Protocol.TCP, source, port++, IpAddress.parse(to), toPort);
      hits.clear();
      PacketBuffer buffer = new PacketBuffer(packet);
      return walk.walk(
          kernel.rules(state, SELF), came.isEmpty() ? buffer : buffer.from(came), nowNanos, hits);
    }

    WalkResult fromPod(String from, String to, int toPort) {
      return send(from, to, toPort, NodeRouting.POD_INTERFACE);
    }

    WalkResult fromOutside(String from, String to, int toPort) {
      return send(from, to, toPort, NodeRouting.WIRE_INTERFACE);
    }
  }

  @Test
  void net_N_01_oneTableHasBaseChainsWithPriorities() {
    String listing = table(TODO, TODO_SLICE).list();
    assertThat(listing).startsWith("table ip kube-proxy {\n\tcomment \"rules for kube-proxy\"\n");
    assertThat(
            listing
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("type ") && line.contains(" hook ")))
        .containsExactly(
            "type filter hook prerouting priority dstnat - 10; policy accept;",
            "type filter hook output priority -110; policy accept;",
            "type filter hook input priority filter; policy accept;",
            "type filter hook forward priority filter; policy accept;",
            "type filter hook output priority filter; policy accept;",
            "type nat hook prerouting priority dstnat; policy accept;",
            "type nat hook output priority -100; policy accept;",
            "type nat hook postrouting priority srcnat; policy accept;");
    ProxyState ipv6 =
        ServiceChangeTracker.state(SETTINGS, IpFamily.IPV6, List.of(TODO), List.of(TODO_SLICE));
    assertThat(ipv6.table(SELF).list()).startsWith("table ip6 kube-proxy {\n");
  }

  @Test
  void net_N_02_servicesAreDispatchedByMaps() {
    Table table = table(loadBalancer("Cluster", "192.0.2.0/24"), TODO_SLICE);
    assertThat(elements(table, "cluster-ips")).containsExactly("10.96.10.20");
    assertThat(elements(table, "service-ips"))
        .containsExactly(
            "10.96.10.20 . tcp . 80 : goto " + SERVICE,
            "203.0.113.1 . tcp . 80 : goto " + EXTERNAL);
    assertThat(elements(table, "service-nodeports"))
        .containsExactly("tcp . 30001 : goto " + EXTERNAL);
    assertThat(elements(table, "firewall-ips"))
        .containsExactly("203.0.113.1 . tcp . 80 : goto firewall-" + BASE);
    assertThat(rules(table, "firewall-" + BASE)).containsExactly("ip saddr != 192.0.2.0/24 drop");
    assertThat(elements(table, "hairpin-connections"))
        .as("endpoints of this node only")
        .containsExactly("10.244.1.2 . 10.244.1.2 . tcp . 8080");
    assertThat(table.sets().get("hairpin-connections").type()).hasSize(4);
  }

  @Test
  void net_N_03_chainsBearTheNameOfTheirService() {
    assertThat(table(nodePort("Local"), TODO_SLICE).chains())
        .containsKeys(SERVICE, EXTERNAL, "local-" + BASE);
    ServicePortName named = new ServicePortName("ns1", "svc1", "p80", Protocol.TCP);
    assertThat(NftablesNames.base(named)).isEqualTo("ULMVA6XW-ns1/svc1/tcp/p80");
    ServicePortName fifth = new ServicePortName("ns5", "svc5", "p80", Protocol.TCP);
    assertThat(NftablesNames.base(fifth, "10.180.0.3:80"))
        .isEqualTo("GTK6MW7G-ns5/svc5/tcp/p80__10.180.0.3/80");
    ServicePortName longest =
        new ServicePortName("n".repeat(63), "s".repeat(63), "p".repeat(63), Protocol.SCTP);
    assertThat(NftablesNames.base(longest, "[fd00:1111:2222:3333:4444:5555:6666:7777]:12345"))
        .hasSize(240)
        .endsWith("...");
  }

  @Test
  void net_N_03_endpointsHaveChainsWithSessionAffinityOnly() {
    assertThat(table(TODO, TODO_SLICE).chains().keySet())
        .noneMatch(chain -> chain.startsWith("endpoint-"));
    assertThat(table(STICKY, TODO_SLICE).chains().keySet())
        .filteredOn(chain -> chain.startsWith("endpoint-"))
        .hasSize(2);
  }

  @Test
  void net_N_04_oneRuleChoosesAmongTheEndpoints() {
    assertThat(rules(table(TODO, TODO_SLICE), SERVICE))
        .containsExactly(
            "meta l4proto tcp dnat ip to numgen random mod 2 map"
                + " { 0 : 10.244.1.2 . 8080, 1 : 10.244.2.2 . 8080 }");
    assertThat(NftablesTransaction.first(state(TODO, TODO_SLICE), SELF))
        .contains(
            "add rule ip kube-proxy "
                + SERVICE
                + " meta l4proto tcp dnat ip addr . port to numgen random mod 2 map"
                + " { 0 : 10.244.1.2 . 8080 , 1 : 10.244.2.2 . 8080 }\n");
  }

  @Test
  void net_N_04_roundRobinSwapsTheNumberGeneratorAndNothingElse() {
    ProxyState even =
        TodoBackend.state(SETTINGS.withBalancer(Balancer.ROUND_ROBIN), TODO, TODO_SLICE);
    assertThat(even.table(SELF).list())
        .isEqualTo(table(TODO, TODO_SLICE).list().replace("numgen random", "numgen inc"));
  }

  @Test
  void net_N_05_affinityIsASetOfClientsForEachEndpoint() {
    Table table = table(STICKY, TODO_SLICE);
    String name =
        NftablesNames.affinity(
            new ServicePortName("default", "todobackend", "", Protocol.TCP),
            Endpoint.of(List.of(TODO_SLICE), IpFamily.IPV4).values().iterator().next().get(0));
    assertThat(table.list())
        .contains(
            "\tset "
                + name
                + " {\n\t\ttype ipv4_addr\n\t\tsize 65535\n\t\tflags dynamic,timeout\n"
                + "\t\ttimeout 3h\n\t}\n");
    String endpoint = name.replace("affinity-", "endpoint-");
    assertThat(rules(table, SERVICE))
        .hasSize(3)
        .startsWith("ip saddr @" + name + " goto " + endpoint)
        .last()
        .asString()
        .startsWith("numgen random mod 2 vmap { 0 : goto " + endpoint + ", 1 : goto endpoint-");
    assertThat(rules(table, endpoint))
        .containsExactly(
            "update @" + name + " { ip saddr }", "meta l4proto tcp dnat to 10.244.1.2:8080");
  }

  @Test
  void net_N_05_aClientStaysUntilItsTimeout() {
    Node node = new Node(STICKY, TODO_SLICE);
    String first = node.fromPod("10.244.1.9", "10.96.10.20", 80).destination().toString();
    for (int i = 0; i < 20; i++) {
      node.nowNanos += 10_799_000_000_000L;
      assertThat(node.fromPod("10.244.1.9", "10.96.10.20", 80).destination()).hasToString(first);
    }
    boolean changed = false;
    for (int i = 0; i < 20; i++) {
      node.nowNanos += 10_801_000_000_000L;
      changed |=
          !node.fromPod("10.244.1.9", "10.96.10.20", 80).destination().toString().equals(first);
    }
    assertThat(changed).isTrue();
  }

  @Test
  void net_N_06_withoutEndpointsTrafficIsRejectedAndWithoutLocalOnesDropped() {
    Table none = table(nodePort("Cluster"));
    assertThat(elements(none, "no-endpoint-services"))
        .containsExactly(
            "10.96.10.20 . tcp . 80 comment \"default/todobackend\" : goto reject-chain");
    assertThat(elements(none, "no-endpoint-nodeports"))
        .containsExactly("tcp . 30001 comment \"default/todobackend\" : goto reject-chain");
    assertThat(elements(table(nodePort("Local"), REMOTE), "no-endpoint-nodeports"))
        .containsExactly("tcp . 30001 comment \"default/todobackend\" : drop");
    assertThat(new Node(nodePort("Cluster")).fromPod("10.244.1.9", "10.96.10.20", 80).verdict())
        .isEqualTo(Verdict.REJECTED);
    assertThat(
            new Node(nodePort("Local"), REMOTE)
                .fromOutside("192.0.2.1", "172.18.0.2", 30_001)
                .verdict())
        .isEqualTo(Verdict.DROPPED);
  }

  @Test
  void net_N_07_portsAndAddressesThatNoServiceHasAreRefused() {
    Node node = new Node(TODO, TODO_SLICE);
    assertThat(node.fromPod("10.244.1.9", "10.96.10.20", 81).verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(node.hits.get(node.hits.size() - 1))
        .hasToString(
            "kube-proxy ip daddr @cluster-ips reject comment"
                + " \"Reject traffic to invalid ports of ClusterIPs\"");
    assertThat(node.fromPod("10.244.1.9", "10.96.10.21", 80).verdict()).isEqualTo(Verdict.DROPPED);
    assertThat(node.send("172.18.0.2", "10.96.10.21", 80, "").verdict()).isEqualTo(Verdict.DROPPED);
  }

  @Test
  void net_N_08_markedAndHairpinConnectionsAreMasqueraded() {
    assertThat(rules(table(TODO, TODO_SLICE), "masquerading"))
        .containsExactly(
            "meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000"
                + " masquerade fully-random",
            "ct status dnat ip saddr . ip daddr . meta l4proto . th dport @hairpin-connections"
                + " masquerade fully-random");
    KubeObject own =
        Manifest.slice(
            "todobackend-1",
            "todobackend",
            KubeList.of(Manifest.endpoint("10.244.1.2", "node-1")),
            TODO_PORT);
    Node node = new Node(TODO, own);
    WalkResult hairpin = node.fromPod("10.244.1.2", "10.96.10.20", 80);
    assertThat(hairpin.masqueraded()).isTrue();
    assertThat(hairpin.source()).hasToString("10.244.1.1");
    assertThat(node.fromPod("10.244.1.9", "10.96.10.20", 80).masqueraded()).isFalse();
    assertThat(node.fromOutside("192.0.2.1", "10.96.10.20", 80).masqueraded()).isTrue();
  }

  @Test
  void net_N_09_nodePortsAnswerAtTheNodesOwnAddressOnly() {
    Table table = table(nodePort("Cluster"), TODO_SLICE);
    assertThat(elements(table, "nodeport-ips")).containsExactly("172.18.0.2");
    assertThat(rules(table, "services").get(2))
        .isEqualTo("ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports");
    Node node = new Node(nodePort("Cluster"), TODO_SLICE);
    assertThat(node.fromOutside("192.0.2.1", "172.18.0.2", 30_001).translated()).isTrue();
    assertThat(node.fromPod("10.244.1.9", "10.244.1.1", 30_001).translated()).isFalse();
    assertThat(node.send("127.0.0.1", "127.0.0.1", 30_001, "").translated()).isFalse();
  }

  @Test
  void aPacketsWayIsToldInWordsAndRules() {
    Node node = new Node(TODO, REMOTE);
    node.fromOutside("192.0.2.1", "10.96.10.20", 80);
    assertThat(node.hits)
        .extracting(hit -> hit.chain() + ": " + hit.words())
        .containsExactly(
            "filter-prerouting-pre-dnat: goes on in firewall-check",
            "nat-prerouting: goes on in services",
            "services: mark 0x4000 set",
            "services: finds 10.96.10.20 . tcp . 80 in @service-ips: goes on in " + SERVICE,
            SERVICE + ": numgen random mod 1 gives 0, destination becomes 10.244.2.2:8080",
            "filter-forward: goes on in service-endpoints-check",
            "filter-forward: goes on in cluster-ips-check",
            "nat-postrouting: goes on in masquerading",
            "masquerading: mark 0x4000 cleared, source becomes an address of the node");
  }

  @Test
  void aPartialSyncWritesChangedServicesAndElements() {
    KubeObject other = Manifest.service("other", "10.96.10.30", Manifest.port("", "TCP", 80));
    ProxyState before = state(TODO, TODO_SLICE, other);
    ProxyState after = state(TODO, REMOTE, other);
    assertThat(NftablesTransaction.partial(before, after, SELF))
        .isEqualTo(
            """
            add chain ip kube-proxy %1$s
            flush chain ip kube-proxy %1$s
            add rule ip kube-proxy %1$s meta l4proto tcp dnat ip addr . port to numgen random mod 1 map { 0 : 10.244.2.2 . 8080 }
            delete element ip kube-proxy hairpin-connections { 10.244.1.2 . 10.244.1.2 . tcp . 8080 }
            """
                .formatted(SERVICE));
    assertThat(NftablesTransaction.partial(after, after, SELF)).isEmpty();
  }

  @Test
  void staleChainsAreFlushedFirstAndDeletedByALaterTransaction() {
    ProxyState before = state(TODO, REMOTE);
    ProxyState after = state(TODO);
    assertThat(NftablesTransaction.partial(before, after, SELF))
        .isEqualTo(
            """
            add element ip kube-proxy no-endpoint-services { 10.96.10.20 . tcp . 80 comment "default/todobackend" : goto reject-chain }
            flush chain ip kube-proxy %s
            delete element ip kube-proxy service-ips { 10.96.10.20 . tcp . 80 }
            """
                .formatted(SERVICE));
    assertThat(NftablesTransaction.deleteStaleChains(before, after, SELF))
        .isEqualTo("delete chain ip kube-proxy " + SERVICE + "\n");
  }

  @Test
  void aFullResyncWritesEveryChainButOnlyChangedElements() {
    ProxyState state = state(TODO, TODO_SLICE);
    String full = NftablesTransaction.full(state, state, SELF);
    assertThat(full)
        .contains("add chain ip kube-proxy filter-input { type filter hook input priority 0 ; }\n")
        .contains("flush chain ip kube-proxy " + SERVICE + "\n")
        .doesNotContain("delete chain")
        .doesNotContain("add element ip kube-proxy service-ips");
    assertThat(NftablesTransaction.first(state, SELF))
        .contains("delete chain ip kube-proxy filter-input\n")
        .contains("add element ip kube-proxy service-ips { 10.96.10.20 . tcp . 80 : goto");
  }
}
