package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wavetank.proxy.iptables.Chain;
import dev.wavetank.proxy.iptables.Rule;
import dev.wavetank.proxy.iptables.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules that one Service port adds on nodes that see its endpoints the same way.
 *
 * @param variant number of this view among those of the port, from 0
 * @param lines every rule in the order in which kube-proxy writes it
 * @param chains the chains of the port alone, in the order in which kube-proxy declares them
 */
record ServiceRules(int variant, ImmutableList<Line> lines, ImmutableList<Chain> chains) {

  /**
   * A rule and where it stands.
   *
   * @param chain the chain's name
   */
  record Line(Table.Name table, String chain, Rule rule) {

    /** Whether the chain is the port's own, so that a partial sync may leave it out. */
    boolean ownChain() {
      return table == Table.Name.NAT && !SHARED_CHAINS.contains(chain);
    }
  }

  private static final ImmutableSortedSet<String> SHARED_CHAINS =
      ImmutableSortedSet.of(ChainNames.SERVICES, ChainNames.NODE_PORTS);

  /** Collects lines and chains. */
  static final class Builder {
    private final ImmutableList.Builder<Line> lines = ImmutableList.builder();
    private final Map<String, List<Rule>> chains = new LinkedHashMap<>();

    /** Declares a chain of the port; rules may be added before. */
    void declare(String chain) {
      List<Rule> rules = chains.remove(chain);
      chains.put(chain, rules == null ? new ArrayList<>() : rules);
    }

    void add(Table.Name table, String chain, Rule rule) {
      Line line = new Line(table, chain, rule);
      lines.add(line);
      if (line.ownChain()) {
        chains.computeIfAbsent(chain, name -> new ArrayList<>()).add(rule);
      }
    }

    ServiceRules build(int variant) {
      ImmutableList.Builder<Chain> built = ImmutableList.builder();
      chains.forEach((name, rules) -> built.add(Chain.of(name, rules)));
      return new ServiceRules(variant, lines.build(), built.build());
    }
  }

  /** The rules that go into a chain shared by all ports, by table and chain. */
  ImmutableMap<String, ImmutableList<Rule>> shared(Table.Name table) {
    Map<String, ImmutableList.Builder<Rule>> found = new LinkedHashMap<>();
    for (Line line : lines) {
      if (line.table() == table && !line.ownChain()) {
        found.computeIfAbsent(line.chain(), name -> ImmutableList.builder()).add(line.rule());
      }
    }
    ImmutableMap.Builder<String, ImmutableList<Rule>> built = ImmutableMap.builder();
    found.forEach((chain, rules) -> built.put(chain, rules.build()));
    return built.buildOrThrow();
  }
}
