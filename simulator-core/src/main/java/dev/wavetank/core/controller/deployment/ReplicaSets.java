package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
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

  static final String POD_TEMPLATE_HASH = "pod-template-hash";

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
      if (equalIgnoreHash(old.get(i).spec().mapOrEmpty("template"), template)) {
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

  /** Whether two pod templates are equal but for the hash label that a ReplicaSet adds. */
  static boolean equalIgnoreHash(KubeMap one, KubeMap other) {
    KubeMap first = one.mapOrEmpty("metadata");
    KubeMap second = other.mapOrEmpty("metadata");
    return same(one.get("spec"), other.get("spec"))
        && sameLabels(first.mapOrEmpty("labels"), second.mapOrEmpty("labels"))
        && same(without(first), without(second));
  }

  private static KubeMap without(KubeMap metadata) {
    return metadata.without("labels");
  }

  private static boolean sameLabels(KubeMap one, KubeMap other) {
    int hashes = (one.has(POD_TEMPLATE_HASH) ? 1 : 0) - (other.has(POD_TEMPLATE_HASH) ? 1 : 0);
    if (one.size() - other.size() != hashes) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      String key = one.keyAt(i);
      if (!key.equals(POD_TEMPLATE_HASH) && !one.valueAt(i).equals(other.get(key))) {
        return false;
      }
    }
    return true;
  }

  /** Equal, where what is absent, null or empty is all the same. */
  private static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one == other || (one != null && one.equals(other))) {
      return true;
    }
    if (nothing(one) || nothing(other)) {
      return nothing(one) && nothing(other);
    }
    if (one instanceof KubeMap first && other instanceof KubeMap second) {
      return covers(first, second) && covers(second, first);
    }
    if (!(one instanceof KubeList first)
        || !(other instanceof KubeList second)
        || first.size() != second.size()) {
      return false;
    }
    for (int i = 0; i < first.size(); i++) {
      if (!same(first.get(i), second.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean covers(KubeMap one, KubeMap other) {
    for (int i = 0; i < one.size(); i++) {
      if (!same(one.valueAt(i), other.get(one.keyAt(i)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean nothing(@Nullable Object value) {
    return value == null
        || value == KubeNull.NULL
        || (value instanceof KubeMap map && map.isEmpty())
        || (value instanceof KubeList list && list.isEmpty());
  }
}
