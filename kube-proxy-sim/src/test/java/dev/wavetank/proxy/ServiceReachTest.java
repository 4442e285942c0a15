package dev.wavetank.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.proxy.iptables.Ruleset;
import dev.wavetank.proxy.iptables.RulesetParser;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.PacketWalk;
import dev.wavetank.proxy.netfilter.WalkResult;
import dev.wavetank.proxy.nftables.Table;
import dev.wavetank.proxy.nftables.TableParser;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ServiceReachTest {

  private static final ProxyNode NODE = ProxyNode.of(Manifest.node(1, "zone-a"));
  private static final NodeRouting ROUTING = new NodeRouting(NODE);
  private static final IpAddress POD = IpAddress.parse("10.244.1.250");

  private static KubeProxyConfiguration configuration(Balancer balancer) {
    return KubeProxyConfiguration.defaults(ImmutableList.of(AddressBlock.parse("10.244.0.0/16")))
        .withBalancer(balancer);
  }

  private static ProxyState state(RandomServices services, ProxyMode mode, Balancer balancer) {
    return services.state(configuration(balancer).withMode(mode));
  }

  @Provide
  Arbitrary<RandomServices> services() {
    return RandomServices.arbitrary();
  }

  /** Sends connections from a pod, each from a port of its own. */
  private static final class Client {
    private final HookRules rules;
    private final Conntrack conntrack = new Conntrack();
    private final PacketWalk walk;
    private int port = 1_024;

    Client(ProxyState state, long seed) {
      NodeKernel kernel =
          NodeKernel.of(
              state.configuration().mode(),
              ROUTING,
              conntrack,
              Choices.seeded(seed).stream("statistic"));
      this.rules = kernel.rules(state, NODE);
      this.walk = new PacketWalk(kernel.routing(), conntrack);
    }

    WalkResult connect(boolean udp, String address, int to) {
      Packet packet =
          new Packet(udp ? Protocol.UDP : Protocol.TCP, POD, port++, IpAddress.parse(address), to);
      PacketBuffer buffer = new PacketBuffer(packet).from(NodeRouting.POD_INTERFACE);
      return walk.walk(rules, buffer, 0, null);
    }
  }

  /** The endpoints that a ClusterIP leads to on node 1. */
  private static TreeSet<String> expected(RandomServices.Plan plan, int number, ProxyMode mode) {
    TreeSet<String> found = expected(plan, number, plan.internalLocal());
    boolean fallsBack = mode == ProxyMode.IPVS && !plan.type().equals("ClusterIP");
    return found.isEmpty() && fallsBack ? expected(plan, number, false) : found;
  }

  private static TreeSet<String> expected(RandomServices.Plan plan, int number, boolean localOnly) {
    TreeSet<String> ready = new TreeSet<>();
    TreeSet<String> leaving = new TreeSet<>();
    for (int i = 0; i < plan.endpoints().size(); i++) {
      RandomServices.EndpointPlan endpoint = plan.endpoints().get(i);
      boolean counts = !localOnly || endpoint.node() == 1;
      String address = RandomServices.endpointAddress(number, i, endpoint.node());
      if (counts && endpoint.health() == RandomServices.Health.READY) {
        ready.add(address);
      } else if (counts && endpoint.health() == RandomServices.Health.LEAVING) {
        leaving.add(address);
      }
    }
    return ready.isEmpty() ? leaving : ready;
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void everyConnectionToAServiceReachesOneOfItsEndpoints(
      @ForAll("services") RandomServices services,
      @ForAll ProxyMode mode,
      @ForAll Balancer balancer) {
    Client client = new Client(state(services, mode, balancer), 1);
    for (int number = 0; number < services.services().size(); number++) {
      RandomServices.Plan plan = services.services().get(number);
      TreeSet<String> expected = expected(plan, number, mode);
      for (int i = 0; i < 5; i++) {
        WalkResult result = client.connect(plan.udp(), RandomServices.clusterIp(number), 80);
        if (!expected.isEmpty()) {
          assertThat(result.verdict()).isEqualTo(WalkResult.Verdict.ACCEPTED);
          assertThat(expected).contains(result.destination().toString());
          assertThat(result.destinationPort()).isEqualTo(8080);
        } else {
          assertThat(result.verdict())
              .isIn(WalkResult.Verdict.REJECTED, WalkResult.Verdict.DROPPED);
        }
      }
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void roundRobinIsEvenToWithinOne(
      @ForAll("services") RandomServices services,
      @ForAll ProxyMode mode,
      @ForAll @IntRange(min = 1, max = 60) int n) {
    Client client = new Client(state(services, mode, Balancer.ROUND_ROBIN), 1);
    for (int number = 0; number < services.services().size(); number++) {
      RandomServices.Plan plan = services.services().get(number);
      TreeSet<String> expected = expected(plan, number, mode);
      if (plan.sticky() || expected.isEmpty()) {
        continue;
      }
      TreeMap<String, Integer> counts = new TreeMap<>();
      expected.forEach(address -> counts.put(address, 0));
      for (int i = 0; i < n; i++) {
        WalkResult result = client.connect(plan.udp(), RandomServices.clusterIp(number), 80);
        counts.merge(result.destination().toString(), 1, Integer::sum);
      }
      int least = n / expected.size();
      assertThat(counts.values()).allMatch(count -> count == least || count == least + 1);
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theTextOfTheRulesIsTheWholeTruth(
      @ForAll("services") RandomServices services, @ForAll Balancer balancer) {
    ProxyState state = services.state(configuration(balancer));
    Ruleset rules = state.ruleset(NODE);
    assertThat(RulesetParser.parse(IpFamily.IPV4, rules.save())).isEqualTo(rules);
    String input = IptablesProxier.restoreInput(state, NODE);
    RandomServices none = new RandomServices(List.of());
    Ruleset empty = none.state(configuration(balancer)).ruleset(NODE);
    assertThat(RulesetParser.restore(empty, input)).isEqualTo(rules);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void aPartialSyncLeavesTheKernelWithTheNewRules(
      @ForAll("services") RandomServices before, @ForAll("services") RandomServices after) {
    ProxyState old = before.state(configuration(Balancer.RANDOM));
    ProxyState now = after.state(configuration(Balancer.RANDOM));
    String input = IptablesProxier.restoreInput(old, now, NODE);
    assertThat(RulesetParser.restore(old.ruleset(NODE), input)).isEqualTo(now.ruleset(NODE));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theTransactionIsTheWholeTruthOfATable(
      @ForAll("services") RandomServices services, @ForAll Balancer balancer) {
    ProxyState state = state(services, ProxyMode.NFTABLES, balancer);
    assertThat(TableParser.parse(IpFamily.IPV4, NftablesTransaction.first(state, NODE)))
        .isEqualTo(state.table(NODE));
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void aPartialTransactionLeavesTheNewTable(
      @ForAll("services") RandomServices before, @ForAll("services") RandomServices after) {
    ProxyState old = state(before, ProxyMode.NFTABLES, Balancer.RANDOM);
    ProxyState now = state(after, ProxyMode.NFTABLES, Balancer.RANDOM);
    Table synced = TableParser.apply(old.table(NODE), NftablesTransaction.partial(old, now, NODE));
    String delete = NftablesTransaction.deleteStaleChains(old, now, NODE);
    assertThat(TableParser.apply(synced, delete)).isEqualTo(now.table(NODE));
    assertThat(TableParser.apply(synced, NftablesTransaction.full(now, now, NODE)))
        .isEqualTo(synced);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theTwoModesAgreeOnWhereConnectionsToAClusterIpGo(
      @ForAll("services") RandomServices services) {
    Client iptables = new Client(state(services, ProxyMode.IPTABLES, Balancer.ROUND_ROBIN), 1);
    Client nftables = new Client(state(services, ProxyMode.NFTABLES, Balancer.ROUND_ROBIN), 1);
    for (int number = 0; number < services.services().size(); number++) {
      boolean udp = services.services().get(number).udp();
      for (int i = 0; i < 7; i++) {
        WalkResult one = iptables.connect(udp, RandomServices.clusterIp(number), 80);
        WalkResult other = nftables.connect(udp, RandomServices.clusterIp(number), 80);
        assertThat(other.verdict()).isEqualTo(one.verdict());
        if (!services.services().get(number).sticky()) {
          assertThat(other.destination()).isEqualTo(one.destination());
          assertThat(other.masqueraded()).isEqualTo(one.masqueraded());
        }
      }
    }
  }

  @Test
  void net_I_11_randomRulesAreUniformByChiSquare() {
    RandomServices.EndpointPlan ready =
        new RandomServices.EndpointPlan(RandomServices.Health.READY, 2);
    RandomServices.Plan plan =
        new RandomServices.Plan(
            "ClusterIP",
            false,
            false,
            false,
            false,
            false,
            List.of(ready, ready, ready, ready, ready));
    RandomServices services = new RandomServices(List.of(plan));
    double worst = 0;
    for (long seed = 0; seed < 10; seed++) {
      Client client = new Client(state(services, ProxyMode.IPTABLES, Balancer.RANDOM), seed);
      TreeMap<String, Integer> counts = new TreeMap<>();
      int n = 5_000;
      for (int i = 0; i < n; i++) {
        WalkResult result = client.connect(false, RandomServices.clusterIp(0), 80);
        counts.merge(result.destination().toString(), 1, Integer::sum);
      }
      assertThat(counts).hasSize(5);
      double chiSquare = 0;
      for (int count : counts.values()) {
        chiSquare += Math.pow(count - n / 5.0, 2) / (n / 5.0);
      }
      worst = Math.max(worst, chiSquare);
    }
    // 4 degrees of freedom, probability 0.0001 for each of ten fixed seeds
    assertThat(worst).isLessThan(23.5);
  }
}
