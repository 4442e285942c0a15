package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeMap;

/**
 * A toleration of a pod. The comparison operators {@code Lt} and {@code Gt}, alpha in 1.36,
 * tolerate nothing.
 *
 * <p>Follows staging/src/k8s.io/api/core/v1/toleration.go (v1.36).
 *
 * @param effect empty for every effect
 * @param key empty for every key
 */
public record Toleration(String key, String operator, String value, String effect) {

  static Toleration of(KubeMap toleration) {
    return new Toleration(
        toleration.string("key", ""),
        toleration.string("operator", ""),
        toleration.string("value", ""),
        toleration.string("effect", ""));
  }

  public boolean tolerates(Taint taint) {
    if (!effect.isEmpty() && !effect.equals(taint.effect())) {
      return false;
    }
    if (!key.isEmpty() && !key.equals(taint.key())) {
      return false;
    }
    return switch (operator) {
      case "", "Equal" -> value.equals(taint.value());
      case "Exists" -> true;
      default -> false;
    };
  }

  /** Whether one of the tolerations tolerates the taint. */
  public static boolean tolerate(Toleration[] tolerations, Taint taint) {
    for (Toleration toleration : tolerations) {
      if (toleration.tolerates(taint)) {
        return true;
      }
    }
    return false;
  }

  /** Whether each taint is tolerated. */
  public static boolean tolerateAll(Toleration[] tolerations, Taint[] taints) {
    for (Taint taint : taints) {
      if (!tolerate(tolerations, taint)) {
        return false;
      }
    }
    return true;
  }
}
