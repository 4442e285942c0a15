package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.iptables.Chain;
import dev.wavetank.proxy.iptables.Match;
import dev.wavetank.proxy.iptables.Rule;
import dev.wavetank.proxy.iptables.Ruleset;
import dev.wavetank.proxy.iptables.Table;
import dev.wavetank.proxy.iptables.Target;
import dev.wavetank.proxy.ipvs.VirtualServer;
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
 * Writes the rules of iptables that go with IPVS: masquerading, node ports, source ranges.
 *
 * <p>Follows writeIptablesRules and createAndLinkKubeChain of pkg/proxy/ipvs/proxier.go (v1.36).
 */
final class IpvsRulesetWriter {

  private static final String NODE_PORT = "KUBE-NODE-PORT";
  private static final String LOAD_BALANCER = "KUBE-LOAD-BALANCER";
  private static final String SOURCE_RANGES = "KUBE-SOURCE-RANGES-FIREWALL";
  private static final String FILTER = "KUBE-IPVS-FILTER";
  private static final String OUT_FILTER = "KUBE-IPVS-OUT-FILTER";

  private static final ImmutableList<String> TO = ImmutableList.of("dst", "dst");
  private static final ImmutableList<String> TO_AND_FROM = ImmutableList.of("dst", "dst", "src");
  private static final ImmutableList<String> PORT = ImmutableList.of("dst");

  private final KubeProxyConfiguration configuration;
  private final IpFamily family;
  private final @Nullable LocalTrafficDetector detector;
  private final IpvsSets sets;
  private final List<VirtualServer.Key> closedToNode;
  private final Map<String, List<Rule>> nat = new LinkedHashMap<>();
  private final Map<String, List<Rule>> filter = new LinkedHashMap<>();

  /**
   * @param sets already filled
   * @param closedToNode addresses of load balancers that the node itself may not use
   */
  IpvsRulesetWriter(
      KubeProxyConfiguration configuration,
      IpFamily family,
      @Nullable LocalTrafficDetector detector,
      IpvsSets sets,
      List<VirtualServer.Key> closedToNode) {
    this.configuration = configuration;
    this.family = family;
    this.detector = detector;
    this.sets = sets;
    this.closedToNode = closedToNode;
    for (String chain :
        List.of(
            ChainNames.SERVICES,
            ChainNames.POSTROUTING,
            NODE_PORT,
            LOAD_BALANCER,
            ChainNames.MARK_MASQ)) {
      nat.put(chain, new ArrayList<>());
    }
    for (String chain :
        List.of(
            ChainNames.FORWARD,
            NODE_PORT,
            ChainNames.PROXY_FIREWALL,
            SOURCE_RANGES,
            FILTER,
            OUT_FILTER)) {
      filter.put(chain, new ArrayList<>());
    }
  }

  Ruleset write() {
    AddressBlock localhost =
        AddressBlock.parse(family == IpFamily.IPV4 ? "127.0.0.0/8" : "::1/128");
    add(nat, ChainNames.SERVICES, new Target.Return(), new Match.Source(false, localhost));
    writeSetRules();
    writeClusterIp();
    writeExternalIps();
    add(nat, ChainNames.SERVICES, new Target.Jump(NODE_PORT), new Match.AddressType(false, false));
    add(nat, LOAD_BALANCER, new Target.Jump(ChainNames.MARK_MASQ));
    add(filter, SOURCE_RANGES, new Target.Drop());
    for (VirtualServer.Key key : closedToNode) {
      add(
          filter,
          OUT_FILTER,
          new Target.Drop(),
          new Match.Source(false, AddressBlock.of(key.address())),
          new Match.Served(key.address(), key.protocol(), key.port()));
    }
    for (IpvsSets.Name set : List.of(IpvsSets.Name.CLUSTER_IP, IpvsSets.Name.LOAD_BALANCER)) {
      if (!sets.isEmpty(set)) {
        add(nat, ChainNames.SERVICES, new Target.Accept(), inSet(set, TO));
      }
    }
    writeForward();
    writeAccessFilter();
    writeMasquerading();
    return ruleset();
  }

  private static void add(
      Map<String, List<Rule>> table, String chain, Target target, Match... matches) {
    List<Rule> rules = table.get(chain);
    if (rules != null) {
      rules.add(Rule.of(List.of(matches), target));
    }
  }

