package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.IntOrPercent;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many: the arithmetic of surge, unavailability and proportions.
 *
 * <p>Follows pkg/controller/deployment/util/deployment_util.go (v1.36).
 */
public final class Replicas {

  /**
   * {@code maxSurge} and {@code maxUnavailable} as numbers of pods.
   *
   * @param surge percentages rounded up
   * @param unavailable percentages rounded down; 1 when both would be 0
   */
  public record Fenceposts(long surge, long unavailable) {}

  private Replicas() {}

  /** What a Deployment asks for. */
  static long desired(KubeObject deployment) {
    return deployment.spec().number("replicas", 1);
  }

  /** {@code spec.replicas} of a ReplicaSet. */
  static long size(KubeObject replicaSet) {
    return replicaSet.spec().number("replicas", 1);
  }

  static long available(KubeObject replicaSet) {
    return replicaSet.status().number("availableReplicas", 0);
  }

  static boolean rollingUpdate(KubeObject deployment) {
    return "RollingUpdate".equals(deployment.at("spec", "strategy", "type"));
  }

  /**
   * Resolves both knobs together.
   *
   * @param maxSurge leaf of the object, null for 0
   * @param maxUnavailable leaf of the object, null for 0
   * @throws IllegalArgumentException when one is neither a number nor a percentage
   */
  public static Fenceposts resolveFenceposts(
      @Nullable Object maxSurge, @Nullable Object maxUnavailable, long desired) {
    long surge = maxSurge == null ? 0 : IntOrPercent.of(maxSurge).roundUp(desired);
    long unavailable =
        maxUnavailable == null ? 0 : IntOrPercent.of(maxUnavailable).roundDown(desired);
    return new Fenceposts(surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
  }

  private static Fenceposts fenceposts(KubeObject deployment) {
    KubeMap knobs = deployment.spec().mapOrEmpty("strategy").mapOrEmpty("rollingUpdate");
    return resolveFenceposts(
        knobs.get("maxSurge"), knobs.get("maxUnavailable"), desired(deployment));
  }

  /** Pods that a rolling update may lack; 0 under another strategy. */
  public static long maxUnavailable(KubeObject deployment) {
    long desired = desired(deployment);
    if (!rollingUpdate(deployment) || desired == 0) {
      return 0;
    }
    return Math.min(fenceposts(deployment).unavailable(), desired);
  }

  /** Pods that must stay available during a rolling update; 0 under another strategy. */
  public static long minAvailable(KubeObject deployment) {
    return rollingUpdate(deployment) ? desired(deployment) - maxUnavailable(deployment) : 0;
  }

  /** Pods that a rolling update may have beyond those asked for; 0 under another strategy. */
  public static long maxSurge(KubeObject deployment) {
    return rollingUpdate(deployment) ? fenceposts(deployment).surge() : 0;
  }

  /** Sum of {@code spec.replicas}. */
  static long sizes(List<KubeObject> replicaSets) {
    long sum = 0;
    for (KubeObject replicaSet : replicaSets) {
      sum += size(replicaSet);
    }
    return sum;
  }

  /** Sum of a count of the status. */
  static long sum(List<KubeObject> replicaSets, String count) {
    long sum = 0;
    for (KubeObject replicaSet : replicaSets) {
      sum += replicaSet.status().number(count, 0);
    }
    return sum;
  }

  /** Sum of terminating pods; null when a ReplicaSet that was synced does not say. */
  static @Nullable Long terminating(List<KubeObject> replicaSets) {
    long sum = 0;
    for (KubeObject replicaSet : replicaSets) {
      KubeMap status = replicaSet.status();
      if (status.has("terminatingReplicas")) {
        sum += status.number("terminatingReplicas", 0);
      } else if (status.number("observedGeneration", 0) != 0) {
        return null;
      }
    }
    return sum;
  }

  /** The size that the new ReplicaSet should have now. */
  static long newSize(KubeObject deployment, List<KubeObject> all, KubeObject newReplicaSet) {
    long desired = desired(deployment);
    if (!rollingUpdate(deployment)) {
      return desired;
    }
    KubeMap knobs = deployment.spec().mapOrEmpty("strategy").mapOrEmpty("rollingUpdate");
    long most = desired + IntOrPercent.of(knobs.get("maxSurge")).roundUp(desired);
    long size = size(newReplicaSet);
    long present = sizes(all);
    return present >= most ? size : size + Math.min(most - present, desired - size);
  }

  /** Whether the new ReplicaSet has all pods asked for, available, and knows how many these are. */
  static boolean saturated(KubeObject deployment, @Nullable KubeObject replicaSet) {
    if (replicaSet == null) {
      return false;
    }
    long desired = desired(deployment);
    return Long.toString(desired).equals(replicaSet.annotations().get(Revisions.DESIRED_REPLICAS))
        && size(replicaSet) == desired
        && available(replicaSet) == desired;
  }

  /**
   * One ReplicaSet's share of pods to add, or to remove when negative.
   *
   * @param toAdd for all ReplicaSets together
   * @param added given to others so far
   */
  static long proportion(KubeObject replicaSet, KubeObject deployment, long toAdd, long added) {
    if (size(replicaSet) == 0 || toAdd == 0 || toAdd == added) {
      return 0;
    }
    long fraction = fraction(replicaSet, deployment);
    long allowed = toAdd - added;
    return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
  }

  private static long fraction(KubeObject replicaSet, KubeObject deployment) {
    long size = size(replicaSet);
    long desired = desired(deployment);
    if (desired == 0) {
      return -size;
    }
    long most = desired + maxSurge(deployment);
    Long before = Revisions.count(replicaSet, Revisions.MAX_REPLICAS);
    if (before == null || before == 0) {
      before = deployment.status().number("replicas", 0);
      if (before == 0) {
        return 0;
      }
    }
    double share = (double) (size * most) / before;
    return (long) (share < 0 ? share - 0.5 : share + 0.5) - size;
  }
}
