package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.iptables.Chain;
import dev.wavetank.proxy.iptables.Match;
import dev.wavetank.proxy.iptables.Rule;
import dev.wavetank.proxy.iptables.Ruleset;
import dev.wavetank.proxy.iptables.Table;
import dev.wavetank.proxy.iptables.Target;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.ConnectionState;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes all rules of one node for one state of Services and EndpointSlices. Services stand sorted
 * by name; kube-proxy's own order is random.
 *
 * <p>Follows syncProxyRules of pkg/proxy/iptables/proxier.go (v1.36).
 */
public final class IptablesProxier {

  /** First line of a dump whose balancer is not kube-proxy's. */
  public static final String ROUND_ROBIN_HEADER =
      "# balancer=nth (not emitted by upstream kube-proxy)\n";

  private static final String INVALID_COUNTER = "ct_state_invalid_dropped_pkts";

  private static final String NODE_PORTS_COMMENT =
      "kubernetes service nodeports; NOTE: this must be the last rule in this chain";

  private static final AddressBlock LOCALHOST = AddressBlock.parse("127.0.0.0/8");
  private static final AddressBlock LOCALHOST_IPV6 = AddressBlock.parse("::1/128");

  private static final ImmutableList<String> FILTER_CHAINS =
      ImmutableList.of(
          ChainNames.SERVICES,
          ChainNames.EXTERNAL_SERVICES,
          ChainNames.FORWARD,
          ChainNames.NODE_PORTS,
          ChainNames.PROXY_FIREWALL);

  private static final ImmutableList<String> NAT_CHAINS =
      ImmutableList.of(
          ChainNames.SERVICES, ChainNames.NODE_PORTS, ChainNames.POSTROUTING, ChainNames.MARK_MASQ);

  private final ProxyState state;
  private final ProxyNode node;
  private final KubeProxyConfiguration configuration;
  private final IpFamily family;

  IptablesProxier(ProxyState state, ProxyNode node) {
    this.state = state;
    this.node = node;
    this.configuration = state.configuration();
    this.family = state.family();
  }

  /** The rules of a node, computed from the objects themselves. */
  public static Ruleset ruleset(
      Iterable<KubeObject> services,
      Iterable<KubeObject> endpointSlices,
      KubeObject node,
      KubeProxyConfiguration configuration,
      IpFamily family) {
    return ServiceChangeTracker.state(configuration, family, services, endpointSlices)
        .ruleset(ProxyNode.of(node));
  }

  /** The text that {@code iptables-save} prints for the rules of a sync. */
  public static String save(Ruleset ruleset, KubeProxyConfiguration configuration) {
    return header(configuration) + ruleset.save();
  }

  private static String header(KubeProxyConfiguration configuration) {
    return configuration.balancer() == Balancer.ROUND_ROBIN ? ROUND_ROBIN_HEADER : "";
  }

  /** The text that a full sync feeds to {@code iptables-restore}, on a node without old chains. */
  public static String restoreInput(ProxyState state, ProxyNode node) {
    return new IptablesProxier(state, node).restoreInput(null);
  }

  /**
   * The text that a partial sync feeds to {@code iptables-restore}: the chains of changed Services
   * only, and the removal of chains that are no longer used.
   *
   * @param before the state of the sync before
   */
  public static String restoreInput(ProxyState before, ProxyState state, ProxyNode node) {
    return new IptablesProxier(state, node).restoreInput(before);
  }

  /** The node's own addresses that take node ports, when not all of them do. */
  static ImmutableList<String> nodePortAddresses(
      KubeProxyConfiguration configuration, IpFamily family, ProxyNode node) {
    if (takesNodePortsEverywhere(configuration, family)) {
      return ImmutableList.of();
    }
    ImmutableSortedSet.Builder<String> found = ImmutableSortedSet.naturalOrder();
    IpAddress localhost = IpAddress.parse(family == IpFamily.IPV4 ? "127.0.0.1" : "::1");
    for (AddressBlock block : configuration.nodePortAddresses()) {
      for (IpAddress address : node.addresses()) {
        if (block.contains(address) && IpFamily.of(address) == family) {
          found.add(address.toString());
        }
      }
      if (block.contains(localhost) && configuration.localhostNodePorts(family)) {
        found.add(localhost.toString());
      }
    }
    return found.build().asList();
  }

  private static boolean takesNodePortsEverywhere(
      KubeProxyConfiguration configuration, IpFamily family) {
    boolean anyOfFamily = false;
    for (AddressBlock block : configuration.nodePortAddresses()) {
      if (block.family() == family) {
        anyOfFamily = true;
        if (block.prefixLength() == 0) {
          return true;
        }
      }
    }
    return !anyOfFamily;
  }

