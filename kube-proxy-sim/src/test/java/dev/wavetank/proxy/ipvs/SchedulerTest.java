package dev.wavetank.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.PacketWalk;
import dev.wavetank.proxy.netfilter.Routing;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The schedulers, by what a virtual server with three real ones does under each of them. */
class SchedulerTest {

  private static final IpAddress SERVICE = IpAddress.parse("10.96.0.1");

  /** A node that owns the service's address and sends everything else away. */
  private static final class ServiceIsLocal implements Routing {
    @Override
    public boolean local(IpAddress address) {
      return address.equals(SERVICE);
    }

    @Override
    public String outInterface(IpAddress destination) {
      return "eth0";
    }

    @Override
    public IpAddress sourceFor(IpAddress destination) {
      return SERVICE;
    }
  }

  private static final HookRules NO_CHAINS =
      new HookRules() {
        @Override
        public void begin(long nowNanos, @Nullable List<RuleHit> trail) {}

        @Override
        public WalkResult.Verdict ask(Hook hook, Stage stage, PacketBuffer packet) {
          return WalkResult.Verdict.ACCEPTED;
        }
      };

  private final Conntrack conntrack = new Conntrack();
  private final PacketWalk walk = new PacketWalk(new ServiceIsLocal(), conntrack);
  private final IpvsState state = new IpvsState();
  private final Map<String, List<Conntrack.Entry>> open = new LinkedHashMap<>();
  private int port = 1_000;

  private static HookRules servers(Scheduler scheduler, IpvsState state, int... weights) {
    ImmutableList.Builder<RealServer> real = ImmutableList.builder();
    for (int i = 0; i < weights.length; i++) {
      real.add(new RealServer(IpAddress.parse("10.244.0." + (i + 1)), 80, weights[i]));
    }
    VirtualServer.Key key = new VirtualServer.Key(Protocol.TCP, SERVICE, 80);
    VirtualServers all =
        VirtualServers.of(List.of(new VirtualServer(key, scheduler, 0, real.build())));
    return new LoadedServers(NO_CHAINS, all, state);
  }

  /** The number of the real server that the next connection reaches. */
  private int connect(HookRules rules, String client) {
    conntrack.listener(state);
    Packet packet = new Packet(Protocol.TCP, IpAddress.parse(client), port++, SERVICE, 80);
    WalkResult result = walk.walk(rules, new PacketBuffer(packet).from("eth0"), 0, null);
    if (result.verdict() != WalkResult.Verdict.ACCEPTED) {
      return 0;
    }
    String server = result.destination().toString();
    Conntrack.Entry entry = result.connection();
    if (entry != null) {
      open.computeIfAbsent(server, name -> new ArrayList<>()).add(entry);
    }
    return Integer.parseInt(server.substring(server.lastIndexOf('.') + 1));
  }

  private List<Integer> connect(HookRules rules, int times) {
    List<Integer> reached = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      reached.add(connect(rules, "192.0.2.1"));
    }
    return reached;
  }

  private void closeOne(int server) {
    List<Conntrack.Entry> entries = open.getOrDefault("10.244.0." + server, new ArrayList<>());
    conntrack.delete(entries.remove(entries.size() - 1));
  }

  @Test
  void roundRobinGoesRoundAndSkipsWeightZero() {
    assertThat(connect(servers(Scheduler.RR, state, 1, 1, 1), 5)).containsExactly(1, 2, 3, 1, 2);
    assertThat(connect(servers(Scheduler.RR, state, 1, 1, 0), 3)).containsExactly(1, 2, 1);
  }

  @Test
  void weightedRoundRobinGivesEachItsShare() {
    assertThat(connect(servers(Scheduler.WRR, state, 3, 1, 2), 12))
        .containsExactly(1, 1, 3, 1, 2, 3, 1, 1, 3, 1, 2, 3);
  }

  @Test
  void leastConnectionsFillsTheGapThatAClosedOneLeaves() {
    HookRules rules = servers(Scheduler.LC, state, 1, 1, 1);
    assertThat(connect(rules, 6)).containsExactly(1, 2, 3, 1, 2, 3);
    closeOne(2);
    assertThat(connect(rules, 2)).containsExactly(2, 1);
  }

  @Test
  void weightedLeastConnectionsLooksAtConnectionsByWeight() {
    assertThat(connect(servers(Scheduler.WLC, state, 2, 1, 1), 8))
        .containsExactly(1, 2, 3, 1, 1, 2, 3, 1);
  }

  @Test
  void shortestExpectedDelayPrefersTheHeavyOneFromTheBeginning() {
    assertThat(connect(servers(Scheduler.SED, state, 1, 3), 4)).containsExactly(2, 2, 1, 2);
  }

  @Test
  void neverQueueTakesAnIdleOneFirst() {
    assertThat(connect(servers(Scheduler.NQ, state, 1, 3), 4)).containsExactly(1, 2, 2, 2);
  }

  @Test
  void sourceHashingKeepsAClientWithItsServer() {
    HookRules rules = servers(Scheduler.SH, state, 1, 1, 1);
    assertThat(connect(rules, 5)).hasSize(5).containsOnly(connect(rules, "192.0.2.1"));
    List<Integer> others = new ArrayList<>();
    for (int i = 1; i <= 60; i++) {
      others.add(connect(rules, "192.0.2." + i));
    }
    assertThat(others).contains(1, 2, 3);
  }

  @Test
  void destinationHashingKeepsAServiceWithOneServer() {
    HookRules rules = servers(Scheduler.DH, state, 1, 1, 1);
    int first = connect(rules, "192.0.2.1");
    for (int i = 2; i < 30; i++) {
      assertThat(connect(rules, "192.0.2." + i)).isEqualTo(first);
    }
  }

  @Test
  void whereNoServerTakesConnectionsTheyAreRefused() {
    for (Scheduler scheduler : Scheduler.values()) {
      assertThat(connect(servers(scheduler, state), "192.0.2.1")).isZero();
      assertThat(connect(servers(scheduler, state, 0, 0), "192.0.2.1")).isZero();
    }
  }

  @Test
  void schedulersHaveTheKernelsNames() {
    assertThat(Scheduler.of("")).isEqualTo(Scheduler.RR);
    assertThat(Scheduler.of("wlc")).isEqualTo(Scheduler.WLC);
    assertThatThrownBy(() -> Scheduler.of("best"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown IPVS scheduler best");
  }
}
