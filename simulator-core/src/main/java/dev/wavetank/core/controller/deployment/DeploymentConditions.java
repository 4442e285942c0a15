package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.Conditions;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a Deployment's status. A condition with the status and reason that it already
 * has is left alone; one that changes goes to the end of the list.
 *
 * <p>Follows pkg/controller/deployment/util/deployment_util.go (v1.36).
 */
final class DeploymentConditions {

  static final String AVAILABLE = "Available";
  static final String PROGRESSING = "Progressing";
  static final String REPLICA_FAILURE = "ReplicaFailure";

  private DeploymentConditions() {}

  static KubeMap condition(String type, String status, String reason, String message, String now) {
    return KubeMap.of(
        "type", type,
        "status", status,
        "lastUpdateTime", now,
        "lastTransitionTime", now,
        "reason", reason,
        "message", message);
  }

  /** The status with the condition, unless it has one of that status and reason. */
  static KubeMap set(KubeMap status, KubeMap condition) {
    String type = condition.string("type", "");
    KubeMap current = Conditions.find(status, type);
    KubeMap next = condition;
    if (current != null && current.string("status", "").equals(condition.get("status"))) {
      if (current.string("reason", "").equals(condition.string("reason", ""))) {
        return status;
      }
      next = condition.with("lastTransitionTime", current.get("lastTransitionTime"));
    }
    return status.with("conditions", others(status, type).plus(next));
  }

  static KubeMap remove(KubeMap status, String type) {
    if (Conditions.find(status, type) == null) {
      return status;
    }
    KubeList others = others(status, type);
    return status.with("conditions", others.isEmpty() ? null : others);
  }

  private static KubeList others(KubeMap status, String type) {
    KubeList others = KubeList.EMPTY;
    for (KubeMap condition : status.listOrEmpty("conditions").maps()) {
      others = type.equals(condition.get("type")) ? others : others.plus(condition);
    }
    return others;
  }

  /** The reason of a condition; null when there is none of that type. */
  static @Nullable String reason(KubeMap status, String type) {
    KubeMap condition = Conditions.find(status, type);
    return condition == null ? null : condition.string("reason", "");
  }

  /** A ReplicaSet's condition as the Deployment repeats it. */
  static KubeMap ofReplicaSet(KubeMap condition) {
    return KubeMap.of(
        "type", condition.get("type"),
        "status", condition.get("status"),
        "lastUpdateTime", condition.get("lastTransitionTime"),
        "lastTransitionTime", condition.get("lastTransitionTime"),
        "reason", condition.get("reason"),
        "message", condition.get("message"));
  }
}
