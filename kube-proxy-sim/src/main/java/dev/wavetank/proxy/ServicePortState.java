package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One Service port with its endpoints, and its rules by how nodes see it; shared by all nodes and
 * by all revisions between which neither the Service nor its EndpointSlices changed.
 */
final class ServicePortState {

  /** What rules depend on beside port and endpoints. */
  private record Key(
      CategorizedEndpoints endpoints,
      @Nullable LocalTrafficDetector detector,
      boolean allowFromNode) {}

  private final ServicePortName name;
  private final ServicePort port;
  private final ImmutableList<Endpoint> endpoints;
  private final boolean sameOnAllNodes;
  private final Views<ServiceRules> iptables = new Views<>();
  private final Views<ServiceRules> iptablesLarge = new Views<>();
  private final Views<NftablesService> nftables = new Views<>();

  ServicePortState(
      ServicePortName name,
      ServicePort port,
      ImmutableList<Endpoint> endpoints,
      KubeProxyConfiguration configuration) {
    this.name = name;
    this.port = port;
    this.endpoints = endpoints;
    boolean hinted = false;
    for (Endpoint endpoint : endpoints) {
      hinted |= endpoint.hinted();
    }
    this.sameOnAllNodes =
        !hinted
            && !port.usesLocalEndpoints()
            && port.loadBalancerSourceRanges().isEmpty()
            && !configuration.detectorDiffersByNode();
  }

  ServicePortName name() {
    return name;
  }

  ServicePort port() {
    return port;
  }

  ImmutableList<Endpoint> endpoints() {
    return endpoints;
  }

  /** Whether every node has the same rules for the port. */
  boolean sameOnAllNodes() {
    return sameOnAllNodes;
  }

  ServiceRules rules(
      KubeProxyConfiguration configuration, IpFamily family, ProxyNode node, boolean largeCluster) {
    return (largeCluster ? iptablesLarge : iptables)
        .of(
            configuration,
            family,
            node,
            (key, variant) ->
                new ServiceRuleWriter(
                        configuration,
                        family,
                        key.detector,
                        largeCluster,
                        key.allowFromNode,
                        name,
                        port,
                        key.endpoints)
                    .write(variant));
  }

  NftablesService nftables(KubeProxyConfiguration configuration, IpFamily family, ProxyNode node) {
    return nftables.of(
        configuration,
        family,
        node,
        (key, variant) ->
            new NftablesServiceWriter(
                    configuration, key.detector, key.allowFromNode, name, port, key.endpoints)
                .write(variant));
  }

  /** What was written of the port, by how nodes see it. */
  private final class Views<T> {
    private final Map<Key, T> byKey = new LinkedHashMap<>();
    private @Nullable T shared;

    T of(
        KubeProxyConfiguration configuration,
        IpFamily family,
        ProxyNode node,
        BiFunction<Key, Integer, T> writer) {
      T known = shared;
      if (known != null) {
        return known;
      }
      Key key =
          new Key(
              CategorizedEndpoints.of(port, endpoints, node),
              configuration.detector(family, node),
              allowFromNode(node.address(family)));
      known = byKey.get(key);
      if (known == null) {
        known = writer.apply(key, byKey.size());
        if (sameOnAllNodes) {
          shared = known;
        } else {
          byKey.put(key, known);
        }
      }
      return known;
    }
  }

  private boolean allowFromNode(@Nullable IpAddress nodeAddress) {
    if (nodeAddress == null) {
      return false;
    }
    for (AddressBlock range : port.loadBalancerSourceRanges()) {
      if (range.contains(nodeAddress)) {
        return true;
      }
    }
    return false;
  }
}
