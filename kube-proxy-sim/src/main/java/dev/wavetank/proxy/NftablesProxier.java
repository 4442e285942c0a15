package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.ConnectionState;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.nftables.Chain;
import dev.wavetank.proxy.nftables.ChainVerdict;
import dev.wavetank.proxy.nftables.ElementKey;
import dev.wavetank.proxy.nftables.Field;
import dev.wavetank.proxy.nftables.NamedSet;
import dev.wavetank.proxy.nftables.Rule;
import dev.wavetank.proxy.nftables.Statement;
import dev.wavetank.proxy.nftables.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the nftables table of one node for one state of Services and EndpointSlices. Services stand
 * sorted by name; kube-proxy's own order is random.
 *
 * <p>Chains that a sync leaves behind, empty until a later sync deletes them, are not in it.
 * Follows setupNFTables and syncProxyRules of pkg/proxy/nftables/proxier.go (v1.36).
 */
public final class NftablesProxier {

  private static final int BEFORE_DNAT = -110;
  private static final int DNAT = -100;
  private static final int FILTER = 0;
  private static final int SNAT = 100;

  private static final AddressBlock LOCALHOST = AddressBlock.parse("127.0.0.0/8");
  private static final AddressBlock LOCALHOST_IPV6 = AddressBlock.parse("::1");

  private static final ImmutableList<Field> DESTINATION = ImmutableList.of(Field.DESTINATION);
  private static final ImmutableList<Field> PORT = ImmutableList.of(Field.PROTOCOL, Field.PORT);
  private static final ImmutableList<Field> DESTINATION_PORT =
      ImmutableList.of(Field.DESTINATION, Field.PROTOCOL, Field.PORT);
  private static final ImmutableList<Field> HAIRPIN =
      ImmutableList.of(Field.SOURCE, Field.DESTINATION, Field.PROTOCOL, Field.PORT);

  private final ProxyState state;
  private final ProxyNode node;
  private final KubeProxyConfiguration configuration;
  private final IpFamily family;
  private final boolean nodePortsEverywhere;

  NftablesProxier(ProxyState state, ProxyNode node) {
    this.state = state;
    this.node = node;
    this.configuration = state.configuration();
    this.family = state.family();
    this.nodePortsEverywhere = nodePortsEverywhere(configuration, family, node);
  }

  /** Blocks of node addresses that take node ports: by default the node's own address. */
  private static ImmutableList<AddressBlock> nodePortBlocks(
      KubeProxyConfiguration configuration, IpFamily family, ProxyNode node) {
    if (!configuration.nodePortAddresses().isEmpty()) {
      return configuration.nodePortAddresses().stream()
          .filter(block -> block.family() == family)
          .collect(ImmutableList.toImmutableList());
    }
    IpAddress own = node.address(family);
    return own == null ? ImmutableList.of() : ImmutableList.of(AddressBlock.of(own));
  }

  /** Whether every address of the node takes node ports, but localhost. */
  static boolean nodePortsEverywhere(
      KubeProxyConfiguration configuration, IpFamily family, ProxyNode node) {
    ImmutableList<AddressBlock> blocks = nodePortBlocks(configuration, family, node);
    return blocks.isEmpty() || blocks.stream().anyMatch(block -> block.prefixLength() == 0);
  }

  /** The part of the table that all nodes with the same view of Services have in common. */
  Table shared() {
    Map<String, Map<ElementKey, NamedSet.Element>> elements = new LinkedHashMap<>();
    List<NamedSet> sets = new ArrayList<>(namedSets());
    sets.forEach(set -> elements.put(set.name(), new LinkedHashMap<>()));
    List<NamedSet> affinitySets = new ArrayList<>();
    List<Chain> chains = new ArrayList<>(baseChains());
    chains.addAll(fixedChains());
    for (ServicePortState port : state.ports()) {
      NftablesService service = state.nftables(port, node);
      for (NftablesService.Member member : service.members()) {
        Map<ElementKey, NamedSet.Element> own = elements.get(member.set());
        if (own != null) {
          own.put(member.key(), member.element());
        }
      }
      chains.addAll(service.chains());
      affinitySets.addAll(service.affinitySets());
    }
    sets.replaceAll(
        set -> {
          Map<ElementKey, NamedSet.Element> own = elements.get(set.name());
          return own == null ? set : set.withElements(ImmutableMap.copyOf(own));
        });
    sets.addAll(affinitySets);
    return Table.of(family, NftablesNames.TABLE, "rules for kube-proxy", sets, chains);
  }

