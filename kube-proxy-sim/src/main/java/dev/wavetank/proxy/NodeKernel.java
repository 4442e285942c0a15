package dev.wavetank.proxy;

import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.proxy.iptables.LoadedRuleset;
import dev.wavetank.proxy.iptables.RuleState;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.Routing;
import dev.wavetank.proxy.nftables.LoadedTable;
import dev.wavetank.proxy.nftables.Table;
import dev.wavetank.proxy.nftables.TableState;

/** How one mode's rules live in one node's kernel, with what they remember between packets. */
interface NodeKernel {

  /** The kernel of a node in that mode, without memory. */
  static NodeKernel of(ProxyMode mode, Routing routing, ChoiceStream random) {
    return switch (mode) {
      case IPTABLES -> new Iptables(new RuleState(routing, random));
      case NFTABLES -> new Nftables(new TableState(routing, random));
    };
  }

  /** The rules of a state, as packets meet them. */
  HookRules rules(ProxyState state, ProxyNode node);

  /** Forgets what belongs to rules that a sync took away. */
  void written(ProxyRevision revision, ProxyNode node);

  /** The rules of iptables. */
  record Iptables(RuleState memory) implements NodeKernel {
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
  record Nftables(TableState memory) implements NodeKernel {
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
}
