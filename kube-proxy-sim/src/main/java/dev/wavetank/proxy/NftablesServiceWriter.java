package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.nftables.Chain;
import dev.wavetank.proxy.nftables.ChainVerdict;
import dev.wavetank.proxy.nftables.ElementKey;
import dev.wavetank.proxy.nftables.Field;
import dev.wavetank.proxy.nftables.NamedSet;
import dev.wavetank.proxy.nftables.NumberGenerator;
import dev.wavetank.proxy.nftables.Rule;
import dev.wavetank.proxy.nftables.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one Service port adds to the nftables table for one view of its endpoints.
 *
 * <p>Follows syncProxyRules, writeServiceToEndpointDNATs and writeServiceToEndpointJumps of
 * pkg/proxy/nftables/proxier.go (v1.36).
 */
final class NftablesServiceWriter {

  private final KubeProxyConfiguration configuration;
  private final @Nullable LocalTrafficDetector detector;
  private final boolean allowFromNode;
  private final ServicePortName name;
  private final ServicePort port;
  private final CategorizedEndpoints endpoints;
  private final Protocol protocol;
  private final String clusterChain;
  private final String localChain;
  private final String externalChain;
  private final String firewallChain;
  private final boolean usesCluster;
  private final boolean usesLocal;
  private final boolean hasExternal;
  private final boolean usesFirewall;
  private final List<Chain> chains = new ArrayList<>();
  private final List<NamedSet> affinitySets = new ArrayList<>();
  private final List<NftablesService.Member> members = new ArrayList<>();

  /**
   * @param allowFromNode whether a source range of the port contains the node's address
   */
  NftablesServiceWriter(
      KubeProxyConfiguration configuration,
      @Nullable LocalTrafficDetector detector,
      boolean allowFromNode,
      ServicePortName name,
      ServicePort port,
      CategorizedEndpoints endpoints) {
    this.configuration = configuration;
    this.detector = detector;
    this.allowFromNode = allowFromNode;
    this.name = name;
    this.port = port;
    this.endpoints = endpoints;
    this.protocol = port.protocol();
    this.clusterChain = NftablesNames.clusterPolicy(name);
    this.localChain = NftablesNames.localPolicy(name);
    this.externalChain = NftablesNames.external(name);
    this.firewallChain = NftablesNames.firewall(name);
    boolean hasLocal = !endpoints.local().isEmpty();
    this.usesCluster = !endpoints.cluster().isEmpty() && port.usesClusterEndpoints();
    this.usesLocal = hasLocal && port.usesLocalEndpoints();
    this.hasExternal = endpoints.any() && (!port.externalPolicyLocal() || hasLocal);
    this.usesFirewall =
        !port.loadBalancerVips().isEmpty() && !port.loadBalancerSourceRanges().isEmpty();
  }

  NftablesService write(int variant) {
    if (port.clientIpAffinity()) {
      endpoints.reachable().forEach(this::writeEndpoint);
    }
    if (usesCluster) {
      chains.add(balancer(clusterChain, endpoints.cluster()));
    }
    if (usesLocal) {
      chains.add(balancer(localChain, endpoints.local()));
    }
    if (endpoints.any() && port.externallyAccessible()) {
      chains.add(Chain.of(externalChain, externalRules()));
    }
    if (usesFirewall) {
      chains.add(Chain.of(firewallChain, List.of(firewallRule())));
    }
    captureClusterIp();
    port.externalIps().forEach(this::captureExternal);
    for (IpAddress vip : port.loadBalancerVips()) {
      captureExternal(vip);
      if (usesFirewall) {
        add(NftablesNames.FIREWALL_IPS, vip, ChainVerdict.goTo(firewallChain), "");
      }
    }
    captureNodePort();
    return new NftablesService(
        variant,
        ImmutableList.copyOf(chains),
        ImmutableList.copyOf(affinitySets),
        ImmutableList.copyOf(members));
  }

  private void add(String set, IpAddress address, ChainVerdict verdict, String comment) {
    members.add(
        new NftablesService.Member(
            set,
            ElementKey.of(address, protocol, port.port()),
            new NamedSet.Element(comment, verdict)));
  }

  private ChainVerdict refusal() {
    return endpoints.any() ? ChainVerdict.DROP : ChainVerdict.goTo(NftablesNames.REJECT);
  }

  private void captureClusterIp() {
    members.add(
        new NftablesService.Member(
            NftablesNames.CLUSTER_IPS, ElementKey.of(port.clusterIp()), NamedSet.Element.PRESENT));
    boolean hasInternal =
        endpoints.any() && (!port.internalPolicyLocal() || !endpoints.local().isEmpty());
    if (hasInternal) {
      String chain = port.internalPolicyLocal() ? localChain : clusterChain;
      add(NftablesNames.SERVICE_IPS, port.clusterIp(), ChainVerdict.goTo(chain), "");
    } else {
      add(NftablesNames.NO_ENDPOINT_SERVICES, port.clusterIp(), refusal(), name.toString());
    }
  }