  /** The elements of the sets that are the node's own. */
  ImmutableMap<String, ImmutableMap<ElementKey, NamedSet.Element>> ownElements() {
    Map<ElementKey, NamedSet.Element> hairpins = new LinkedHashMap<>();
    for (ServicePortState port : state.portsOn(node)) {
      for (Endpoint endpoint :
          CategorizedEndpoints.of(port.port(), port.endpoints(), node).reachable()) {
        if (endpoint.on(node)) {
          hairpins.put(
              new ElementKey(
                  endpoint.address(), endpoint.address(), port.port().protocol(), endpoint.port()),
              NamedSet.Element.PRESENT);
        }
      }
    }
    Map<ElementKey, NamedSet.Element> nodePortIps = new LinkedHashMap<>();
    for (AddressBlock block : nodePortBlocks(configuration, family, node)) {
      for (IpAddress address : node.addresses()) {
        if (block.contains(address)) {
          nodePortIps.put(ElementKey.of(address), NamedSet.Element.PRESENT);
        }
      }
    }
    return ImmutableMap.of(
        NftablesNames.HAIRPIN_CONNECTIONS,
        ImmutableMap.copyOf(hairpins),
        NftablesNames.NODE_PORT_IPS,
        ImmutableMap.copyOf(nodePortIps));
  }

  private static Chain base(String name, boolean nat, Hook hook, int priority, Rule... rules) {
    return new Chain(name, new Chain.Base(nat, hook, priority), "", ImmutableList.copyOf(rules));
  }

  private static Rule jump(String chain) {
    return Rule.of(new Statement.Decide(ChainVerdict.jump(chain)));
  }

  private static Rule jumpIfNew(String chain) {
    return Rule.of(
        new Statement.Tracked(ConnectionState.NEW), new Statement.Decide(ChainVerdict.jump(chain)));
  }

  static ImmutableList<Chain> baseChains() {
    Rule firewall = jumpIfNew(NftablesNames.FIREWALL_CHECK);
    Rule endpoints = jumpIfNew(NftablesNames.SERVICE_ENDPOINTS_CHECK);
    Rule clusterIps = jumpIfNew(NftablesNames.CLUSTER_IPS_CHECK);
    Rule nodePorts = jumpIfNew(NftablesNames.NODE_PORT_ENDPOINTS_CHECK);
    Rule services = jump(NftablesNames.SERVICES);
    return ImmutableList.of(
        base("filter-prerouting-pre-dnat", false, Hook.PREROUTING, BEFORE_DNAT, firewall),
        base("filter-output-pre-dnat", false, Hook.OUTPUT, BEFORE_DNAT, firewall),
        base("filter-input", false, Hook.INPUT, FILTER, nodePorts, endpoints),
        base("filter-forward", false, Hook.FORWARD, FILTER, endpoints, clusterIps),
        base("filter-output", false, Hook.OUTPUT, FILTER, endpoints, clusterIps),
        base("nat-prerouting", true, Hook.PREROUTING, DNAT, services),
        base("nat-output", true, Hook.OUTPUT, DNAT, services),
        base("nat-postrouting", true, Hook.POSTROUTING, SNAT, jump(NftablesNames.MASQUERADING)));
  }

  /** The chains that every table has beside the base chains. */
  ImmutableList<Chain> fixedChains() {
    return ImmutableList.of(
        Chain.of(NftablesNames.NODE_PORT_ENDPOINTS_CHECK, List.of(nodePortCheck())),
        Chain.of(
            NftablesNames.SERVICE_ENDPOINTS_CHECK,
            List.of(
                Rule.of(
                    new Statement.VerdictMap(
                        DESTINATION_PORT, NftablesNames.NO_ENDPOINT_SERVICES)))),
        Chain.of(
            NftablesNames.FIREWALL_CHECK,
            List.of(
                Rule.of(new Statement.VerdictMap(DESTINATION_PORT, NftablesNames.FIREWALL_IPS)))),
        Chain.of(NftablesNames.SERVICES, serviceRules()),
        Chain.of(NftablesNames.MASQUERADING, masqueradeRules()),
        Chain.of(NftablesNames.CLUSTER_IPS_CHECK, clusterIpRules()),
        new Chain(
            NftablesNames.REJECT,
            null,
            "helper for @no-endpoint-services / @no-endpoint-nodeports",
            ImmutableList.of(Rule.of(new Statement.Decide(ChainVerdict.REJECT)))));
  }

  private static Statement toClusterIp() {
    return new Statement.InSet(DESTINATION, NftablesNames.CLUSTER_IPS);
  }

  private Statement notLocalhost() {
    return Statement.AddressIn.one(
        false, true, family == IpFamily.IPV4 ? LOCALHOST : LOCALHOST_IPV6);
  }

