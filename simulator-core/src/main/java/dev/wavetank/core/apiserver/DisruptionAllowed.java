package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/**
 * The condition {@code DisruptionAllowed} of a PodDisruptionBudget, which repeats in words whether
 * its {@code disruptionsAllowed} is more than 0. Both who counts the pods and who evicts them keep
 * it.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/apps/poddisruptionbudget/helpers.go (v1.36).
 */
public final class DisruptionAllowed {

  /** The condition's type. */
  public static final String TYPE = "DisruptionAllowed";

  /** Reason of the condition when the pods could not be counted. */
  public static final String SYNC_FAILED = "SyncFailed";

  private DisruptionAllowed() {}

  /**
   * The status of a budget with its condition set to what the number says.
   *
   * @param now API timestamp
   */
  public static KubeMap updated(KubeMap status, String now) {
    boolean allowed = allowed(status);
    return with(status, allowed, reason(allowed), "", now);
  }

  /** The status with a condition of False because the pods could not be counted. */
  public static KubeMap syncFailed(KubeMap status, String message, String now) {
    return with(status, false, SYNC_FAILED, message, now);
  }

  private static KubeMap with(
      KubeMap status, boolean allowed, String reason, String message, String now) {
    KubeMap condition =
        KubeMap.of(
            "type", TYPE,
            "status", allowed ? "True" : "False",
            "observedGeneration", status.get("observedGeneration"),
            "lastTransitionTime", now,
            "reason", reason,
            "message", message);
    return Conditions.with(status, condition);
  }

  /** Whether the condition says what the number says, of the budget's newest generation. */
  public static boolean upToDate(KubeObject budget) {
    KubeMap status = budget.status();
    @Nullable KubeMap condition = Conditions.find(status, TYPE);
    boolean allowed = allowed(status);
    return condition != null
        && status.number("observedGeneration", 0) == budget.generation()
        && (allowed ? "True" : "False").equals(condition.get("status"))
        && reason(allowed).equals(condition.get("reason"));
  }

  private static boolean allowed(KubeMap status) {
    return status.number("disruptionsAllowed", 0) > 0;
  }

  private static String reason(boolean allowed) {
    return allowed ? "SufficientPods" : "InsufficientPods";
  }
}
