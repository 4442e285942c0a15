package dev.wavetank.proxy;

import static dev.wavetank.proxy.TodoBackend.NODE;
import static dev.wavetank.proxy.TodoBackend.RANDOM;
import static dev.wavetank.proxy.TodoBackend.REMOTE;
import static dev.wavetank.proxy.TodoBackend.STICKY;
import static dev.wavetank.proxy.TodoBackend.TODO;
import static dev.wavetank.proxy.TodoBackend.TODO_PORT;
import static dev.wavetank.proxy.TodoBackend.TODO_SLICE;
import static dev.wavetank.proxy.TodoBackend.chain;
import static dev.wavetank.proxy.TodoBackend.loadBalancer;
import static dev.wavetank.proxy.TodoBackend.nodePort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.proxy.iptables.RulesetParser;
import dev.wavetank.proxy.ipvs.Scheduler;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.PacketWalk;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import dev.wavetank.proxy.netfilter.WalkResult.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What kube-proxy writes in IPVS mode, and what packets meet there. */
class IpvsProxierTest {

  private static final KubeProxyConfiguration SETTINGS = RANDOM.withMode(ProxyMode.IPVS);
  private static final ProxyNode SELF = ProxyNode.of(NODE);

  private static ProxyState state(KubeObject... objects) {
    return TodoBackend.state(SETTINGS, objects);
  }

  private static IpvsRules rules(KubeObject... objects) {
    return state(objects).ipvs(SELF);
  }

  private static List<String> entries(IpvsRules rules, String set) {
    var found = rules.sets().get(set);
    return found == null
        ? List.of("no set")
        : found.entries().stream().map(Object::toString).toList();
  }

  /** A node in IPVS mode, and packets sent through it. */
  private static final class Node {
    private final Conntrack conntrack = new Conntrack();
    private final NodeKernel.Ipvs kernel;
    private final PacketWalk walk;
    private final List<RuleHit> hits = new ArrayList<>();
    private ProxyState state;
    private int port = 40_000;
    private long nowNanos;

    Node(ProxyState state) {
      this.state = state;
      NodeKernel made =
          NodeKernel.of(
              ProxyMode.IPVS,
              new NodeRouting(SELF),
              conntrack,
              Choices.seeded(1).stream("statistic"));
      kernel = (NodeKernel.Ipvs) made;
      walk = new PacketWalk(kernel.routing(), conntrack);
    }

    Node(KubeObject... objects) {
      this(IpvsProxierTest.state(objects));
    }

    WalkResult send(String from, String to, int toPort, String came) {
      Packet packet =
          new Packet(Protocol.TCP, IpAddress.parse(from), port++, IpAddress.parse(to), toPort);
      PacketBuffer buffer = new PacketBuffer(packet);
      hits.clear();
      return walk.walk(
          kernel.rules(state, SELF), came.isEmpty() ? buffer : buffer.from(came), nowNanos, hits);
    }

    WalkResult fromPod(String from, String to, int toPort) {
      return send(from, to, toPort, NodeRouting.POD_INTERFACE);
    }

    WalkResult fromOutside(String from, String to, int toPort) {
      return send(from, to, toPort, NodeRouting.WIRE_INTERFACE);
    }

    String list() {
      kernel.rules(state, SELF);
      return kernel.servers(IpFamily.IPV4).list(kernel.connections());
    }
  }

