package dev.wavetank.core.controller.endpointslice;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.Conditions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hints of Services with the annotation {@code service.kubernetes.io/topology-mode: Auto}: each
 * zone gets endpoints in proportion to the CPU of its ready nodes, its own ones first. Where that
 * would overload an endpoint by more than a fifth, or zones are not known, there are no hints.
 * Zones that are equal are taken in the order of their names, where upstream's order is random.
 *
 * <p>Follows staging/src/k8s.io/endpointslice/topologycache (v1.36).
 */
final class TopologyCache {

  private static final double OVERLOAD_THRESHOLD = 0.2;
  private static final String ZONE = "topology.kubernetes.io/zone";

  /**
   * What the Service's events say.
   *
   * @param enabled whether the Service has hints from now on, or has none any more
   */
  record Notice(boolean enabled, String message) {

    String reason() {
      return enabled ? "TopologyAwareHintsEnabled" : "TopologyAwareHintsDisabled";
    }
  }

  /**
   * How many endpoints a zone should have: by the letter, and the bounds within which they stay.
   */
  private record Allocation(double desired, int minimum, int maximum) {}

  private final Supplier<? extends Iterable<KubeObject>> nodes;
  private final Map<ObjectKey, Map<String, Map<String, Integer>>> endpointsByService =
      new LinkedHashMap<>();
  private final Set<ObjectKey> hinted = new LinkedHashSet<>();
  private boolean nodesChanged = true;
  private @Nullable TreeMap<String, Double> cpuRatioByZone;

  /**
   * A cache.
   *
   * @param nodes all nodes; asked anew after {@link #nodesChanged()}
   */
  TopologyCache(Supplier<? extends Iterable<KubeObject>> nodes) {
    this.nodes = nodes;
  }

  /** Whether the Service asks for such hints. */
  static boolean wanted(KubeObject service) {
    KubeMap annotations = service.annotations();
    String value = annotations.string("service.kubernetes.io/topology-aware-hints");
    if (value == null) {
      value = annotations.string("service.kubernetes.io/topology-mode", "");
    }
    return value.equals("Auto") || value.equals("auto");
  }

  /** Takes note that nodes came, went, changed their zone or their readiness. */
  void nodesChanged() {
    nodesChanged = true;
  }

  /** Whether any Service has hints from here. */
  boolean inUse() {
    return !endpointsByService.isEmpty();
  }

  boolean hasHints(ObjectKey service) {
    return hinted.contains(service);
  }

  void removeHints(ObjectKey service, String addressType) {
    Map<String, Map<String, Integer>> byType = endpointsByService.get(service);
    if (byType != null) {
      byType.remove(addressType);
      if (byType.isEmpty()) {
        endpointsByService.remove(service);
      }
    }
    hinted.remove(service);
  }

  void deleteService(ObjectKey service) {
    endpointsByService.remove(service);
    hinted.remove(service);
  }

  /** The Services whose hints no longer fit the nodes. */
  List<ObjectKey> overloadedServices() {
    Map<String, Double> ratios = ratios();
    List<ObjectKey> overloaded = new ArrayList<>();
    endpointsByService.forEach(
        (service, byType) -> {
          if (byType.values().stream().anyMatch(byZone -> overloaded(byZone, ratios))) {
            overloaded.add(service);
          }
        });
    return overloaded;
  }

  private static boolean overloaded(
      Map<String, Integer> endpointsByZone, @Nullable Map<String, Double> ratios) {
    if (ratios == null) {
      return true;
    }
    int total = endpointsByZone.values().stream().mapToInt(Integer::intValue).sum();
    for (Map.Entry<String, Double> zone : ratios.entrySet()) {
      Integer endpoints = endpointsByZone.get(zone.getKey());
      if (endpoints == null || endpoints < minimum(total * zone.getValue())) {
        return true;
      }
    }
    return false;
  }

  private static int minimum(double desired) {
    return (int) Math.ceil(desired * (1 / (1 + OVERLOAD_THRESHOLD)));
  }

  private @Nullable TreeMap<String, Double> ratios() {
    if (nodesChanged) {
      nodesChanged = false;
      cpuRatioByZone = computeRatios();
    }
    return cpuRatioByZone;
  }

  private @Nullable TreeMap<String, Double> computeRatios() {
    TreeMap<String, Quantity> cpuByZone = new TreeMap<>();
    Quantity total = Quantity.ZERO;
    for (KubeObject node : nodes.get()) {
      if (controlPlane(node) || !ready(node)) {
        continue;
      }
      Quantity cpu = Quantity.of(node.status().mapOrEmpty("allocatable").get("cpu"));
      String zone = node.labels().string(ZONE, "");
      if (zone.isEmpty() || cpu.isZero()) {
        return null;
      }
      total = total.add(cpu);
      cpuByZone.merge(zone, cpu, Quantity::add);
    }
    if (cpuByZone.size() < 2) {
      return null;
    }
    TreeMap<String, Double> ratios = new TreeMap<>();
    double all = total.milliValue();
    cpuByZone.forEach((zone, cpu) -> ratios.put(zone, cpu.milliValue() / all));
    return ratios;
  }

