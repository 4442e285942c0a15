package dev.wavetank.verification;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.proxy.NodeRouting;
import dev.wavetank.proxy.ProxyMode;
import dev.wavetank.proxy.ProxyNode;
import dev.wavetank.proxy.ProxyState;
import dev.wavetank.proxy.iptables.LoadedRuleset;
import dev.wavetank.proxy.iptables.RuleState;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.PacketWalk;
import dev.wavetank.proxy.netfilter.WalkResult;
import dev.wavetank.proxy.nftables.LoadedTable;
import dev.wavetank.proxy.nftables.TableState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** All that can become of a connection by the walk through a node's rules, in words. */
final class WalkedFates {

  /** What a client sees of a packet that is dropped, and of one that leaves for nowhere. */
  static final String NO_ANSWER = "no answer";

  /** So many draws of the {@code statistic} match are tried: of four endpoints none is missed. */
  private static final int SEEDS = 160;

  private static final int FIRST_PORT = 40_000;

  private final ProxyMode mode;
  private final ProxyState state;
  private final ProxyNode node;
  private final NodeRouting routing;

  WalkedFates(ProxyMode mode, ProxyState state, ProxyNode node) {
    this.mode = mode;
    this.state = state;
    this.node = node;
    this.routing = new NodeRouting(node);
  }

  /** The rules of a node that remembers nothing, with draws of their own. */
  static HookRules fresh(ProxyMode mode, ProxyState state, ProxyNode node, ChoiceStream random) {
    NodeRouting routing = new NodeRouting(node);
    return switch (mode) {
      case IPTABLES -> new LoadedRuleset(state.ruleset(node), new RuleState(routing, random));
      case NFTABLES -> new LoadedTable(state.table(node), new TableState(routing, random));
      case IPVS -> throw new IllegalArgumentException("no kernel here has IPVS");
    };
  }

  /**
   * The fates of so many connections, one after the other on a fresh node, joined; one line for
   * each way in which they can turn out.
   *
   * @param source the sender's address, or empty when the node itself sends
   */
  TreeSet<String> of(KernelNode.Probe probe, String source, int length) {
    TreeSet<String> found = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      HookRules rules = fresh(mode, state, node, Choices.seeded(seed).stream("statistic"));
      PacketWalk walk = new PacketWalk(routing, new Conntrack());
      List<String> fates = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        fates.add(fate(walk.walk(rules, packet(probe, source, FIRST_PORT + i), i, null)));
      }
      found.add(String.join(", ", fates));
    }
    return found;
  }

  private PacketBuffer packet(KernelNode.Probe probe, String source, int sourcePort) {
    IpAddress to = IpAddress.parse(probe.to());
    IpAddress from = source.isEmpty() ? routing.sourceFor(to) : IpAddress.parse(source);
    PacketBuffer packet =
        new PacketBuffer(new Packet(Protocol.TCP, from, sourcePort, to, probe.port()));
    return source.isEmpty() ? packet : packet.from(routing.outInterface(from));
  }

  private static String fate(WalkResult result) {
    return switch (result.verdict()) {
      case REJECTED -> "refused by icmp-port-unreachable";
      case DROPPED, UNROUTABLE -> NO_ANSWER;
      case ACCEPTED -> {
        if (result.translated()) {
          yield SocketAddress.text(result.destination(), result.destinationPort())
              + " from "
              + result.source();
        }
        yield result.deliveredLocally() ? "refused by tcp-reset" : NO_ANSWER;
      }
    };
  }
}
