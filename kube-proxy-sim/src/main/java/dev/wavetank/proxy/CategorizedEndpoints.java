package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The endpoints of a Service port that one node uses.
 *
 * <p>Follows pkg/proxy/topology.go (v1.36).
 *
 * @param cluster for traffic policy Cluster: the ready ones that the hints allow, else those that
 *     still serve while they terminate
 * @param local for traffic policy Local: the same among the node's own, without hints
 * @param reachable both together
 * @param any whether any endpoint is usable anywhere
 */
public record CategorizedEndpoints(
    ImmutableList<Endpoint> cluster,
    ImmutableList<Endpoint> local,
    ImmutableList<Endpoint> reachable,
    boolean any) {

  private enum Topology {
    NONE,
    PREFER_SAME_ZONE,
    PREFER_SAME_NODE
  }

  /** Sorts the endpoints of a port for a node. */
  public static CategorizedEndpoints of(
      ServicePort port, ImmutableList<Endpoint> endpoints, ProxyNode node) {
    ImmutableList<Endpoint> cluster = ImmutableList.of();
    boolean any = false;
    Topology topology = Topology.NONE;
    if (port.usesClusterEndpoints()) {
      Topology mode = topology(endpoints, node);
      topology = mode;
      cluster = filter(endpoints, e -> e.ready() && available(e, mode, node));
      if (cluster.isEmpty()) {
        cluster = filter(endpoints, CategorizedEndpoints::servesWhileTerminating);
      }
      any = !cluster.isEmpty();
    }
    if (!port.usesLocalEndpoints()) {
      return new CategorizedEndpoints(cluster, ImmutableList.of(), cluster, any);
    }
    for (Endpoint endpoint : endpoints) {
      any |= endpoint.ready() || servesWhileTerminating(endpoint);
    }
    ImmutableList<Endpoint> local = filter(endpoints, e -> e.ready() && e.on(node));
    boolean fallback = local.isEmpty();
    if (fallback) {
      local = filter(endpoints, e -> servesWhileTerminating(e) && e.on(node));
    }
    if (!port.usesClusterEndpoints()) {
      return new CategorizedEndpoints(cluster, local, local, any);
    }
    boolean contained = topology == Topology.NONE && (local.isEmpty() || !fallback);
    return new CategorizedEndpoints(
        cluster, local, contained ? cluster : union(cluster, local), any);
  }

  private static boolean servesWhileTerminating(Endpoint endpoint) {
    return !endpoint.ready() && endpoint.serving() && endpoint.terminating();
  }

  private static ImmutableList<Endpoint> union(List<Endpoint> one, List<Endpoint> other) {
    TreeMap<String, Endpoint> all = new TreeMap<>();
    one.forEach(endpoint -> all.put(endpoint.text(), endpoint));
    other.forEach(endpoint -> all.put(endpoint.text(), endpoint));
    return ImmutableList.copyOf(all.values());
  }

  private static Topology topology(List<Endpoint> endpoints, ProxyNode node) {
    boolean anyReady = false;
    boolean allNodeHints = true;
    boolean forNode = false;
    boolean allZoneHints = true;
    boolean forZone = false;
    for (Endpoint endpoint : endpoints) {
      if (endpoint.ready()) {
        anyReady = true;
        allNodeHints &= !endpoint.nodeHints().isEmpty();
        forNode |= endpoint.nodeHints().contains(node.name());
        allZoneHints &= !endpoint.zoneHints().isEmpty();
        forZone |= endpoint.zoneHints().contains(node.zone());
      }
    }
    if (anyReady && allNodeHints && forNode) {
      return Topology.PREFER_SAME_NODE;
    }
    return anyReady && allZoneHints && forZone ? Topology.PREFER_SAME_ZONE : Topology.NONE;
  }

  private static boolean available(Endpoint endpoint, Topology topology, ProxyNode node) {
    return switch (topology) {
      case NONE -> true;
      case PREFER_SAME_NODE -> endpoint.nodeHints().contains(node.name());
      case PREFER_SAME_ZONE -> endpoint.zoneHints().contains(node.zone());
    };
  }

  private static ImmutableList<Endpoint> filter(
      ImmutableList<Endpoint> endpoints, Predicate<Endpoint> wanted) {
    ImmutableList.Builder<Endpoint> found = ImmutableList.builder();
    for (Endpoint endpoint : endpoints) {
      if (wanted.test(endpoint)) {
        found.add(endpoint);
      }
    }
    ImmutableList<Endpoint> kept = found.build();
    return kept.size() == endpoints.size() ? endpoints : kept;
  }
}