  private static boolean controlPlane(KubeObject node) {
    return node.labels().has("node-role.kubernetes.io/control-plane")
        || node.labels().has("node-role.kubernetes.io/master");
  }

  static boolean ready(KubeObject node) {
    KubeMap condition = Conditions.find(node.status(), "Ready");
    return condition != null && "True".equals(condition.get("status"));
  }

  /**
   * Gives the slices their hints, or takes them all away.
   *
   * @return what changed for the Service, or null
   */
  @Nullable Notice addHints(ObjectKey service, String addressType, SliceChanges changes) {
    int endpoints = readyEndpoints(changes);
    TreeMap<String, Double> ratios = ratios();
    String refusal = refusal(ratios, endpoints);
    if (refusal != null || ratios == null) {
      return withoutHints(service, addressType, changes, String.valueOf(refusal));
    }
    TreeMap<String, Allocation> allocations = allocations(ratios, endpoints);
    TreeMap<String, Integer> byZone = keptHints(changes, allocations);
    for (SliceDraft draft : changes.drafts()) {
      for (int i = 0; i < draft.endpoints.size(); i++) {
        KubeMap endpoint = draft.endpoints.get(i);
        if (!SliceChanges.ready(endpoint)) {
          continue;
        }
        String zone = endpoint.string("zone", "");
        if (zone.isEmpty()) {
          return withoutHints(
              service, addressType, changes, "One or more endpoints do not have a zone specified");
        }
        byZone.merge(zone, 1, Integer::sum);
        draft.endpoints.set(i, hinted(endpoint, zone));
      }
    }
    redistribute(changes.drafts(), Exchange.of(allocations, byZone), byZone);
    if (byZone.isEmpty()) {
      return withoutHints(service, addressType, changes, "No hints allocated for zones");
    }
    endpointsByService
        .computeIfAbsent(service, s -> new LinkedHashMap<>(2))
        .put(addressType, byZone);
    return hinted.add(service)
        ? notice(true, "Topology Aware Hints has been enabled", addressType)
        : null;
  }

  private Notice withoutHints(
      ObjectKey service, String addressType, SliceChanges changes, String why) {
    removeHints(service, addressType);
    changes.removeHints();
    return notice(false, why, addressType);
  }

  private static Notice notice(boolean enabled, String message, String addressType) {
    return new Notice(enabled, message + ", addressType: " + addressType);
  }

  /** Forgets the hints of a Service that no longer asks for them. */
  @Nullable Notice disable(ObjectKey service, String addressType) {
    Notice notice =
        hasHints(service)
            ? notice(false, "Topology Aware Hints has been disabled", addressType)
            : null;
    removeHints(service, addressType);
    return notice;
  }

