package dev.wavetank.core.controller.nodelifecycle;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The zones of the cluster: how many of their nodes are ready, which state follows, and how fast
 * their nodes may be tainted.
 *
 * <p>Follows handleDisruption of pkg/controller/nodelifecycle/node_lifecycle_controller.go (v1.36).
 */
final class Zones {

  /** Nodes a second of a healthy zone, {@code --node-eviction-rate}. */
  static final float EVICTION_QPS = 0.1f;

  /** Nodes a second of a large unhealthy zone, {@code --secondary-node-eviction-rate}. */
  static final float SECONDARY_EVICTION_QPS = 0.01f;

  /** A zone of more nodes is large, {@code --large-cluster-size-threshold}. */
  static final int LARGE_CLUSTER_THRESHOLD = 50;

  private static final String EXCLUDE_DISRUPTION = "node.kubernetes.io/exclude-disruption";

  /** What a change of the zones' states asks of the monitor. */
  enum Change {
    NONE,
    ENTER_FULL_DISRUPTION,
    EXIT_FULL_DISRUPTION
  }

  private static final class Tally {
    int ready;
    int notReady;

    ZoneState state() {
      return ZoneState.of(ready, notReady);
    }
  }

  private record Counted(String zone, boolean ready) {}

  private final Function<String, ZoneTainter> newTainter;
  private final Map<String, ZoneState> states = new LinkedHashMap<>();
  private final Map<String, ZoneTainter> tainters = new LinkedHashMap<>();
  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private final Map<String, Counted> counted = new LinkedHashMap<>();

  Zones(Function<String, ZoneTainter> newTainter) {
    this.newTainter = newTainter;
  }

  /** Names a node's zone by region and zone; empty when it has neither. */
  static String zoneOf(KubeObject node) {
    KubeMap labels = node.labels();
    String zone = label(labels, "failure-domain.beta.kubernetes.io/zone", "zone");
    String region = label(labels, "failure-domain.beta.kubernetes.io/region", "region");
    return zone.isEmpty() && region.isEmpty() ? "" : region + ":\0:" + zone;
  }

  private static String label(KubeMap labels, String beta, String name) {
    return labels.has(beta)
        ? labels.string(beta, "")
        : labels.string("topology.kubernetes.io/" + name, "");
  }

  /** Makes a queue for the zone of a node, if it is new. */
  void add(KubeObject node) {
    String zone = zoneOf(node);
    states.putIfAbsent(zone, ZoneState.INITIAL);
    tainters.computeIfAbsent(zone, newTainter);
  }

  ZoneTainter tainter(KubeObject node) {
    String zone = zoneOf(node);
    return tainters.computeIfAbsent(zone, newTainter);
  }

  /** Counts a node as a pass of the monitor found it. */
  void count(KubeObject node, boolean ready) {
    forget(node.name());
    if (!node.labels().has(EXCLUDE_DISRUPTION)) {
      Counted now = new Counted(zoneOf(node), ready);
      counted.put(node.name(), now);
      Tally tally = tallies.computeIfAbsent(now.zone, z -> new Tally());
      tally.ready += ready ? 1 : 0;
      tally.notReady += ready ? 0 : 1;
    }
  }

  /** Counts a node no more. */
  void forget(String node) {
    Counted old = counted.remove(node);
    Tally tally = old == null ? null : tallies.get(old.zone);
    if (old != null && tally != null) {
      tally.ready -= old.ready ? 1 : 0;
      tally.notReady -= old.ready ? 0 : 1;
      if (tally.ready + tally.notReady == 0) {
        tallies.remove(old.zone);
      }
    }
  }

  /** Computes the states anew and sets the limits that follow, but for entering full disruption. */
  Change handleDisruption() {
    boolean allAre = true;
    for (Map.Entry<String, Tally> zone : tallies.entrySet()) {
      allAre &= zone.getValue().state() == ZoneState.FULL_DISRUPTION;
      states.putIfAbsent(zone.getKey(), ZoneState.INITIAL);
      tainters.computeIfAbsent(zone.getKey(), newTainter);
    }
    states.keySet().retainAll(tallies.keySet());
    boolean allWere = states.values().stream().allMatch(s -> s == ZoneState.FULL_DISRUPTION);
    if (allAre && allWere) {
      return Change.NONE;
    }
    if (allAre) {
      return Change.ENTER_FULL_DISRUPTION;
    }
    states.replaceAll(
        (zone, old) -> {
          Tally tally = tallies.getOrDefault(zone, new Tally());
          if (tally.state() != old || allWere) {
            limit(zone, tally);
          }
          return tally.state();
        });
    return allWere ? Change.EXIT_FULL_DISRUPTION : Change.NONE;
  }

  /** Stops all evictions: every zone is down, so the fault is more likely here than there. */
  void stopEvictions() {
    states.replaceAll(
        (zone, old) -> {
          ZoneTainter tainter = tainters.get(zone);
          if (tainter != null) {
            tainter.swapLimiter(0);
          }
          return ZoneState.FULL_DISRUPTION;
        });
  }

  private void limit(String zone, Tally tally) {
    ZoneTainter tainter = tainters.get(zone);
    if (tainter == null) {
      return;
    }
    boolean large = tally.ready + tally.notReady > LARGE_CLUSTER_THRESHOLD;
    tainter.swapLimiter(
        tally.state() != ZoneState.PARTIAL_DISRUPTION
            ? EVICTION_QPS
            : large ? SECONDARY_EVICTION_QPS : 0);
  }
}
