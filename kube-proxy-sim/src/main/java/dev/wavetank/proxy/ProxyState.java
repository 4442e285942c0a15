package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.LinkedHashMultimap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.iptables.Ruleset;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.nftables.Table;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All Service ports with their endpoints as of one moment, in one family; immutable and shared by
 * the nodes that see that moment. The rule sets are computed when someone needs them, once for all
 * nodes for which they are equal.
 */
public final class ProxyState {

  /** Above so many endpoints, rules of endpoints carry no comments. */
  static final int LARGE_CLUSTER_ENDPOINTS = 1000;

  /** The ports, read when first asked for. */
  private record Ports(
      ImmutableList<ServicePortState> all,
      ImmutableList<ServicePortState> differing,
      boolean largeCluster) {

    static Ports of(ImmutableList<ServicePortState> all) {
      ImmutableList.Builder<ServicePortState> differing = ImmutableList.builder();
      int endpoints = 0;
      for (ServicePortState port : all) {
        endpoints += port.endpoints().size();
        if (!port.sameOnAllNodes()) {
          differing.add(port);
        }
      }
      return new Ports(all, differing.build(), endpoints > LARGE_CLUSTER_ENDPOINTS);
    }
  }

  /**
   * What makes two nodes' rules equal beside the shared part: the rest of their rules, as numbers.
   */
  private record Variant(ImmutableList<Integer> rules, ImmutableList<String> nodePortAddresses) {}

  /** The same for the part of nftables tables that nodes share. */
  private record TableVariant(
      ImmutableList<Integer> rules,
      boolean nodePortsEverywhere,
      @Nullable LocalTrafficDetector detector) {}

  private final KubeProxyConfiguration configuration;
  private final IpFamily family;
  private final ServiceTree services;
  private @Nullable Ports ports;
  private final Map<Variant, Ruleset> rulesets = new LinkedHashMap<>();
  private final Map<TableVariant, Table> tables = new LinkedHashMap<>();
  private final Map<ProxyNode, IpvsRules> ipvs = new LinkedHashMap<>();
  private @Nullable ImmutableListMultimap<String, ServicePortState> byNode;

  ProxyState(KubeProxyConfiguration configuration, IpFamily family, ServiceTree services) {
    this.configuration = configuration;
    this.family = family;
    this.services = services;
  }

  private Ports read() {
    Ports known = ports;
    if (known == null) {
      ImmutableList.Builder<ServicePortState> all = ImmutableList.builder();
      services.forEach(entry -> all.addAll(entry.ports(configuration, family)));
      known = Ports.of(all.build());
      ports = known;
    }
    return known;
  }

  public IpFamily family() {
    return family;
  }

  KubeProxyConfiguration configuration() {
    return configuration;
  }

  /** The Service ports, by name. */
  ImmutableList<ServicePortState> ports() {
    return read().all;
  }

  /** How many ready endpoints of a Service are on the node. */
  int localEndpoints(String namespace, String name, ProxyNode node) {
    ServiceEntry entry = services.get(ServiceEntry.empty(namespace, name));
    Set<IpAddress> local = new LinkedHashSet<>();
    if (entry != null) {
      for (ServicePortState port : entry.ports(configuration, family)) {
        for (Endpoint endpoint : port.endpoints()) {
          if (endpoint.ready() && endpoint.on(node)) {
            local.add(endpoint.address());
          }
        }
      }
    }
    return local.size();
  }

  boolean largeCluster() {
    return read().largeCluster;
  }

  ServiceRules rules(ServicePortState port, ProxyNode node) {
    return port.rules(configuration, family, node, largeCluster());
  }

  /** What the kernel of that node holds after a sync of this state. */
  public Ruleset ruleset(ProxyNode node) {
    ImmutableList<Integer> own =
        read().differing.stream()
            .map(port -> rules(port, node).variant())
            .collect(ImmutableList.toImmutableList());
    Variant variant =
        new Variant(own, IptablesProxier.nodePortAddresses(configuration, family, node));
    Ruleset known = rulesets.get(variant);
    if (known == null) {
      known = new IptablesProxier(this, node).ruleset();
      rulesets.put(variant, known);
    }
    return known;
  }

  NftablesService nftables(ServicePortState port, ProxyNode node) {
    return port.nftables(configuration, family, node);
  }

  /** The ports that have an endpoint on the node. */
  ImmutableList<ServicePortState> portsOn(ProxyNode node) {
    ImmutableListMultimap<String, ServicePortState> known = byNode;
    if (known == null) {
      LinkedHashMultimap<String, ServicePortState> found = LinkedHashMultimap.create();
      for (ServicePortState port : ports()) {
        port.endpoints().forEach(endpoint -> found.put(endpoint.nodeName(), port));
      }
      known = ImmutableListMultimap.copyOf(found);
      byNode = known;
    }
    return known.get(node.name());
  }

  /** What the kernel of that node holds in nftables mode after a sync of this state. */
  public Table table(ProxyNode node) {
    NftablesProxier proxier = new NftablesProxier(this, node);
    TableVariant variant =
        new TableVariant(
            read().differing.stream()
                .map(port -> nftables(port, node).variant())
                .collect(ImmutableList.toImmutableList()),
            NftablesProxier.nodePortsEverywhere(configuration, family, node),
            configuration.detector(family, node));
    Table known = tables.get(variant);
    if (known == null) {
      known = proxier.shared();
      tables.put(variant, known);
    }
    return known.withElements(proxier.ownElements());
  }

  /** What kube-proxy writes on that node in IPVS mode for this state. */
  public IpvsRules ipvs(ProxyNode node) {
    IpvsRules known = ipvs.get(node);
    if (known == null) {
      known = new IpvsProxier(this, node).rules();
      ipvs.put(node, known);
    }
    return known;
  }
}
