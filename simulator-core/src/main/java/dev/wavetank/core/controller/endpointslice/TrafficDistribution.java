package dev.wavetank.core.controller.endpointslice;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hints by which a Service keeps its traffic close: each ready endpoint is for its own zone, or its
 * own node too.
 *
 * <p>Follows staging/src/k8s.io/endpointslice/trafficdist/trafficdist.go (v1.36).
 */
enum TrafficDistribution {
  /** No hints. */
  CLUSTER_WIDE,
  SAME_ZONE,
  SAME_NODE;

  static TrafficDistribution of(KubeObject service) {
    return switch (service.spec().string("trafficDistribution", "")) {
      case "PreferClose", "PreferSameZone" -> SAME_ZONE;
      case "PreferSameNode" -> SAME_NODE;
      default -> CLUSTER_WIDE;
    };
  }

  /** Gives all slices their hints; a slice whose hints are right is not written for them. */
  void apply(SliceChanges changes) {
    if (this == CLUSTER_WIDE) {
      changes.removeHints();
      return;
    }
    for (KubeObject slice : changes.unchanged()) {
      if (needsUpdate(slice.root().listOrEmpty("endpoints"))) {
        changes.update(slice);
      }
    }
    for (SliceDraft draft : changes.drafts()) {
      draft.endpoints.replaceAll(
          endpoint ->
              SliceChanges.ready(endpoint) ? endpoint.with("hints", hints(endpoint)) : endpoint);
    }
  }

  private boolean needsUpdate(KubeList endpoints) {
    for (KubeMap endpoint : endpoints.maps()) {
      if (SliceChanges.ready(endpoint) && !Objects.equals(hints(endpoint), endpoint.get("hints"))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable KubeMap hints(KubeMap endpoint) {
    Object zone = endpoint.get("zone");
    Object node = this == SAME_NODE ? endpoint.get("nodeName") : null;
    if (zone == null && node == null) {
      return null;
    }
    return KubeMap.of(
        "forZones", zone == null ? null : KubeList.of(KubeMap.of("name", zone)),
        "forNodes", node == null ? null : KubeList.of(KubeMap.of("name", node)));
  }
}
