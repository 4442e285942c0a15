package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.controller.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One step of a rollout that stops all old pods before it starts a new one.
 *
 * <p>Follows pkg/controller/deployment/recreate.go (v1.36).
 */
final class Recreate {

  private final Sync sync;
  private final Function<KubeObject, List<KubeObject>> podsOf;

  /**
   * A step.
   *
   * @param podsOf the pods that a ReplicaSet controls
   */
  Recreate(Sync sync, Function<KubeObject, List<KubeObject>> podsOf) {
    this.sync = sync;
    this.podsOf = podsOf;
  }

  /** Makes the step; the status is to be synced with what it returns. */
  ReplicaSets rollout(List<KubeObject> replicaSets) {
    ReplicaSets sorted = sync.allReplicaSetsAndRevision(replicaSets, false);
    if (scaleDownOld(sorted) || oldPodsRunning(sorted)) {
      return sorted;
    }
    if (sorted.newReplicaSet() == null) {
      sorted = sync.allReplicaSetsAndRevision(replicaSets, true);
    }
    KubeObject newest = sorted.newReplicaSet();
    if (newest != null) {
      sync.scaleReplicaSet(newest, Replicas.desired(sync.deployment()), false);
    }
    if (Progress.complete(sync.deployment(), sync.deployment().status())) {
      sync.cleanup(sorted.old());
    }
    return sorted;
  }

  private boolean scaleDownOld(ReplicaSets sorted) {
    boolean scaled = false;
    for (KubeObject old : new ArrayList<>(ReplicaSets.active(sorted.old()))) {
      scaled |= sync.scaleReplicaSet(old, 0, false).scaled();
    }
    return scaled;
  }

  private boolean oldPodsRunning(ReplicaSets sorted) {
    if (Replicas.sum(sorted.old(), "replicas") > 0) {
      return true;
    }
    for (KubeObject old : sorted.old()) {
      for (KubeObject pod : podsOf.apply(old)) {
        if (!Pods.terminal(pod)) {
          return true;
        }
      }
    }
    return false;
  }
}
