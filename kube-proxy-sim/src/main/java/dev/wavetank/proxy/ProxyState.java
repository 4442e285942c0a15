package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.proxy.iptables.Ruleset;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.LinkedHashMap;
import java.util.Map;
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

  private final KubeProxyConfiguration configuration;
  private final IpFamily family;
  private final ServiceTree services;
  private @Nullable Ports ports;
  private final Map<Variant, Ruleset> rulesets = new LinkedHashMap<>();

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

  boolean largeCluster() {
    return read().largeCluster;
  }

  ServiceRules rules(ServicePortState port, ProxyNode node) {
    return port.rules(configuration, family, node, largeCluster());
  }

  /** What the kernel of that node holds after a sync of this state. */
  public Ruleset ruleset(ProxyNode node) {
    ImmutableList.Builder<Integer> own = ImmutableList.builder();
    for (ServicePortState port : read().differing) {
      own.add(rules(port, node).variant());
    }
    Variant variant =
        new Variant(own.build(), IptablesProxier.nodePortAddresses(configuration, family, node));
    Ruleset known = rulesets.get(variant);
    if (known == null) {
      known = new IptablesProxier(this, node).ruleset();
      rulesets.put(variant, known);
    }
    return known;
  }
}
