package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeMap;

/** The condition {@code DisruptionTarget} of a pod that is about to be ended, and by whom. */
public final class DisruptionTarget {

  /** The condition's type. */
  public static final String TYPE = "DisruptionTarget";

  private DisruptionTarget() {}

  /**
   * The condition.
   *
   * @param generation of the pod that was seen; 0 where it is not told
   * @param now API timestamp
   */
  public static KubeMap because(long generation, String reason, String message, String now) {
    return KubeMap.of(
        "type", TYPE,
        "observedGeneration", generation == 0 ? null : generation,
        "status", "True",
        "lastTransitionTime", now,
        "reason", reason,
        "message", message);
  }
}
