package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.iptables.Match;
import dev.wavetank.proxy.iptables.Probability;
import dev.wavetank.proxy.iptables.Rule;
import dev.wavetank.proxy.iptables.Table;
import dev.wavetank.proxy.iptables.Target;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rules of one Service port for one view of its endpoints.
 *
 * <p>Follows syncProxyRules and writeServiceToEndpointRules of pkg/proxy/iptables/proxier.go
 * (v1.36).
 */
final class ServiceRuleWriter {

  /** Name of the counter of connections to node ports of localhost. */
  private static final String LOCALHOST_COUNTER = "localhost_nps_accepted_pkts";

  private static final AddressBlock LOCALHOST = AddressBlock.parse("127.0.0.0/8");

  private final KubeProxyConfiguration configuration;
  private final IpFamily family;
  private final @Nullable LocalTrafficDetector detector;
  private final boolean largeCluster;
  private final boolean allowFromNode;

  private final String name;
  private final ServicePort port;
  private final CategorizedEndpoints endpoints;
  private final Protocol protocol;
  private final String clusterChain;
  private final String localChain;
  private final String externalChain;
  private final String firewallChain;
  private final boolean hasInternal;
  private final boolean hasExternal;
  private final boolean usesFirewall;
  private final ServiceRules.Builder rules = new ServiceRules.Builder();

  /**
   * @param largeCluster whether rules of endpoints go without comments
   * @param allowFromNode whether a source range of the port contains the node's address
   */
  ServiceRuleWriter(
      KubeProxyConfiguration configuration,
      IpFamily family,
      @Nullable LocalTrafficDetector detector,
      boolean largeCluster,
      boolean allowFromNode,
      ServicePortName portName,
      ServicePort port,
      CategorizedEndpoints endpoints) {
    this.configuration = configuration;
    this.family = family;
    this.detector = detector;
    this.largeCluster = largeCluster;
    this.allowFromNode = allowFromNode;
    this.name = portName.toString();
    this.port = port;
    this.endpoints = endpoints;
    this.protocol = port.protocol();
    this.clusterChain = ChainNames.clusterPolicy(name, protocol);
    this.localChain = ChainNames.localPolicy(name, protocol);
    this.externalChain = ChainNames.external(name, protocol);
    this.firewallChain = ChainNames.firewall(name, protocol);
    boolean hasLocal = !endpoints.local().isEmpty();
    this.hasInternal = endpoints.any() && (!port.internalPolicyLocal() || hasLocal);
    this.hasExternal = endpoints.any() && (!port.externalPolicyLocal() || hasLocal);
    this.usesFirewall =
        endpoints.any()
            && !port.loadBalancerVips().isEmpty()
            && !port.loadBalancerSourceRanges().isEmpty();
  }

  ServiceRules write(int variant) {
    captureClusterIp();
    port.externalIps().forEach(this::captureExternalIp);
    captureLoadBalancer();
    captureNodePort();
    if (port.healthCheckNodePort() != 0) {
      rules.add(
          Table.Name.FILTER,
          ChainNames.NODE_PORTS,
          Rule.of(
              List.of(
                  comment(name + " health check node port"),
                  new Match.OfProtocol(false, Protocol.TCP),
                  new Match.Ports(Protocol.TCP, false, port.healthCheckNodePort())),
              new Target.Accept()));
    }
    if (hasInternal) {
      masqueradeInternal();
    }
    if (endpoints.any() && port.externallyAccessible()) {
      writeExternalChain();
    }
    if (usesFirewall) {
      writeFirewallChain();
    }
    if (!endpoints.cluster().isEmpty() && port.usesClusterEndpoints()) {
      rules.declare(clusterChain);
      writeBalancer(clusterChain, endpoints.cluster());
    }
    if (!endpoints.local().isEmpty() && port.usesLocalEndpoints()) {
      rules.declare(localChain);
      writeBalancer(localChain, endpoints.local());
    }
    endpoints.reachable().forEach(this::writeEndpointChain);
    return rules.build(variant);
  }

