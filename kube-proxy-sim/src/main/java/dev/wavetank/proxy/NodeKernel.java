package dev.wavetank.proxy;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.proxy.iptables.LoadedRuleset;
import dev.wavetank.proxy.iptables.RuleState;
import dev.wavetank.proxy.ipvs.IpvsState;
import dev.wavetank.proxy.ipvs.LoadedServers;
import dev.wavetank.proxy.ipvs.VirtualServers;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.IpSet;
import dev.wavetank.proxy.netfilter.Routing;
import dev.wavetank.proxy.nftables.LoadedTable;
import dev.wavetank.proxy.nftables.Table;
import dev.wavetank.proxy.nftables.TableState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one mode's rules live in one node's kernel, with what they remember between packets. */
interface NodeKernel {

  /** The kernel of a node in that mode, without memory. */
  static NodeKernel of(ProxyMode mode, Routing routing, Conntrack conntrack, ChoiceStream random) {
    return switch (mode) {
      case IPTABLES -> new Iptables(routing, new RuleState(routing, random));
      case NFTABLES -> new Nftables(routing, new TableState(routing, random));
      case IPVS -> new Ipvs(routing, conntrack, random);
    };
  }

  /** The node's routes, with the addresses that the mode gives to the node. */
  Routing routing();

  /** The rules of a state, as packets meet them. */
  HookRules rules(ProxyState state, ProxyNode node);

  /** Forgets what belongs to rules that a sync took away. */
  void written(ProxyRevision revision, ProxyNode node);

  /** The rules of iptables. */
  record Iptables(Routing routing, RuleState memory) implements NodeKernel {
    @Override
    public HookRules rules(ProxyState state, ProxyNode node) {
      return new LoadedRuleset(state.ruleset(node), memory);
    }

    @Override
    public void written(ProxyRevision revision, ProxyNode node) {
      if (memory.worthCleaning()) {
        memory.forgetUnused(
            revision.state(IpFamily.IPV4).ruleset(node),
            revision.state(IpFamily.IPV6).ruleset(node));
      }
    }
  }

  /** The nftables table of a family. */
  record Nftables(Routing routing, TableState memory) implements NodeKernel {
    @Override
    public HookRules rules(ProxyState state, ProxyNode node) {
      return new LoadedTable(state.table(node), memory);
    }

    @Override
    public void written(ProxyRevision revision, ProxyNode node) {
      if (memory.worthCleaning()) {
        Table ipv4 = revision.state(IpFamily.IPV4).table(node);
        memory.forgetUnused(ipv4, revision.state(IpFamily.IPV6).table(node));
      }
    }
  }

  /** Virtual servers, with their addresses on the interface kube-ipvs0. */
  final class Ipvs implements NodeKernel, Routing {
    private final Routing node;
    private final RuleState memory;
    private final IpvsState connections = new IpvsState();
    private final Map<IpFamily, IpvsRules> loaded = new EnumMap<>(IpFamily.class);

    private Ipvs(Routing node, Conntrack conntrack, ChoiceStream random) {
      this.node = node;
      this.memory = new RuleState(this, random);
      conntrack.listener(connections);
    }

    @Override
    public Routing routing() {
      return this;
    }

    @Override
    public HookRules rules(ProxyState state, ProxyNode proxyNode) {
      IpvsRules rules = state.ipvs(proxyNode);
      IpvsRules before = loaded.put(state.family(), rules);
      if (before != null) {
        connections.synced(before.servers(), rules.servers());
      }
      ImmutableMap.Builder<String, IpSet> sets = ImmutableMap.builder();
      loaded.values().forEach(one -> sets.putAll(one.sets()));
      memory.sets(sets.buildOrThrow());
      HookRules chains = new LoadedRuleset(rules.ruleset(), memory);
      return new LoadedServers(chains, rules.servers(), connections);
    }

    /** Nothing: what is left of the sync before is seen when the rules are asked for again. */
    @Override
    public void written(ProxyRevision revision, ProxyNode proxyNode) {}

    /** The virtual servers with those real servers that only finish their connections. */
    VirtualServers servers(IpFamily family) {
      IpvsRules rules = loaded.get(family);
      return rules == null
          ? VirtualServers.of(List.of())
          : connections.withLeaving(rules.servers());
    }

    IpvsState connections() {
      return connections;
    }

    private ImmutableSet<IpAddress> bound(IpAddress address) {
      IpvsRules rules = loaded.get(IpFamily.of(address));
      return rules == null ? ImmutableSet.of() : rules.bound();
    }

    @Override
    public boolean local(IpAddress address) {
      return node.local(address) || bound(address).contains(address);
    }

    @Override
    public boolean bridge(String interfaceName) {
      return node.bridge(interfaceName);
    }

    @Override
    public @Nullable String outInterface(IpAddress destination) {
      return node.outInterface(destination);
    }

    @Override
    public IpAddress sourceFor(IpAddress destination) {
      return local(destination) ? destination : node.sourceFor(destination);
    }
  }
}
