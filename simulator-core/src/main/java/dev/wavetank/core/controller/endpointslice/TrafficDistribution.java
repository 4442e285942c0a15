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

  /** Whether a slice that needs no other change has a wrong hint. */
  boolean needsUpdate(KubeList endpoints) {
    for (KubeMap endpoint : endpoints.maps()) {
      if (this == CLUSTER_WIDE
          ? endpoint.has("hints")
          : ready(endpoint) && !Objects.equals(hints(endpoint), endpoint.get("hints"))) {
        return true;
      }
    }
    return false;
  }

  /** The endpoint of a changed slice with its hints. */
  KubeMap hinted(KubeMap endpoint) {
    if (this == CLUSTER_WIDE) {
      return endpoint.without("hints");
    }
    return ready(endpoint) ? endpoint.with("hints", hints(endpoint)) : endpoint;
  }

  private static boolean ready(KubeMap endpoint) {
    return endpoint.mapOrEmpty("conditions").bool("ready", false);
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
