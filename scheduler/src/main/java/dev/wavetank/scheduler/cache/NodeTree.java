package dev.wavetank.scheduler.cache;

import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of nodes by zone, listed so that zones take turns.
 *
 * <p>Follows pkg/scheduler/backend/cache/node_tree.go (v1.36).
 */
final class NodeTree {

  private final Map<String, List<String>> zones = new LinkedHashMap<>();
  private int nodes;

  static String zone(KubeMap labels) {
    String zone =
        labels.string(
            "failure-domain.beta.kubernetes.io/zone",
            labels.string("topology.kubernetes.io/zone", ""));
    String region =
        labels.string(
            "failure-domain.beta.kubernetes.io/region",
            labels.string("topology.kubernetes.io/region", ""));
    return region.isEmpty() && zone.isEmpty() ? "" : region + ":\u0000:" + zone;
  }

  void add(String zone, String node) {
    zones.computeIfAbsent(zone, z -> new ArrayList<>()).add(node);
    nodes++;
  }

  void remove(String zone, String node) {
    List<String> members = zones.get(zone);
    if (members != null && members.remove(node)) {
      nodes--;
      if (members.isEmpty()) {
        zones.remove(zone);
      }
    }
  }

  List<String> list() {
    List<String> names = new ArrayList<>(nodes);
    for (int turn = 0; names.size() < nodes; turn++) {
      for (List<String> members : zones.values()) {
        if (turn < members.size()) {
          names.add(members.get(turn));
        }
      }
    }
    return names;
  }
}