  Ruleset ruleset() {
    Map<String, List<Rule>> filter = new LinkedHashMap<>();
    FILTER_CHAINS.forEach(chain -> filter.put(chain, new ArrayList<>()));
    filter.put(ChainNames.FIREWALL, new ArrayList<>(firewallRules()));
    Map<String, List<Rule>> nat = new LinkedHashMap<>();
    NAT_CHAINS.forEach(chain -> nat.put(chain, new ArrayList<>()));
    nat.put(ChainNames.POSTROUTING, postroutingRules());
    nat.put(ChainNames.MARK_MASQ, List.of(markRule()));
    List<Chain> natChains = new ArrayList<>();
    for (ServicePortState port : state.ports()) {
      ServiceRules rules = state.rules(port, node);
      for (ServiceRules.Line line : rules.lines()) {
        if (!line.ownChain()) {
          List<Rule> chain = (line.table() == Table.Name.NAT ? nat : filter).get(line.chain());
          if (chain != null) {
            chain.add(line.rule());
          }
        }
      }
      natChains.addAll(rules.chains());
    }
    nat.computeIfAbsent(ChainNames.SERVICES, chain -> new ArrayList<>()).addAll(nodePortRules());
    filter.put(ChainNames.FORWARD, forwardRules());
    return Ruleset.of(
        family, ImmutableList.of(mangleTable(), filterTable(filter), natTable(nat, natChains)));
  }

  private static Chain canary() {
    return Chain.of(ChainNames.CANARY, ImmutableList.of());
  }

  private static Table mangleTable() {
    List<Chain> chains = new ArrayList<>();
    for (Hook hook : Hook.values()) {
      chains.add(Chain.builtIn(hook, "ACCEPT", ImmutableList.of()));
    }
    chains.add(canary());
    return Table.of(Table.Name.MANGLE, chains);
  }

  private static Table filterTable(Map<String, List<Rule>> rules) {
    Rule firewall = jump(ChainNames.FIREWALL, "", false);
    Rule proxyFirewall = jump(ChainNames.PROXY_FIREWALL, "kubernetes load balancer firewall", true);
    Rule services = jump(ChainNames.SERVICES, "kubernetes service portals", true);
    Rule external =
        jump(ChainNames.EXTERNAL_SERVICES, "kubernetes externally-visible service portals", true);
    Rule nodePorts = jump(ChainNames.NODE_PORTS, "kubernetes health check service ports", false);
    Rule forward = jump(ChainNames.FORWARD, "kubernetes forwarding rules", false);
    List<Chain> chains = new ArrayList<>();
    chains.add(
        Chain.builtIn(Hook.INPUT, "ACCEPT", List.of(firewall, proxyFirewall, nodePorts, external)));
    chains.add(
        Chain.builtIn(Hook.FORWARD, "ACCEPT", List.of(proxyFirewall, forward, services, external)));
    chains.add(Chain.builtIn(Hook.OUTPUT, "ACCEPT", List.of(firewall, proxyFirewall, services)));
    rules.forEach((name, content) -> chains.add(Chain.of(name, content)));
    chains.add(canary());
    return Table.of(Table.Name.FILTER, chains);
  }

  private static Table natTable(Map<String, List<Rule>> rules, List<Chain> serviceChains) {
    Rule services = jump(ChainNames.SERVICES, "kubernetes service portals", false);
    Rule postrouting = jump(ChainNames.POSTROUTING, "kubernetes postrouting rules", false);
    List<Chain> chains = new ArrayList<>(serviceChains.size() + 10);
    chains.add(Chain.builtIn(Hook.PREROUTING, "ACCEPT", List.of(services)));
    chains.add(Chain.builtIn(Hook.INPUT, "ACCEPT", List.of()));
    chains.add(Chain.builtIn(Hook.OUTPUT, "ACCEPT", List.of(services)));
    chains.add(Chain.builtIn(Hook.POSTROUTING, "ACCEPT", List.of(postrouting)));
    rules.forEach((name, content) -> chains.add(Chain.of(name, content)));
    chains.add(canary());
    chains.addAll(serviceChains);
    return Table.of(Table.Name.NAT, chains);
  }

  private static Rule jump(String chain, String comment, boolean newConnections) {
    List<Match> matches = new ArrayList<>(2);
    if (newConnections) {
      matches.add(states(false, ConnectionState.NEW));
    }
    if (!comment.isEmpty()) {
      matches.add(new Match.Comment(comment));
    }
    return Rule.of(matches, new Target.Jump(chain));
  }

  private static Match states(boolean negated, ConnectionState... states) {
    return Match.ConntrackState.of(negated, ImmutableSortedSet.copyOf(states));
  }

