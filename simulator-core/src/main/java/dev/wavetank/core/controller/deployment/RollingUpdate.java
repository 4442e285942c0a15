package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of a rolling update: scale the new ReplicaSet, or else the old ones, or else clean up.
 *
 * <p>Follows pkg/controller/deployment/rolling.go (v1.36).
 */
final class RollingUpdate {

  private final Sync sync;

  RollingUpdate(Sync sync) {
    this.sync = sync;
  }

  /** Makes the step; the status is to be synced with what it returns. */
  ReplicaSets rollout(List<KubeObject> replicaSets) {
    ReplicaSets sorted = sync.allReplicaSetsAndRevision(replicaSets, true);
    KubeObject newest = sorted.newReplicaSet();
    if (newest == null
        || reconcileNew(sorted, newest)
        || reconcileOld(sorted, newest)
        || !Progress.complete(sync.deployment(), sync.deployment().status())) {
      return sorted;
    }
    sync.cleanup(sorted.old());
    return sorted;
  }

  private boolean reconcileNew(ReplicaSets sorted, KubeObject newest) {
    long desired = Replicas.desired(sync.deployment());
    long size = Replicas.size(newest);
    if (size == desired) {
      return false;
    }
    long next =
        size > desired ? desired : Replicas.newSize(sync.deployment(), sorted.all(), newest);
    return sync.scaleReplicaSet(newest, next, false).scaled();
  }

  private boolean reconcileOld(ReplicaSets sorted, KubeObject newest) {
    List<KubeObject> old = ReplicaSets.active(sorted.old());
    if (old.isEmpty()) {
      return false;
    }
    KubeObject deployment = sync.deployment();
    long minAvailable = Replicas.desired(deployment) - Replicas.maxUnavailable(deployment);
    long newUnavailable = Replicas.size(newest) - Replicas.available(newest);
    long most = Replicas.sizes(sorted.all()) - minAvailable - newUnavailable;
    if (most <= 0) {
      return false;
    }
    try {
      long cleanedUp = cleanupUnhealthy(old, most);
      return scaleDown(old, newest, minAvailable) + cleanedUp > 0;
    } catch (ApiException e) {
      // Upstream goes on to the status here; what was refused is tried again by the next sync.
      return false;
    }
  }

  /** Takes unhealthy pods from the oldest first: that makes nothing less available. */
  private long cleanupUnhealthy(List<KubeObject> old, long most) {
    long total = 0;
    for (int i = 0; i < old.size() && total < most; i++) {
      KubeObject target = old.get(i);
      long unhealthy = Replicas.size(target) - Replicas.available(target);
      if (unhealthy == 0) {
        continue;
      }
      long count = Math.min(most - total, unhealthy);
      if (count < 0) {
        throw invalid("cleaning up unhealthy replicas", target, count);
      }
      old.set(i, sync.scaleReplicaSet(target, Replicas.size(target) - count, false).replicaSet());
      total += count;
    }
    return total;
  }

  private long scaleDown(List<KubeObject> old, KubeObject newest, long minAvailable) {
    List<KubeObject> all = new ArrayList<>(old);
    all.add(newest);
    long surplus = Replicas.sum(all, "availableReplicas") - minAvailable;
    long total = 0;
    for (int i = 0; i < old.size() && total < surplus; i++) {
      KubeObject target = old.get(i);
      long size = Replicas.size(target);
      if (size > 0) {
        long count = Math.min(size, surplus - total);
        sync.scaleReplicaSet(target, size - count, false);
        total += count;
      }
    }
    return total;
  }

  private static ApiException invalid(String when, KubeObject target, long count) {
    long size = Replicas.size(target);
    return new ApiException(
        dev.wavetank.core.api.Status.internalError(
            "when "
                + when
                + ", got invalid request to scale down "
                + target.namespace()
                + "/"
                + target.name()
                + " "
                + size
                + " -> "
                + (size - count)));
  }
}
