package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.LinkedHashMap;
import java.util.Map;
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
      boolean largeCluster,
      boolean allowFromNode) {}

  private final ServicePortName name;
  private final ServicePort port;
  private final ImmutableList<Endpoint> endpoints;
  private final boolean sameOnAllNodes;
  private final Map<Key, ServiceRules> rules = new LinkedHashMap<>();
  private final @Nullable ServiceRules[] shared = new ServiceRules[2];

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
    int slot = largeCluster ? 1 : 0;
    ServiceRules known = sameOnAllNodes ? shared[slot] : null;
    if (known != null) {
      return known;
    }
    Key key =
        new Key(
            CategorizedEndpoints.of(port, endpoints, node),
            configuration.detector(family, node),
            largeCluster,
            allowFromNode(node.address(family)));
    known = rules.get(key);
    if (known == null) {
      known =
          new ServiceRuleWriter(
                  configuration,
                  family,
                  key.detector,
                  largeCluster,
                  key.allowFromNode,
                  name,
                  port,
                  key.endpoints)
              .write(rules.size());
      if (sameOnAllNodes) {
        shared[slot] = known;
      } else {
        rules.put(key, known);
      }
    }
    return known;
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