  private Rule nodePortCheck() {
    return Rule.of(
        nodePortsEverywhere
            ? notLocalhost()
            : new Statement.InSet(DESTINATION, NftablesNames.NODE_PORT_IPS),
        new Statement.VerdictMap(PORT, NftablesNames.NO_ENDPOINT_NODE_PORTS));
  }

  private List<Rule> serviceRules() {
    List<Rule> rules = new ArrayList<>();
    Statement mark = new Statement.SetMark(false, configuration.masqueradeMark());
    LocalTrafficDetector detector = configuration.detector(family, node);
    if (configuration.masqueradeAll()) {
      rules.add(Rule.of("masquerade all clusterIP traffic", List.of(toClusterIp(), mark)));
    } else if (detector != null) {
      rules.add(
          Rule.of(
              "masquerade clusterIP traffic from outside cluster",
              List.of(toClusterIp(), detector.nftNotLocal(), mark)));
    }
    rules.add(Rule.of(new Statement.VerdictMap(DESTINATION_PORT, NftablesNames.SERVICE_IPS)));
    Statement toNodePort = new Statement.VerdictMap(PORT, NftablesNames.SERVICE_NODE_PORTS);
    rules.add(
        nodePortsEverywhere
            ? Rule.of(new Statement.LocalAddress(false), notLocalhost(), toNodePort)
            : Rule.of(new Statement.InSet(DESTINATION, NftablesNames.NODE_PORT_IPS), toNodePort));
    return rules;
  }

  private List<Rule> masqueradeRules() {
    int mark = configuration.masqueradeMark();
    return List.of(
        Rule.of(
            new Statement.Marked(mark),
            new Statement.SetMark(true, mark),
            new Statement.Masquerade()),
        Rule.of(
            new Statement.Tracked(ConnectionState.DNAT),
            new Statement.InSet(HAIRPIN, NftablesNames.HAIRPIN_CONNECTIONS),
            new Statement.Masquerade()));
  }

  private List<Rule> clusterIpRules() {
    List<Rule> rules = new ArrayList<>();
    rules.add(
        Rule.of(
            "Reject traffic to invalid ports of ClusterIPs",
            List.of(toClusterIp(), new Statement.Decide(ChainVerdict.REJECT))));
    ImmutableList<AddressBlock> cidrs =
        configuration.serviceCidrs().stream()
            .filter(block -> block.family() == family)
            .collect(ImmutableList.toImmutableList());
    if (!cidrs.isEmpty()) {
      rules.add(
          Rule.of(
              "Drop traffic to unallocated ClusterIPs",
              List.of(
                  new Statement.AddressIn(false, false, cidrs, true),
                  new Statement.Decide(ChainVerdict.DROP))));
    }
    return rules;
  }

  private static ImmutableList<Field.KeyType> types(ImmutableList<Field> fields) {
    return fields.stream().map(Field::type).collect(ImmutableList.toImmutableList());
  }

  private static NamedSet set(
      String name, ImmutableList<Field> key, boolean verdicts, String comment) {
    return new NamedSet(name, types(key), verdicts, 0, comment, ImmutableMap.of());
  }

  static NamedSet nodePortIps() {
    return set(NftablesNames.NODE_PORT_IPS, DESTINATION, false, "IPs that accept NodePort traffic");
  }

  /** The sets and maps that every table has, without elements. */
  private List<NamedSet> namedSets() {
    List<NamedSet> sets = new ArrayList<>();
    sets.add(set(NftablesNames.HAIRPIN_CONNECTIONS, HAIRPIN, false, "service hairpin connections"));
    sets.add(set(NftablesNames.CLUSTER_IPS, DESTINATION, false, "Active ClusterIPs"));
    if (!nodePortsEverywhere) {
      sets.add(nodePortIps());
    }
    sets.add(
        set(
            NftablesNames.NO_ENDPOINT_SERVICES,
            DESTINATION_PORT,
            true,
            "vmap to drop or reject packets to services with no endpoints"));
    sets.add(
        set(
            NftablesNames.NO_ENDPOINT_NODE_PORTS,
            PORT,
            true,
            "vmap to drop or reject packets to service nodeports with no endpoints"));
    sets.add(
        set(
            NftablesNames.FIREWALL_IPS,
            DESTINATION_PORT,
            true,
            "destinations that are subject to LoadBalancerSourceRanges"));
    sets.add(
        set(
            NftablesNames.SERVICE_IPS,
            DESTINATION_PORT,
            true,
            "ClusterIP, ExternalIP and LoadBalancer IP traffic"));
    sets.add(set(NftablesNames.SERVICE_NODE_PORTS, PORT, true, "NodePort traffic"));
    return sets;
  }
}
