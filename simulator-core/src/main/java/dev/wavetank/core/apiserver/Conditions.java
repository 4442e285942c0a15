package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import org.jspecify.annotations.Nullable;

/** Reads and writes the {@code conditions} list of a status. */
public final class Conditions {

  private Conditions() {}

  /** The condition of that type, or null. */
  public static @Nullable KubeMap find(KubeMap status, String type) {
    return status.listOrEmpty("conditions").find("type", type);
  }

  /** Whether the condition of that type has status True. */
  public static boolean isTrue(KubeMap status, String type) {
    KubeMap condition = find(status, type);
    return condition != null && "True".equals(condition.get("status"));
  }

  /**
   * The status with that condition in place of the one of its type, or at the end. When the status
   * value does not change, the old {@code lastTransitionTime} is kept.
   */
  public static KubeMap with(KubeMap status, KubeMap condition) {
    KubeList conditions = status.listOrEmpty("conditions");
    for (int i = 0; i < conditions.size(); i++) {
      KubeMap old = conditions.map(i);
      if (old.string("type", "").equals(condition.get("type"))) {
        KubeMap next = condition;
        if (old.has("lastTransitionTime")
            && old.string("status", "").equals(condition.get("status"))) {
          next = condition.with("lastTransitionTime", old.get("lastTransitionTime"));
        }
        return status.with("conditions", conditions.with(i, next));
      }
    }
    return status.with("conditions", conditions.plus(condition));
  }
}