  private static Match comment(String text) {
    return new Match.Comment(text);
  }

  private static Target jump(String chain) {
    return new Target.Jump(chain);
  }

  private void nat(String chain, List<Match> matches, Target target) {
    rules.add(Table.Name.NAT, chain, Rule.of(matches, target));
  }

  /** Comment, protocol, and a destination with its port. */
  private List<Match> traffic(String comment, IpAddress destination) {
    return List.of(
        comment(comment),
        new Match.OfProtocol(false, protocol),
        new Match.Destination(false, AddressBlock.of(destination)),
        new Match.Ports(protocol, false, port.port()));
  }

  private String internalChain() {
    return port.internalPolicyLocal() ? localChain : clusterChain;
  }

  private String missing() {
    return name + (endpoints.any() ? " has no local endpoints" : " has no endpoints");
  }

  private Target refusal() {
    if (endpoints.any()) {
      return new Target.Drop();
    }
    return new Target.Reject(
        family == IpFamily.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable");
  }

  private void captureClusterIp() {
    if (hasInternal) {
      nat(
          ChainNames.SERVICES,
          traffic(name + " cluster IP", port.clusterIp()),
          jump(internalChain()));
    } else {
      rules.add(
          Table.Name.FILTER,
          ChainNames.SERVICES,
          Rule.of(traffic(missing(), port.clusterIp()), refusal()));
    }
  }

  private void captureExternalIp(IpAddress address) {
    if (endpoints.any()) {
      nat(ChainNames.SERVICES, traffic(name + " external IP", address), jump(externalChain));
    }
    refuseExternal(address);
  }

  private void refuseExternal(IpAddress address) {
    if (!hasExternal) {
      rules.add(
          Table.Name.FILTER,
          ChainNames.EXTERNAL_SERVICES,
          Rule.of(traffic(missing(), address), refusal()));
    }
  }

  private void captureLoadBalancer() {
    for (IpAddress vip : port.loadBalancerVips()) {
      if (endpoints.any()) {
        nat(
            ChainNames.SERVICES,
            traffic(name + " loadbalancer IP", vip),
            jump(usesFirewall ? firewallChain : externalChain));
      }
      if (usesFirewall) {
        rules.add(
            Table.Name.FILTER,
            ChainNames.PROXY_FIREWALL,
            Rule.of(
                traffic(name + " traffic not accepted by " + firewallChain, vip),
                new Target.Drop()));
      }
    }
    port.loadBalancerVips().forEach(this::refuseExternal);
  }

  private void captureNodePort() {
    if (port.nodePort() == 0) {
      return;
    }
    Match ofProtocol = new Match.OfProtocol(false, protocol);
    Match ports = new Match.Ports(protocol, false, port.nodePort());
    if (endpoints.any()) {
      if (configuration.localhostNodePorts(family) && configuration.accounting()) {
        nat(
            ChainNames.NODE_PORTS,
            List.of(
                comment(name),
                ofProtocol,
                new Match.Destination(false, LOCALHOST),
                ports,
                new Match.Accounting(LOCALHOST_COUNTER)),
            jump(externalChain));
      }
      nat(ChainNames.NODE_PORTS, List.of(comment(name), ofProtocol, ports), jump(externalChain));
    }
    if (!hasExternal) {
      rules.add(
          Table.Name.FILTER,
          ChainNames.EXTERNAL_SERVICES,
          Rule.of(
              List.of(comment(missing()), new Match.AddressType(false, false), ofProtocol, ports),
              refusal()));
    }
  }

  private void masqueradeInternal() {
    List<Match> matches = new ArrayList<>(traffic(name + " cluster IP", port.clusterIp()));
    LocalTrafficDetector known = detector;
    if (!configuration.masqueradeAll()) {
      if (known == null) {
        return;
      }
      matches.add(known.notLocal());
    }
    nat(internalChain(), matches, jump(ChainNames.MARK_MASQ));
  }

  private void writeExternalChain() {
    rules.declare(externalChain);
    if (!port.externalPolicyLocal()) {
      nat(
          externalChain,
          List.of(comment("masquerade traffic for " + name + " external destinations")),
          jump(ChainNames.MARK_MASQ));
    } else {
      shortCircuitLocalTraffic();
    }
    if (hasExternal) {
      nat(
          externalChain,
          ImmutableList.of(),
          jump(port.externalPolicyLocal() ? localChain : clusterChain));
    }
  }

  /** Under policy Local, the node and its pods still reach every endpoint. */
  private void shortCircuitLocalTraffic() {
    LocalTrafficDetector known = detector;
    if (known != null) {
      nat(
          externalChain,
          List.of(comment("pod traffic for " + name + " external destinations"), known.local()),
          jump(clusterChain));
    }
    Match fromNode = new Match.AddressType(true, false);
    nat(
        externalChain,
        List.of(
            comment("masquerade LOCAL traffic for " + name + " external destinations"), fromNode),
        jump(ChainNames.MARK_MASQ));
    nat(
        externalChain,
        List.of(comment("route LOCAL traffic for " + name + " external destinations"), fromNode),
        jump(clusterChain));
  }

  private void writeFirewallChain() {
    rules.declare(firewallChain);
    Match comment = comment(name + " loadbalancer IP");
    for (AddressBlock range : port.loadBalancerSourceRanges()) {
      nat(firewallChain, List.of(comment, new Match.Source(false, range)), jump(externalChain));
    }
    if (allowFromNode) {
      for (IpAddress vip : port.loadBalancerVips()) {
        nat(
            firewallChain,
            List.of(comment, new Match.Source(false, AddressBlock.of(vip))),
            jump(externalChain));
      }
    }
    nat(
        firewallChain,
        List.of(comment("other traffic to " + name + " will be dropped by KUBE-PROXY-FIREWALL")),
        new Target.None());
  }

  private void writeBalancer(String chain, ImmutableList<Endpoint> targets) {
    if (port.clientIpAffinity()) {
      for (Endpoint endpoint : targets) {
        String to = ChainNames.endpoint(name, protocol, endpoint.text());
        List<Match> matches = endpointComment(name + " -> " + endpoint.text());
        matches.add(new Match.RecentCheck(to, port.stickySeconds()));
        nat(chain, matches, jump(to));
      }
    }
    for (int i = 0; i < targets.size(); i++) {
      Endpoint endpoint = targets.get(i);
      List<Match> matches = endpointComment(name + " -> " + endpoint.text());
      int left = targets.size() - i;
      if (left > 1) {
        matches.add(
            configuration.balancer() == Balancer.RANDOM
                ? new Match.Random(Probability.oneIn(left))
                : new Match.Nth(left, 0));
      }
      nat(chain, matches, jump(ChainNames.endpoint(name, protocol, endpoint.text())));
    }
  }

  private List<Match> endpointComment(String text) {
    List<Match> matches = new ArrayList<>(4);
    if (!largeCluster) {
      matches.add(comment(text));
    }
    return matches;
  }

  private void writeEndpointChain(Endpoint endpoint) {
    String chain = ChainNames.endpoint(name, protocol, endpoint.text());
    rules.declare(chain);
    List<Match> hairpin = endpointComment(name);
    hairpin.add(new Match.Source(false, AddressBlock.of(endpoint.address())));
    nat(chain, hairpin, jump(ChainNames.MARK_MASQ));
    List<Match> matches = endpointComment(name);
    if (port.clientIpAffinity()) {
      matches.add(new Match.RecentSet(chain));
    }
    matches.add(new Match.OfProtocol(false, protocol));
    matches.add(new Match.Ports(protocol, false, -1));
    nat(chain, matches, new Target.Dnat(endpoint.address(), endpoint.port()));
  }
}