  private Match inSet(IpvsSets.Name set, ImmutableList<String> directions) {
    return new Match.SetEntry(set.text(family), directions);
  }

  private static Match comment(IpvsSets.Name set) {
    return new Match.Comment(set.comment());
  }

  /** The rules that send an entry of one set into one chain, for sets that have entries. */
  private void writeSetRules() {
    Target mark = new Target.Jump(ChainNames.MARK_MASQ);
    Target back = new Target.Return();
    String posting = ChainNames.POSTROUTING;
    String services = ChainNames.SERVICES;
    toChain(nat, IpvsSets.Name.LOOP_BACK, posting, new Target.Masquerade(false), TO_AND_FROM, null);
    toChain(nat, IpvsSets.Name.LOAD_BALANCER, services, new Target.Jump(LOAD_BALANCER), TO, null);
    toChain(nat, IpvsSets.Name.LOAD_BALANCER_LOCAL, LOAD_BALANCER, back, TO, null);
    toChain(nat, IpvsSets.Name.NODE_PORT_LOCAL_TCP, NODE_PORT, back, PORT, Protocol.TCP);
    toChain(nat, IpvsSets.Name.NODE_PORT_TCP, NODE_PORT, mark, PORT, Protocol.TCP);
    toChain(nat, IpvsSets.Name.NODE_PORT_LOCAL_UDP, NODE_PORT, back, PORT, Protocol.UDP);
    toChain(nat, IpvsSets.Name.NODE_PORT_UDP, NODE_PORT, mark, PORT, Protocol.UDP);
    toChain(nat, IpvsSets.Name.NODE_PORT_LOCAL_SCTP_HASH, NODE_PORT, back, TO, Protocol.SCTP);
    toChain(nat, IpvsSets.Name.NODE_PORT_SCTP_HASH, NODE_PORT, mark, TO, Protocol.SCTP);
    toChain(
        filter,
        IpvsSets.Name.LOAD_BALANCER_FW,
        ChainNames.PROXY_FIREWALL,
        new Target.Jump(SOURCE_RANGES),
        TO,
        null);
    toChain(
        filter, IpvsSets.Name.LOAD_BALANCER_SOURCE_CIDR, SOURCE_RANGES, back, TO_AND_FROM, null);
    toChain(filter, IpvsSets.Name.LOAD_BALANCER_SOURCE_IP, SOURCE_RANGES, back, TO_AND_FROM, null);
  }

  private void toChain(
      Map<String, List<Rule>> table,
      IpvsSets.Name set,
      String chain,
      Target target,
      ImmutableList<String> directions,
      @Nullable Protocol protocol) {
    if (sets.isEmpty(set)) {
      return;
    }
    if (protocol == null) {
      add(table, chain, target, comment(set), inSet(set, directions));
    } else {
      add(
          table,
          chain,
          target,
          new Match.OfProtocol(false, protocol),
          comment(set),
          inSet(set, directions));
    }
  }

  private void writeClusterIp() {
    IpvsSets.Name set = IpvsSets.Name.CLUSTER_IP;
    if (sets.isEmpty(set)) {
      return;
    }
    Target mark = new Target.Jump(ChainNames.MARK_MASQ);
    LocalTrafficDetector known = detector;
    if (configuration.masqueradeAll()) {
      add(nat, ChainNames.SERVICES, mark, comment(set), inSet(set, TO));
    } else if (known != null) {
      add(nat, ChainNames.SERVICES, mark, comment(set), inSet(set, TO), known.notLocal());
    } else {
      add(nat, ChainNames.SERVICES, mark, comment(set), inSet(set, ImmutableList.of("src", "dst")));
    }
  }

  private void writeExternalIps() {
    IpvsSets.Name cluster = IpvsSets.Name.EXTERNAL_IP;
    if (!sets.isEmpty(cluster)) {
      add(
          nat,
          ChainNames.SERVICES,
          new Target.Jump(ChainNames.MARK_MASQ),
          comment(cluster),
          inSet(cluster, TO));
      acceptExternal(cluster);
    }
    if (!sets.isEmpty(IpvsSets.Name.EXTERNAL_IP_LOCAL)) {
      acceptExternal(IpvsSets.Name.EXTERNAL_IP_LOCAL);
    }
  }