  private void captureExternal(IpAddress address) {
    if (endpoints.any()) {
      add(NftablesNames.SERVICE_IPS, address, ChainVerdict.goTo(externalChain), "");
    }
    if (!hasExternal) {
      add(NftablesNames.NO_ENDPOINT_SERVICES, address, refusal(), name.toString());
    }
  }

  private void captureNodePort() {
    if (port.nodePort() == 0) {
      return;
    }
    ElementKey key = ElementKey.of(protocol, port.nodePort());
    if (endpoints.any()) {
      members.add(
          new NftablesService.Member(
              NftablesNames.SERVICE_NODE_PORTS,
              key,
              new NamedSet.Element("", ChainVerdict.goTo(externalChain))));
    }
    if (!hasExternal) {
      members.add(
          new NftablesService.Member(
              NftablesNames.NO_ENDPOINT_NODE_PORTS,
              key,
              new NamedSet.Element(name.toString(), refusal())));
    }
  }

  private static Statement goTo(String chain) {
    return new Statement.Decide(ChainVerdict.goTo(chain));
  }

  private List<Rule> externalRules() {
    List<Rule> rules = new ArrayList<>();
    Statement mark = new Statement.SetMark(false, configuration.masqueradeMark());
    if (!port.externalPolicyLocal()) {
      rules.add(Rule.of("masquerade", List.of(mark)));
    } else {
      LocalTrafficDetector known = detector;
      if (known != null) {
        rules.add(
            Rule.of("short-circuit pod traffic", List.of(known.nftLocal(), goTo(clusterChain))));
      }
      Statement fromNode = new Statement.LocalAddress(true);
      rules.add(Rule.of("masquerade local traffic", List.of(fromNode, mark)));
      rules.add(Rule.of("short-circuit local traffic", List.of(fromNode, goTo(clusterChain))));
    }
    if (hasExternal) {
      rules.add(Rule.of(goTo(port.externalPolicyLocal() ? localChain : clusterChain)));
    }
    return rules;
  }

  private Rule firewallRule() {
    ImmutableList.Builder<AddressBlock> sources = ImmutableList.builder();
    sources.addAll(port.loadBalancerSourceRanges());
    if (allowFromNode) {
      port.loadBalancerVips().forEach(vip -> sources.add(AddressBlock.of(vip)));
    }
    return Rule.of(
        new Statement.AddressIn(true, true, sources.build(), true),
        new Statement.Decide(ChainVerdict.DROP));
  }

  private Chain balancer(String chain, ImmutableList<Endpoint> targets) {
    NumberGenerator number =
        new NumberGenerator(configuration.balancer() == Balancer.RANDOM, targets.size());
    if (!port.clientIpAffinity()) {
      ImmutableList<Statement.Dnat> destinations =
          targets.stream()
              .map(endpoint -> new Statement.Dnat(endpoint.address(), endpoint.port()))
              .collect(ImmutableList.toImmutableList());
      return Chain.of(
          chain,
          List.of(
              Rule.of(
                  new Statement.OfProtocol(protocol),
                  new Statement.DnatMap(number, destinations))));
    }
    List<Rule> rules = new ArrayList<>();
    ImmutableList.Builder<ChainVerdict> verdicts = ImmutableList.builder();
    for (Endpoint endpoint : targets) {
      String own = NftablesNames.endpoint(name, endpoint);
      rules.add(
          Rule.of(
              new Statement.InSet(
                  ImmutableList.of(Field.SOURCE), NftablesNames.affinity(name, endpoint)),
              goTo(own)));
      verdicts.add(ChainVerdict.goTo(own));
    }
    rules.add(Rule.of(new Statement.NumberedVerdicts(number, verdicts.build())));
    return Chain.of(chain, rules);
  }

  private void writeEndpoint(Endpoint endpoint) {
    String set = NftablesNames.affinity(name, endpoint);
    affinitySets.add(
        new NamedSet(
            set,
            ImmutableList.of(Field.KeyType.ADDRESS),
            false,
            port.stickySeconds(),
            "",
            ImmutableMap.of()));
    chains.add(
        Chain.of(
            NftablesNames.endpoint(name, endpoint),
            List.of(
                Rule.of(new Statement.Update(set)),
                Rule.of(
                    new Statement.OfProtocol(protocol),
                    new Statement.Dnat(endpoint.address(), endpoint.port())))));
  }
}
