package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.PodTemplates;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ReplicaSets of one Deployment during one sync.
 *
 * <p>Follows pkg/controller/deployment/util/deployment_util.go (v1.36).
 *
 * @param newReplicaSet the one with the Deployment's template, or null
 * @param old all others, the oldest first
 */
record ReplicaSets(@Nullable KubeObject newReplicaSet, List<KubeObject> old) {

  /** Old and new together. */
  List<KubeObject> all() {
    List<KubeObject> all = new ArrayList<>(old.size() + 1);
    all.addAll(old);
    if (newReplicaSet != null) {
      all.add(newReplicaSet);
    }
    return all;
  }

  /** Sorts a Deployment's ReplicaSets out; of several with its template the oldest is the new. */
  static ReplicaSets of(KubeObject deployment, List<KubeObject> replicaSets) {
    List<KubeObject> old = new ArrayList<>(replicaSets);
    old.sort(Revisions.BY_CREATION);
    KubeMap template = deployment.spec().mapOrEmpty("template");
    for (int i = 0; i < old.size(); i++) {
      if (PodTemplates.equalIgnoreHash(old.get(i).spec().mapOrEmpty("template"), template)) {
        return new ReplicaSets(old.remove(i), old);
      }
    }
    return new ReplicaSets(null, old);
  }

  /** Those that have, or ought to have, pods. */
  static List<KubeObject> active(List<KubeObject> replicaSets) {
    List<KubeObject> active = new ArrayList<>(replicaSets.size());
    for (KubeObject replicaSet : replicaSets) {
      if (Replicas.size(replicaSet) > 0) {
        active.add(replicaSet);
      }
    }
    return active;
  }

  /** The only active one, or the newest when none is active; null when several are. */
  @Nullable KubeObject activeOrLatest() {
    List<KubeObject> active = active(all());
    if (active.size() == 1) {
      return active.get(0);
    }
    if (!active.isEmpty()) {
      return null;
    }
    return newReplicaSet != null || old.isEmpty() ? newReplicaSet : old.get(old.size() - 1);
  }
}
