package dev.wavetank.core.controller.tainteviction;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long a pod stays on a node with taints.
 *
 * <p>Follows staging/src/k8s.io/api/core/v1/toleration.go and pkg/apis/core/v1/helper/helpers.go
 * (v1.36).
 */
final class Tolerations {

  /** The pod stays for ever. */
  static final long FOREVER = -1;

  /** Some taint is not tolerated at all. */
  static final long INTOLERABLE = -2;

  private static final long SECOND = 1_000_000_000L;
  private static final long SECONDS_MAX = Long.MAX_VALUE / SECOND;

  private Tolerations() {}

  /**
   * The shortest time that the tolerations in use allow, in nanoseconds; of the tolerations that
   * fit one taint the first is the one in use.
   *
   * @return 0 or more, {@link #FOREVER} or {@link #INTOLERABLE}
   */
  static long minNanos(KubeList taints, KubeList tolerations) {
    long seconds = Long.MAX_VALUE;
    for (KubeMap taint : taints.maps()) {
      KubeMap used = used(taint, tolerations);
      if (used == null) {
        return INTOLERABLE;
      }
      if (used.has("tolerationSeconds")) {
        seconds = Math.min(seconds, Math.max(0, used.number("tolerationSeconds", 0)));
      }
    }
    if (seconds == Long.MAX_VALUE) {
      return FOREVER;
    }
    return Math.min(seconds, SECONDS_MAX) * SECOND;
  }

  private static @Nullable KubeMap used(KubeMap taint, KubeList tolerations) {
    for (KubeMap toleration : tolerations.maps()) {
      if (tolerates(toleration, taint)) {
        return toleration;
      }
    }
    return null;
  }

  /** Whether a toleration fits a taint; the operators Lt and Gt are off by default. */
  private static boolean tolerates(KubeMap toleration, KubeMap taint) {
    String effect = toleration.string("effect", "");
    String key = toleration.string("key", "");
    if ((!effect.isEmpty() && !effect.equals(taint.get("effect")))
        || (!key.isEmpty() && !key.equals(taint.get("key")))) {
      return false;
    }
    String operator = toleration.string("operator", "");
    if (operator.isEmpty() || operator.equals("Equal")) {
      return toleration.string("value", "").equals(taint.string("value", ""));
    }
    return operator.equals("Exists");
  }
}
