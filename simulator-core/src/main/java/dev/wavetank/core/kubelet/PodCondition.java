package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;

/**
 * A condition of a pod that its kubelet sets, without its time.
 *
 * @param holds whether its status is {@code True}; else it is {@code False}
 * @param reason empty for none
 * @param message empty for none
 */
public record PodCondition(String type, boolean holds, String reason, String message) {

  /** A condition that holds, which needs no reason. */
  static PodCondition holding(String type) {
    return new PodCondition(type, true, "", "");
  }

  private String status() {
    return holds ? "True" : "False";
  }

  /** The condition under another type. */
  PodCondition as(String otherType) {
    return new PodCondition(otherType, holds, reason, message);
  }

  /** Whether a condition with its time says the same. */
  boolean saidBy(KubeMap condition, long generation) {
    return status().equals(condition.get("status"))
        && reason.equals(condition.string("reason", ""))
        && message.equals(condition.string("message", ""))
        && condition.number("observedGeneration", 0) == generation;
  }

  /** Whether a condition with its time has the same status, so that its time stays. */
  boolean sameStatus(KubeMap condition) {
    return status().equals(condition.get("status"));
  }

  /**
   * As in the status of a pod.
   *
   * @param generation the generation of the pod that was observed; 0 for none
   */
  public KubeMap tree(long generation) {
    return KubeMap.of(
        "type",
        type,
        "observedGeneration",
        generation == 0 ? null : generation,
        "status",
        status(),
        "reason",
        reason.isEmpty() ? null : reason,
        "message",
        message.isEmpty() ? null : message);
  }
}