  @Test
  void net_V_01_roundRobinIsTheDefaultScheduler() {
    assertThat(rules(TODO, TODO_SLICE).servers().save())
        .isEqualTo(
            """
            -A -t 10.96.10.20:80 -s rr
            -a -t 10.96.10.20:80 -r 10.244.1.2:8080 -m -w 1
            -a -t 10.96.10.20:80 -r 10.244.2.2:8080 -m -w 1
            """);
    Node node = new Node(TODO, TODO_SLICE);
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      reached.add(node.fromPod("10.244.1.9", "10.96.10.20", 80).destination().toString());
    }
    assertThat(reached).containsExactly("10.244.1.2", "10.244.2.2", "10.244.1.2", "10.244.2.2");
  }

  @Test
  void net_V_02_addressesAreBoundAndPortsAreInSets() {
    IpvsRules rules = rules(loadBalancer("Cluster", "192.0.2.0/24"), TODO_SLICE);
    assertThat(rules.bound())
        .extracting(Object::toString)
        .containsExactly("10.96.10.20", "203.0.113.1");
    assertThat(rules.sets().keySet())
        .containsExactly(
            "KUBE-LOOP-BACK",
            "KUBE-CLUSTER-IP",
            "KUBE-EXTERNAL-IP",
            "KUBE-EXTERNAL-IP-LOCAL",
            "KUBE-LOAD-BALANCER",
            "KUBE-LOAD-BALANCER-FW",
            "KUBE-LOAD-BALANCER-LOCAL",
            "KUBE-LOAD-BALANCER-SOURCE-IP",
            "KUBE-LOAD-BALANCER-SOURCE-CIDR",
            "KUBE-NODE-PORT-TCP",
            "KUBE-NODE-PORT-LOCAL-TCP",
            "KUBE-NODE-PORT-UDP",
            "KUBE-NODE-PORT-LOCAL-UDP",
            "KUBE-NODE-PORT-SCTP-HASH",
            "KUBE-NODE-PORT-LOCAL-SCTP-HASH",
            "KUBE-HEALTH-CHECK-NODE-PORT",
            "KUBE-IPVS-IPS");
    assertThat(entries(rules, "KUBE-CLUSTER-IP")).containsExactly("10.96.10.20,tcp:80");
    assertThat(entries(rules, "KUBE-LOOP-BACK")).containsExactly("10.244.1.2,tcp:8080,10.244.1.2");
    assertThat(entries(rules, "KUBE-LOAD-BALANCER-SOURCE-CIDR"))
        .containsExactly("203.0.113.1,tcp:80,192.0.2.0/24");
    assertThat(entries(rules, "KUBE-NODE-PORT-TCP")).containsExactly("30001");
    assertThat(entries(rules, "KUBE-IPVS-IPS")).containsExactly("10.96.10.20", "203.0.113.1");
    assertThat(
            ServiceChangeTracker.state(SETTINGS, IpFamily.IPV6, List.of(), List.of())
                .ipvs(SELF)
                .sets())
        .containsKeys("KUBE-6-CLUSTER-IP", "KUBE-6-LOAD-BALANCER-SOURCE-CID");
  }

  @Test
  void net_V_02_ipsetsArePrinted() {
    IpvsRules rules = rules(TODO, TODO_SLICE);
    assertThat(rules.sets().get("KUBE-CLUSTER-IP"))
        .hasToString(
            """
            create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536
            add KUBE-CLUSTER-IP 10.96.10.20,tcp:80
            """);
  }

  @Test
  void net_V_03_affinityIsPersistence() {
    assertThat(rules(STICKY, TODO_SLICE).servers().save())
        .startsWith("-A -t 10.96.10.20:80 -s rr -p 10800\n");
    Node node = new Node(STICKY, TODO_SLICE);
    TreeSet<String> reached = new TreeSet<>();
    for (int i = 0; i < 6; i++) {
      node.nowNanos += 10_799_000_000_000L;
      reached.add(node.fromPod("10.244.1.9", "10.96.10.20", 80).destination().toString());
    }
    assertThat(reached).hasSize(1);
    node.nowNanos += 10_801_000_000_000L;
    reached.add(node.fromPod("10.244.1.9", "10.96.10.20", 80).destination().toString());
    assertThat(reached).hasSize(2);
  }

  @Test
  void net_V_04_aRemovedTcpBackendStaysWithoutWeightUntilItsConnectionsEnd() {
    Node node = new Node(TODO, TODO_SLICE);
    WalkResult first = node.fromPod("10.244.1.9", "10.96.10.20", 80);
    assertThat(first.destination()).hasToString("10.244.1.2");
    node.state = state(TODO, REMOTE);
    assertThat(node.list())
        .isEqualTo(
            """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
            TCP  10.96.10.20:80 rr
              -> 10.244.2.2:8080              Masq    1      0          0        \s
              -> 10.244.1.2:8080              Masq    0      1          0        \s
            """);
    Conntrack.Entry entry = first.connection();
    if (entry != null) {
      node.conntrack.delete(entry);
    }
    assertThat(node.list()).doesNotContain("10.244.1.2");
  }

  @Test
  void theRulesOfIptablesNameTheSets() {
    String text = rules(loadBalancer("Local", "192.0.2.0/24"), TODO_SLICE).ruleset().save();
    assertThat(chain(text, "KUBE-SERVICES"))
        .containsExactly(
            "-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN",
            "-A KUBE-SERVICES -m comment --comment \"Kubernetes service lb portal\" -m set"
                + " --match-set KUBE-LOAD-BALANCER dst,dst -j KUBE-LOAD-BALANCER",
            "-A KUBE-SERVICES ! -s 10.244.0.0/16 -m comment --comment \"Kubernetes service cluster"
                + " ip + port for masquerade purpose\" -m set --match-set KUBE-CLUSTER-IP dst,dst"
                + " -j KUBE-MARK-MASQ",
            "-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT",
            "-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT",
            "-A KUBE-SERVICES -m set --match-set KUBE-LOAD-BALANCER dst,dst -j ACCEPT");
    assertThat(chain(text, "KUBE-NODE-PORT"))
        .contains(
            "-A KUBE-NODE-PORT -p tcp -m comment --comment \"Kubernetes nodeport TCP port with"
                + " externalTrafficPolicy=local\" -m set --match-set KUBE-NODE-PORT-LOCAL-TCP dst"
                + " -j RETURN");
    assertThat(chain(text, "KUBE-IPVS-OUT-FILTER"))
        .containsExactly(
            "-A KUBE-IPVS-OUT-FILTER -s 203.0.113.1/32 -m ipvs --vaddr 203.0.113.1 --vproto tcp"
                + " --vport 80 -j DROP");
    assertThat(RulesetParser.parse(IpFamily.IPV4, text))
        .isEqualTo(rules(loadBalancer("Local", "192.0.2.0/24"), TODO_SLICE).ruleset());
  }

  @Test
  void aPacketsWayIsToldInWordsAndRules() {
    Node node = new Node(TODO, REMOTE);
    WalkResult result = node.fromOutside("192.0.2.1", "10.96.10.20", 80);
    assertThat(result.destination()).hasToString("10.244.2.2");
    assertThat(result.masqueraded()).isTrue();
    assertThat(node.hits)
        .filteredOn(hit -> hit.table().equals("ipvs"))
        .singleElement()
        .satisfies(
            hit -> {
              assertThat(hit.text()).isEqualTo("-a -t 10.96.10.20:80 -r 10.244.2.2:8080");
              assertThat(hit.words()).isEqualTo("rr chooses: destination becomes 10.244.2.2:8080");
            });
  }

  @Test
  void withoutEndpointsAndOnOtherPortsConnectionsAreRefused() {
    Node none = new Node(TODO);
    assertThat(none.fromPod("10.244.1.9", "10.96.10.20", 80).verdict()).isEqualTo(Verdict.REJECTED);
    Node node = new Node(TODO, TODO_SLICE);
    assertThat(node.fromPod("10.244.1.9", "10.96.10.20", 81).verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(node.hits.get(node.hits.size() - 1).text())
        .startsWith("-A KUBE-IPVS-FILTER")
        .contains("KUBE-IPVS-IPS");
  }

  @Test
  void aHairpinConnectionIsMasqueradedAndALocalOneIsNot() {
    KubeObject own =
        Manifest.slice(
            "todobackend-1",
            "todobackend",
            KubeList.of(Manifest.endpoint("10.244.1.2", "node-1")),
            TODO_PORT);
    Node node = new Node(TODO, own);
    assertThat(node.fromPod("10.244.1.2", "10.96.10.20", 80).masqueraded()).isTrue();
    assertThat(node.fromPod("10.244.1.9", "10.96.10.20", 80).masqueraded()).isFalse();
  }

  @Test
  void policyLocalKeepsTheClientsAddressAndFallsBackToAllEndpoints() {
    WalkResult local =
        new Node(nodePort("Local"), TODO_SLICE).fromOutside("192.0.2.1", "172.18.0.2", 30_001);
    assertThat(local.destination()).hasToString("10.244.1.2");
    assertThat(local.masqueraded()).isFalse();
    WalkResult cluster =
        new Node(nodePort("Cluster"), REMOTE).fromOutside("192.0.2.1", "172.18.0.2", 30_001);
    assertThat(cluster.masqueraded()).isTrue();
    assertThat(
            new Node(nodePort("Local"), REMOTE)
                .fromOutside("192.0.2.1", "172.18.0.2", 30_001)
                .destination())
        .hasToString("10.244.2.2");
  }

  @Test
  void sourceRangesGuardALoadBalancersAddress() {
    Node node = new Node(loadBalancer("Cluster", "192.0.2.0/24"), TODO_SLICE);
    assertThat(node.fromOutside("192.0.2.1", "203.0.113.1", 80).verdict())
        .isEqualTo(Verdict.ACCEPTED);
    assertThat(node.fromOutside("198.51.100.1", "203.0.113.1", 80).verdict())
        .isEqualTo(Verdict.DROPPED);
    assertThat(node.send("203.0.113.1", "203.0.113.1", 80, "").verdict())
        .as("the node itself, which takes the address as its source")
        .isEqualTo(Verdict.DROPPED);
  }

  @Test
  void anEstablishedConnectionStaysWithItsRealServer() {
    Node node = new Node(TODO, TODO_SLICE);
    WalkResult first = node.fromPod("10.244.1.9", "10.96.10.20", 80);
    node.port--;
    WalkResult again = node.fromPod("10.244.1.9", "10.96.10.20", 80);
    assertThat(again.destination()).isEqualTo(first.destination());
    assertThat(again.translated()).isTrue();
  }

  @Provide
  Arbitrary<RandomServices> services() {
    return RandomServices.arbitrary();
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void everySchedulerReachesAnEndpointThatRoundRobinReaches(
      @ForAll("services") RandomServices services, @ForAll Scheduler scheduler) {
    Node one = new Node(services.state(SETTINGS.withIpvsScheduler(scheduler)));
    Node even = new Node(services.state(SETTINGS));
    for (int number = 0; number < services.services().size(); number++) {
      if (services.services().get(number).udp()) {
        continue;
      }
      TreeSet<String> all = new TreeSet<>();
      for (int i = 0; i < 6; i++) {
        WalkResult result =
            even.fromPod("10.244.1." + (240 + i), RandomServices.clusterIp(number), 80);
        all.add(result.verdict() + " " + result.destination());
      }
      WalkResult result = one.fromPod("10.244.1.250", RandomServices.clusterIp(number), 80);
      assertThat(all).contains(result.verdict() + " " + result.destination());
    }
  }
}