  private static int readyEndpoints(SliceChanges changes) {
    int ready = 0;
    for (SliceDraft draft : changes.drafts()) {
      for (KubeMap endpoint : draft.endpoints) {
        ready += SliceChanges.ready(endpoint) ? 1 : 0;
      }
    }
    for (KubeObject slice : changes.unchanged()) {
      for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
        ready += SliceChanges.ready(endpoint) ? 1 : 0;
      }
    }
    return ready;
  }

  private static @Nullable String refusal(@Nullable TreeMap<String, Double> ratios, int endpoints) {
    if (ratios == null) {
      return "Insufficient Node information: allocatable CPU or zone not specified on one or more"
          + " nodes";
    }
    String counts = " (" + endpoints + " endpoints, " + ratios.size() + " zones)";
    if (ratios.size() > endpoints) {
      return "Insufficient number of endpoints" + counts;
    }
    int left = endpoints;
    for (double ratio : ratios.values()) {
      left -= minimum(ratio * endpoints);
    }
    return left < 0
        ? "Unable to allocate minimum required endpoints to each zone without exceeding overload"
            + " threshold"
            + counts
        : null;
  }

  private static TreeMap<String, Allocation> allocations(
      TreeMap<String, Double> ratios, int endpoints) {
    int spare = endpoints;
    for (double ratio : ratios.values()) {
      spare -= minimum(ratio * endpoints);
    }
    TreeMap<String, Allocation> allocations = new TreeMap<>();
    for (Map.Entry<String, Double> zone : ratios.entrySet()) {
      double desired = zone.getValue() * endpoints;
      int minimum = minimum(desired);
      allocations.put(
          zone.getKey(), new Allocation(Math.max(desired, minimum), minimum, minimum + spare));
    }
    return allocations;
  }

  /** The hints of slices that may stay as they are; the others are to be written. */
  private static TreeMap<String, Integer> keptHints(
      SliceChanges changes, TreeMap<String, Allocation> allocations) {
    TreeMap<String, Integer> byZone = new TreeMap<>();
    for (KubeObject slice : changes.unchanged()) {
      TreeMap<String, Integer> ofSlice = hintsByZone(slice, byZone, allocations);
      if (ofSlice == null) {
        changes.update(slice);
      } else {
        ofSlice.forEach((zone, hints) -> byZone.merge(zone, hints, Integer::sum));
      }
    }
    return byZone;
  }

  private static @Nullable TreeMap<String, Integer> hintsByZone(
      KubeObject slice, Map<String, Integer> before, Map<String, Allocation> allocations) {
    TreeMap<String, Integer> byZone = new TreeMap<>();
    for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
      if (!SliceChanges.ready(endpoint)) {
        continue;
      }
      KubeList zones = endpoint.mapOrEmpty("hints").listOrEmpty("forZones");
      if (zones.isEmpty()) {
        return null;
      }
      for (KubeMap zone : zones.maps()) {
        byZone.merge(zone.string("name", ""), 1, Integer::sum);
      }
    }
    for (Map.Entry<String, Integer> zone : byZone.entrySet()) {
      Allocation allocation = allocations.get(zone.getKey());
      int all = zone.getValue() + before.getOrDefault(zone.getKey(), 0);
      if (allocation == null || all > allocation.maximum()) {
        return null;
      }
    }
    return byZone;
  }

  private static KubeMap hinted(KubeMap endpoint, String zone) {
    return endpoint.with("hints", KubeMap.of("forZones", KubeList.of(KubeMap.of("name", zone))));
  }

  private static void redistribute(
      List<SliceDraft> drafts, Exchange exchange, TreeMap<String, Integer> byZone) {
    for (SliceDraft draft : drafts) {
      for (int i = 0; i < draft.endpoints.size(); i++) {
        KubeMap endpoint = draft.endpoints.get(i);
        String from = endpoint.string("zone", "");
        String to = SliceChanges.ready(endpoint) ? exchange.next(from) : null;
        if (to != null) {
          draft.endpoints.set(i, hinted(endpoint, to));
          byZone.merge(from, -1, Integer::sum);
          byZone.merge(to, 1, Integer::sum);
        }
      }
    }
  }

  /** How many endpoints each zone gives to others, and how many it receives. */
  private record Exchange(TreeMap<String, Integer> giving, TreeMap<String, Integer> receiving) {

    static Exchange of(TreeMap<String, Allocation> allocations, Map<String, Integer> byZone) {
      TreeMap<String, Double> surplus = new TreeMap<>();
      TreeMap<String, Double> lack = new TreeMap<>();
      allocations.forEach(
          (zone, allocation) -> {
            double difference = byZone.getOrDefault(zone, 0) - allocation.desired();
            if (difference > 0) {
              surplus.put(zone, difference);
            } else if (difference < 0) {
              lack.put(zone, -difference);
            }
          });
      Exchange exchange = new Exchange(new TreeMap<>(), new TreeMap<>());
      while (true) {
        String from = most(surplus);
        String to = most(lack);
        if (from == null || to == null) {
          return exchange;
        }
        double give = surplus.getOrDefault(from, 0.0);
        double receive = lack.getOrDefault(to, 0.0);
        if ((give < 1 && receive < 1) || give < 0.5 || receive < 0.5) {
          return exchange;
        }
        exchange.giving().merge(from, 1, Integer::sum);
        exchange.receiving().merge(to, 1, Integer::sum);
        surplus.put(from, give - 1);
        lack.put(to, receive - 1);
      }
    }

    private static @Nullable String most(TreeMap<String, Double> zones) {
      String most = null;
      double number = 0;
      for (Map.Entry<String, Double> zone : zones.entrySet()) {
        if (zone.getValue() > number) {
          most = zone.getKey();
          number = zone.getValue();
        }
      }
      return most;
    }

    /** The zone that gets an endpoint of that one, or null. */
    @Nullable String next(String from) {
      if (!giving.containsKey(from) || receiving.isEmpty()) {
        return null;
      }
      String to = receiving.firstKey();
      giving.computeIfPresent(from, (zone, left) -> left == 1 ? null : left - 1);
      receiving.computeIfPresent(to, (zone, left) -> left == 1 ? null : left - 1);
      return to;
    }
  }
}
