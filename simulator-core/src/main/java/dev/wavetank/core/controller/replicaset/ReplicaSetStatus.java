package dev.wavetank.core.controller.replicaset;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.informer.ApiClient;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The counts and conditions that a sync found, and how they get into the ReplicaSet's status: only
 * when they differ, and with one more try when the status write is refused.
 *
 * <p>Follows pkg/controller/replicaset/replica_set_utils.go (v1.36).
 *
 * @param replicas active pods
 * @param fullyLabeled active pods that carry all labels of the template
 * @param conditions null when there are none
 */
record ReplicaSetStatus(
    long replicas,
    long fullyLabeled,
    long ready,
    long available,
    long terminating,
    @Nullable KubeList conditions) {

  private static final String REPLICA_FAILURE = "ReplicaFailure";
  private static final int UPDATE_RETRIES = 1;

  /**
   * The conditions after a sync.
   *
   * @param failure why pods could not be created or deleted, or null
   * @param difference active pods less those that are asked for
   */
  static @Nullable KubeList conditions(
      KubeObject replicaSet, @Nullable ApiException failure, long difference, String now) {
    KubeList conditions = replicaSet.status().list("conditions");
    boolean known = Conditions.find(replicaSet.status(), REPLICA_FAILURE) != null;
    if (failure != null && !known) {
      KubeMap condition =
          KubeMap.of(
              "type",
              REPLICA_FAILURE,
              "status",
              "True",
              "lastTransitionTime",
              now,
              "reason",
              difference < 0 ? "FailedCreate" : "FailedDelete",
              "message",
              failure.status().message());
      return (conditions == null ? KubeList.EMPTY : conditions).plus(condition);
    }
    if (failure == null && known && conditions != null) {
      KubeList others = KubeList.EMPTY;
      for (KubeMap condition : conditions.maps()) {
        others = REPLICA_FAILURE.equals(condition.get("type")) ? others : others.plus(condition);
      }
      return others.isEmpty() ? null : others;
    }
    return conditions;
  }

  /** Whether the ReplicaSet says this already. */
  private boolean saidBy(KubeObject replicaSet) {
    KubeMap status = replicaSet.status();
    return status.number("replicas", 0) == replicas
        && status.number("fullyLabeledReplicas", 0) == fullyLabeled
        && status.number("readyReplicas", 0) == ready
        && status.number("availableReplicas", 0) == available
        && status.number("terminatingReplicas", -1) == terminating
        && status.number("observedGeneration", 0) == replicaSet.generation()
        && Objects.equals(status.list("conditions"), conditions);
  }

  private KubeMap toMap(long observedGeneration) {
    return KubeMap.builder()
        .put("replicas", replicas)
        .put("fullyLabeledReplicas", positive(fullyLabeled))
        .put("readyReplicas", positive(ready))
        .put("availableReplicas", positive(available))
        .put("terminatingReplicas", terminating)
        .put("observedGeneration", positive(observedGeneration))
        .put("conditions", conditions)
        .build();
  }

  private static @Nullable Long positive(long count) {
    return count == 0 ? null : (Long) count;
  }

  /**
   * Writes the status when it differs.
   *
   * @throws ApiException when the second try is refused too
   */
  void write(ApiClient client, KubeObject replicaSet) {
    if (saidBy(replicaSet)) {
      return;
    }
    KubeMap status = toMap(replicaSet.generation());
    KubeObject newest = replicaSet;
    for (int retries = 0; ; retries++) {
      try {
        client.updateStatus(ResourceType.REPLICA_SETS, newest.withStatus(status));
        return;
      } catch (ApiException e) {
        if (retries >= UPDATE_RETRIES) {
          throw e;
        }
      }
      ObjectKey key = replicaSet.key(ResourceType.REPLICA_SETS);
      KubeObject live = client.find(key);
      if (live == null) {
        throw new ApiException(Status.notFound(key.type(), key.name()));
      }
      newest = live;
    }
  }
}