  private List<Rule> firewallRules() {
    if (!configuration.localhostNodePorts(family)) {
      return List.of();
    }
    return List.of(
        Rule.of(
            List.of(
                new Match.Comment("block incoming localnet connections"),
                new Match.Destination(false, LOCALHOST),
                new Match.Source(true, LOCALHOST),
                states(
                    true,
                    ConnectionState.RELATED,
                    ConnectionState.ESTABLISHED,
                    ConnectionState.DNAT)),
            new Target.Drop()));
  }

  private List<Rule> postroutingRules() {
    int mark = configuration.masqueradeMark();
    return List.of(
        Rule.of(List.of(new Match.Mark(true, mark, mark)), new Target.Return()),
        Rule.of(List.of(), new Target.SetMark(mark, 0)),
        Rule.of(
            List.of(new Match.Comment("kubernetes service traffic requiring SNAT")),
            new Target.Masquerade(true)));
  }

  private Rule markRule() {
    int mark = configuration.masqueradeMark();
    return Rule.of(List.of(), new Target.SetMark(mark, mark));
  }

  private List<Rule> forwardRules() {
    List<Rule> rules = new ArrayList<>();
    int mark = configuration.masqueradeMark();
    if (!configuration.conntrackTcpLiberal()) {
      List<Match> matches = new ArrayList<>();
      matches.add(states(false, ConnectionState.INVALID));
      if (configuration.accounting()) {
        matches.add(new Match.Accounting(INVALID_COUNTER));
      }
      rules.add(Rule.of(matches, new Target.Drop()));
    }
    rules.add(
        Rule.of(
            List.of(
                new Match.Comment("kubernetes forwarding rules"),
                new Match.Mark(false, mark, mark)),
            new Target.Accept()));
    rules.add(
        Rule.of(
            List.of(
                new Match.Comment("kubernetes forwarding conntrack rule"),
                states(false, ConnectionState.RELATED, ConnectionState.ESTABLISHED)),
            new Target.Accept()));
    return rules;
  }

  /** The last rules of KUBE-SERVICES: traffic to the node itself may be for a node port. */
  private List<Rule> nodePortRules() {
    Match comment = new Match.Comment(NODE_PORTS_COMMENT);
    Target target = new Target.Jump(ChainNames.NODE_PORTS);
    List<Rule> rules = new ArrayList<>();
    if (takesNodePortsEverywhere(configuration, family)) {
      List<Match> matches = new ArrayList<>();
      matches.add(comment);
      matches.add(new Match.AddressType(false, false));
      if (family == IpFamily.IPV6) {
        matches.add(new Match.Destination(true, LOCALHOST_IPV6));
      } else if (!configuration.localhostNodePorts(family)) {
        matches.add(new Match.Destination(true, LOCALHOST));
      }
      rules.add(Rule.of(matches, target));
    } else {
      for (String address : nodePortAddresses(configuration, family, node)) {
        rules.add(
            Rule.of(
                List.of(comment, new Match.Destination(false, AddressBlock.parse(address))),
                target));
      }
    }
    return rules;
  }

  private String restoreInput(@Nullable ProxyState before) {
    RestoreInput input = new RestoreInput(family);
    FILTER_CHAINS.forEach(chain -> input.declare(Table.Name.FILTER, chain));
    NAT_CHAINS.forEach(chain -> input.declare(Table.Name.NAT, chain));
    postroutingRules().forEach(r -> input.add(Table.Name.NAT, ChainNames.POSTROUTING, r));
    input.add(Table.Name.NAT, ChainNames.MARK_MASQ, markRule());
    if (!firewallRules().isEmpty()) {
      input.declare(Table.Name.FILTER, ChainNames.FIREWALL);
      firewallRules().forEach(r -> input.add(Table.Name.FILTER, ChainNames.FIREWALL, r));
    }
    Changes changes = Changes.between(before, state);
    Map<String, Boolean> active = new LinkedHashMap<>();
    for (ServicePortState port : state.ports()) {
      ServiceRules rules = state.rules(port, node);
      boolean written = changes.include(port.name());
      for (Chain chain : rules.chains()) {
        active.put(chain.name(), true);
        if (written) {
          input.declare(Table.Name.NAT, chain.name());
        }
      }
      for (ServiceRules.Line line : rules.lines()) {
        if (written || !line.ownChain()) {
          input.add(line.table(), line.chain(), line.rule());
        }
      }
    }
    if (before != null) {
      for (ServicePortState port : before.ports()) {
        for (Chain chain : before.rules(port, node).chains()) {
          if (!active.containsKey(chain.name())) {
            input.delete(Table.Name.NAT, chain.name());
          }
        }
      }
    }
    nodePortRules().forEach(r -> input.add(Table.Name.NAT, ChainNames.SERVICES, r));
    forwardRules().forEach(r -> input.add(Table.Name.FILTER, ChainNames.FORWARD, r));
    return header(configuration) + input.text();
  }
}