  private void acceptExternal(IpvsSets.Name set) {
    add(
        nat,
        ChainNames.SERVICES,
        new Target.Accept(),
        comment(set),
        inSet(set, TO),
        new Match.CameByBridge(true),
        new Match.AddressType(true, true));
    add(
        nat,
        ChainNames.SERVICES,
        new Target.Accept(),
        comment(set),
        inSet(set, TO),
        new Match.AddressType(false, false));
  }

  private static Match states(ConnectionState... states) {
    return Match.ConntrackState.of(false, ImmutableSortedSet.copyOf(states));
  }

  private void writeForward() {
    int mark = configuration.masqueradeMark();
    add(
        filter,
        ChainNames.FORWARD,
        new Target.Accept(),
        new Match.Comment("kubernetes forwarding rules"),
        new Match.Mark(false, mark, mark));
    add(
        filter,
        ChainNames.FORWARD,
        new Target.Accept(),
        new Match.Comment("kubernetes forwarding conntrack rule"),
        states(ConnectionState.RELATED, ConnectionState.ESTABLISHED));
  }

  /** Ports of the host are not reached by way of a Service's address. */
  private void writeAccessFilter() {
    IpvsSets.Name health = IpvsSets.Name.HEALTH_CHECK_NODE_PORT;
    add(filter, NODE_PORT, new Target.Accept(), comment(health), inSet(health, PORT));
    for (IpvsSets.Name set :
        List.of(
            IpvsSets.Name.LOAD_BALANCER,
            IpvsSets.Name.CLUSTER_IP,
            IpvsSets.Name.EXTERNAL_IP,
            IpvsSets.Name.EXTERNAL_IP_LOCAL)) {
      add(filter, FILTER, new Target.Return(), inSet(set, TO));
    }
    add(filter, FILTER, new Target.Return(), inSet(health, PORT));
    add(
        filter,
        FILTER,
        new Target.Reject(
            family == IpFamily.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable"),
        states(ConnectionState.NEW),
        inSet(IpvsSets.Name.IPVS_IPS, PORT));
  }

  private void writeMasquerading() {
    int mark = configuration.masqueradeMark();
    add(nat, ChainNames.POSTROUTING, new Target.Return(), new Match.Mark(true, mark, mark));
    add(nat, ChainNames.POSTROUTING, new Target.SetMark(mark, 0));
    add(
        nat,
        ChainNames.POSTROUTING,
        new Target.Masquerade(true),
        new Match.Comment("kubernetes service traffic requiring SNAT"));
    add(nat, ChainNames.MARK_MASQ, new Target.SetMark(mark, mark));
  }

  private static Rule jump(String chain, String comment) {
    return Rule.of(List.of(new Match.Comment(comment)), new Target.Jump(chain));
  }

  private Ruleset ruleset() {
    Rule services = jump(ChainNames.SERVICES, "kubernetes service portals");
    Rule firewall = jump(ChainNames.PROXY_FIREWALL, "kube-proxy firewall rules");
    Rule access = jump(FILTER, "kubernetes ipvs access filter");
    List<Chain> natChains = new ArrayList<>();
    natChains.add(Chain.builtIn(Hook.PREROUTING, "ACCEPT", List.of(services)));
    natChains.add(Chain.builtIn(Hook.INPUT, "ACCEPT", List.of()));
    natChains.add(Chain.builtIn(Hook.OUTPUT, "ACCEPT", List.of(services)));
    natChains.add(
        Chain.builtIn(
            Hook.POSTROUTING,
            "ACCEPT",
            List.of(jump(ChainNames.POSTROUTING, "kubernetes postrouting rules"))));
    nat.forEach((name, rules) -> natChains.add(Chain.of(name, rules)));
    List<Chain> filterChains = new ArrayList<>();
    filterChains.add(
        Chain.builtIn(
            Hook.INPUT,
            "ACCEPT",
            List.of(access, firewall, jump(NODE_PORT, "kubernetes health check rules"))));
    filterChains.add(
        Chain.builtIn(
            Hook.FORWARD,
            "ACCEPT",
            List.of(firewall, jump(ChainNames.FORWARD, "kubernetes forwarding rules"))));
    filterChains.add(
        Chain.builtIn(
            Hook.OUTPUT, "ACCEPT", List.of(jump(OUT_FILTER, "kubernetes ipvs access filter"))));
    filter.forEach((name, rules) -> filterChains.add(Chain.of(name, rules)));
    return Ruleset.of(
        family,
        ImmutableList.of(
            Table.of(Table.Name.FILTER, filterChains), Table.of(Table.Name.NAT, natChains)));
  }
}
