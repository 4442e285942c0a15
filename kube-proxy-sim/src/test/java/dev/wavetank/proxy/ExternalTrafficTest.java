package dev.wavetank.proxy;

import static dev.wavetank.proxy.TodoBackend.NODE;
import static dev.wavetank.proxy.TodoBackend.RANDOM;
import static dev.wavetank.proxy.TodoBackend.REMOTE;
import static dev.wavetank.proxy.TodoBackend.TODO;
import static dev.wavetank.proxy.TodoBackend.TODO_SLICE;
import static dev.wavetank.proxy.TodoBackend.loadBalancer;
import static dev.wavetank.proxy.TodoBackend.nodePort;
import static dev.wavetank.proxy.TodoBackend.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.proxy.iptables.LoadedRuleset;
import dev.wavetank.proxy.iptables.RuleState;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.PacketWalk;
import dev.wavetank.proxy.netfilter.WalkResult;
import dev.wavetank.proxy.netfilter.WalkResult.Verdict;
import org.junit.jupiter.api.Test;

/** What node-1 does with packets from outside and from pods to addresses of a Service. */
class ExternalTrafficTest {

  private static final String CLIENT = "192.0.2.10";
  private static final String SELF = "172.18.0.2";

  private static final class Node {
    private final NodeRouting routing = new NodeRouting(ProxyNode.of(NODE));
    private final LoadedRuleset rules;
    private final PacketWalk walk = new PacketWalk(routing, new Conntrack());
    private int port = 40_000;

    Node(KubeObject... objects) {
      this.rules =
          new LoadedRuleset(
              state(RANDOM, objects).ruleset(ProxyNode.of(NODE)),
              new RuleState(routing, Choices.seeded(1).stream("statistic")));
    }

    private static Packet packet(String from, int port, String to, int toPort) {
      return new Packet(Protocol.TCP, IpAddress.parse(from), port, IpAddress.parse(to), toPort);
    }

    WalkResult fromOutside(String from, String to, int toPort) {
      PacketBuffer packet = new PacketBuffer(packet(from, port++, to, toPort));
      return walk.walk(rules, packet.from(NodeRouting.WIRE_INTERFACE), 0, null);
    }

    WalkResult fromPod(String from, String to, int toPort) {
      PacketBuffer packet = new PacketBuffer(packet(from, port++, to, toPort));
      return walk.walk(rules, packet.from(NodeRouting.POD_INTERFACE), 0, null);
    }
  }

  @Test
  void net_P_12_withoutAnyEndpointEveryAddressRejects() {
    Node node = new Node(loadBalancer("Cluster"));
    assertThat(node.fromPod("10.244.1.9", "10.96.10.20", 80).verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(node.fromOutside(CLIENT, SELF, 30_001).verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(node.fromOutside(CLIENT, "203.0.113.1", 80).verdict()).isEqualTo(Verdict.REJECTED);
  }

  @Test
  void net_P_12_underPolicyLocalANodeWithoutEndpointsDrops() {
    Node node = new Node(loadBalancer("Local"), REMOTE);
    assertThat(node.fromOutside(CLIENT, SELF, 30_001).verdict()).isEqualTo(Verdict.DROPPED);
    assertThat(node.fromOutside(CLIENT, "203.0.113.1", 80).verdict()).isEqualTo(Verdict.DROPPED);
    assertThat(node.fromPod("10.244.1.9", "10.96.10.20", 80).destination())
        .hasToString("10.244.2.2");
    KubeObject internal = TODO.with("Local", "spec", "internalTrafficPolicy");
    assertThat(new Node(internal, REMOTE).fromPod("10.244.1.9", "10.96.10.20", 80).verdict())
        .isEqualTo(Verdict.DROPPED);
  }

  @Test
  void net_I_25_policyLocalKeepsTheClientsAddress() {
    WalkResult result = new Node(nodePort("Local"), TODO_SLICE).fromOutside(CLIENT, SELF, 30_001);
    assertThat(result.destination()).hasToString("10.244.1.2");
    assertThat(result.masqueraded()).isFalse();
    assertThat(result.source()).hasToString(CLIENT);
  }

  @Test
  void net_I_25_policyClusterReplacesItByTheNodes() {
    Node node = new Node(nodePort("Cluster"), REMOTE);
    WalkResult result = node.fromOutside(CLIENT, SELF, 30_001);
    assertThat(result.destination()).hasToString("10.244.2.2");
    assertThat(result.masqueraded()).isTrue();
    assertThat(result.source()).hasToString(SELF);
  }

  @Test
  void net_I_27_sourceRangesGuardTheLoadBalancersAddressFromPodsToo() {
    Node node = new Node(loadBalancer("Cluster", "192.0.2.0/24"), TODO_SLICE);
    assertThat(node.fromOutside(CLIENT, "203.0.113.1", 80).verdict()).isEqualTo(Verdict.ACCEPTED);
    assertThat(node.fromOutside("198.51.100.1", "203.0.113.1", 80).verdict())
        .isEqualTo(Verdict.DROPPED);
    assertThat(node.fromPod("10.244.1.9", "203.0.113.1", 80).verdict()).isEqualTo(Verdict.DROPPED);
  }

  @Test
  void net_I_27_butNotTheNodePort() {
    Node node = new Node(loadBalancer("Cluster", "192.0.2.0/24"), TODO_SLICE);
    WalkResult result = node.fromOutside("198.51.100.1", SELF, 30_001);
    assertThat(result.verdict()).isEqualTo(Verdict.ACCEPTED);
    assertThat(result.translated()).isTrue();
  }
}
