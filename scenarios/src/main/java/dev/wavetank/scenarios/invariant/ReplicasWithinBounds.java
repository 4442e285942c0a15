package dev.wavetank.scenarios.invariant;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.controller.deployment.Replicas;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ReplicaSets of a Deployment never ask for more pods than replicas and surge together, by any
 * version of it that the controller may be acting on.
 */
final class ReplicasWithinBounds implements Invariant {

  private final Map<String, TreeMap<Long, Long>> mostByUid = new LinkedHashMap<>();

  @Override
  public String words() {
    return "a Deployment's ReplicaSets ask for no more than replicas + maxSurge pods";
  }

  @Override
  public @Nullable String broken(Commit commit, Cluster cluster) {
    ResourceType type = commit.key().type();
    KubeObject after = commit.after();
    if (type.equals(ResourceType.DEPLOYMENTS)) {
      deploymentChanged(commit.object(), after != null);
    } else if (type.equals(ResourceType.REPLICA_SETS) && after != null && grew(commit, after)) {
      return checked(after, cluster);
    }
    return null;
  }

  private void deploymentChanged(KubeObject deployment, boolean exists) {
    if (!exists) {
      mostByUid.remove(deployment.uid());
      return;
    }
    TreeMap<Long, Long> most = mostByUid.computeIfAbsent(deployment.uid(), uid -> new TreeMap<>());
    long surge = Replicas.maxSurge(deployment);
    most.put(deployment.generation(), deployment.spec().number("replicas", 0) + surge);
    most.headMap(deployment.status().number("observedGeneration", 0)).clear();
  }

  private static boolean grew(Commit commit, KubeObject after) {
    KubeObject before = commit.before();
    return size(after) > (before == null ? 0 : size(before));
  }

  private static long size(KubeObject replicaSet) {
    return replicaSet.spec().number("replicas", 0);
  }

  private @Nullable String checked(KubeObject replicaSet, Cluster cluster) {
    KubeMap owner = replicaSet.controllerRef();
    TreeMap<Long, Long> most = owner == null ? null : mostByUid.get(owner.string("uid", ""));
    if (owner == null || most == null) {
      return null;
    }
    long total = 0;
    for (KubeObject other :
        cluster.api().head().ownedBy(ResourceType.REPLICA_SETS, owner.string("uid", ""))) {
      total += size(other);
    }
    long allowed = most.values().stream().mapToLong(n -> n).max().orElse(0);
    ObjectKey key =
        ObjectKey.of(ResourceType.DEPLOYMENTS, replicaSet.namespace(), owner.string("name", ""));
    return total <= allowed
        ? null
        : "the ReplicaSets of " + key + " ask for " + total + " pods, " + allowed + " are allowed";
  }
}
