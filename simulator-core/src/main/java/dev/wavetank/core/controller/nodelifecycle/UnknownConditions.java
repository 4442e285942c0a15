package dev.wavetank.core.controller.nodelifecycle;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;

/**
 * What the controller writes over the conditions of a node whose kubelet is silent.
 *
 * <p>Follows tryUpdateNodeHealth of pkg/controller/nodelifecycle/node_lifecycle_controller.go
 * (v1.36).
 */
final class UnknownConditions {

  private static final String[] TYPES = {"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"};

  private UnknownConditions() {}

  /** The node with its conditions Unknown; a condition that is Unknown stays as it is. */
  static KubeObject of(KubeObject node, String now) {
    KubeList conditions = node.status().listOrEmpty("conditions");
    for (String type : TYPES) {
      int index = indexOf(conditions, type);
      if (index < 0) {
        conditions = conditions.plus(neverUpdated(type, node.creationTimestamp(), now));
      } else if (!"Unknown".equals(conditions.map(index).get("status"))) {
        conditions = conditions.with(index, stopped(conditions.map(index), now));
      }
    }
    return node.withStatus(node.status().with("conditions", conditions));
  }

  private static int indexOf(KubeList conditions, String type) {
    for (int i = 0; i < conditions.size(); i++) {
      if (type.equals(conditions.map(i).get("type"))) {
        return i;
      }
    }
    return -1;
  }

  private static KubeMap neverUpdated(String type, String created, String now) {
    return KubeMap.of(
        "type",
        type,
        "status",
        "Unknown",
        "lastHeartbeatTime",
        created.isEmpty() ? null : created,
        "lastTransitionTime",
        now,
        "reason",
        "NodeStatusNeverUpdated",
        "message",
        "Kubelet never posted node status.");
  }

  private static KubeMap stopped(KubeMap condition, String now) {
    return condition
        .with("status", "Unknown")
        .with("lastTransitionTime", now)
        .with("reason", "NodeStatusUnknown")
        .with("message", "Kubelet stopped posting node status.");
  }
}
