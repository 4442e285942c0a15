package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.Conditions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a rollout gets on: the condition {@code Progressing} and its deadline.
 *
 * <p>Follows pkg/controller/deployment/progress.go (v1.36).
 */
public final class Progress {

  static final String TIMED_OUT = "ProgressDeadlineExceeded";
  static final String PAUSED = "DeploymentPaused";
  static final String RESUMED = "DeploymentResumed";
  private static final String NEW_AVAILABLE = "NewReplicaSetAvailable";
  private static final String UPDATED = "ReplicaSetUpdated";

  /** The deployment is not to be looked at again for its deadline. */
  static final long NEVER = -1;

  private static final long SECOND = 1_000_000_000L;

  private Progress() {}

  /** Whether lack of progress is to be reported at all. */
  static boolean hasDeadline(KubeObject deployment) {
    return deployment.spec().get("progressDeadlineSeconds") instanceof Long seconds
        && seconds != Integer.MAX_VALUE;
  }

  /** Whether all pods asked for are updated and available and no old one is left. */
  public static boolean complete(KubeObject deployment, KubeMap status) {
    long desired = Replicas.desired(deployment);
    return status.number("updatedReplicas", 0) == desired
        && status.number("replicas", 0) == desired
        && status.number("availableReplicas", 0) == desired
        && status.number("observedGeneration", 0) >= deployment.generation();
  }

  /** Whether the new status is further on than the Deployment's present one. */
  public static boolean progressing(KubeObject deployment, KubeMap status) {
    KubeMap old = deployment.status();
    return more("updatedReplicas", old, status)
        || oldReplicas(status) < oldReplicas(old)
        || more("readyReplicas", old, status)
        || more("availableReplicas", old, status);
  }

  private static boolean more(String count, KubeMap old, KubeMap status) {
    return status.number(count, 0) > old.number(count, 0);
  }

  private static long oldReplicas(KubeMap status) {
    return status.number("replicas", 0) - status.number("updatedReplicas", 0);
  }

  /** Whether the last sign of progress is older than the deadline. */
  public static boolean timedOut(KubeObject deployment, KubeMap status, Instant now) {
    KubeMap condition = Conditions.find(status, DeploymentConditions.PROGRESSING);
    if (!hasDeadline(deployment) || condition == null) {
      return false;
    }
    String reason = condition.string("reason", "");
    if (reason.equals(NEW_AVAILABLE)) {
      return false;
    }
    return reason.equals(TIMED_OUT) || due(deployment, condition).isBefore(now);
  }

  private static Instant due(KubeObject deployment, KubeMap condition) {
    Instant from = Timestamps.parse(condition.get("lastUpdateTime"));
    return (from == null ? Instant.EPOCH : from)
        .plusSeconds(deployment.spec().number("progressDeadlineSeconds", 0));
  }

  /**
   * Writes the status of a rollout if it changed.
   *
   * @return nanoseconds after which the deadline is to be checked, when nothing changed; else
   *     {@link #NEVER}
   */
  static long syncRolloutStatus(Sync sync, ReplicaSets sorted, Instant now) {
    KubeObject deployment = sync.deployment();
    KubeMap status = sync.calculateStatus(sorted);
    if (!hasDeadline(deployment)) {
      status = DeploymentConditions.remove(status, DeploymentConditions.PROGRESSING);
    }
    KubeMap current = Conditions.find(deployment.status(), DeploymentConditions.PROGRESSING);
    boolean completeBefore =
        status.number("replicas", 0) == status.number("updatedReplicas", 0)
            && current != null
            && NEW_AVAILABLE.equals(current.get("reason"));
    if (hasDeadline(deployment) && !completeBefore) {
      status = estimate(sync, sorted.newReplicaSet(), current, status, now);
    }
    KubeMap failure = replicaFailure(sorted);
    status =
        failure != null
            ? DeploymentConditions.set(status, failure)
            : DeploymentConditions.remove(status, DeploymentConditions.REPLICA_FAILURE);
    if (status.equals(deployment.status())) {
      return nextCheckNanos(deployment, status, now);
    }
    sync.change(deployment.withStatus(status));
    sync.writeStatus();
    return NEVER;
  }

  private static KubeMap estimate(
      Sync sync,
      @Nullable KubeObject newest,
      @Nullable KubeMap current,
      KubeMap status,
      Instant now) {
    KubeObject deployment = sync.deployment();
    String subject =
        newest != null
            ? "ReplicaSet \"" + newest.name() + "\""
            : "Deployment \"" + deployment.name() + "\"";
    String type = DeploymentConditions.PROGRESSING;
    String time = sync.now();
    if (complete(deployment, status)) {
      return DeploymentConditions.set(
          status,
          DeploymentConditions.condition(
              type, "True", NEW_AVAILABLE, subject + " has successfully progressed.", time));
    }
    if (progressing(deployment, status)) {
      KubeMap condition =
          DeploymentConditions.condition(type, "True", UPDATED, subject + " is progressing.", time);
      if (current != null && "True".equals(current.get("status"))) {
        condition = condition.with("lastTransitionTime", current.get("lastTransitionTime"));
      }
      return DeploymentConditions.set(DeploymentConditions.remove(status, type), condition);
    }
    if (timedOut(deployment, status, now)) {
      return DeploymentConditions.set(
          status,
          DeploymentConditions.condition(
              type, "False", TIMED_OUT, subject + " has timed out progressing.", time));
    }
    return status;
  }

  private static @Nullable KubeMap replicaFailure(ReplicaSets sorted) {
    String type = DeploymentConditions.REPLICA_FAILURE;
    KubeObject newest = sorted.newReplicaSet();
    KubeMap found = newest == null ? null : Conditions.find(newest.status(), type);
    for (KubeObject old : sorted.old()) {
      found = found != null ? found : Conditions.find(old.status(), type);
    }
    return found == null ? null : DeploymentConditions.ofReplicaSet(found);
  }

  private static long nextCheckNanos(KubeObject deployment, KubeMap status, Instant now) {
    KubeMap current = Conditions.find(deployment.status(), DeploymentConditions.PROGRESSING);
    if (!hasDeadline(deployment)
        || current == null
        || complete(deployment, status)
        || TIMED_OUT.equals(current.get("reason"))) {
      return NEVER;
    }
    Instant due = due(deployment, current);
    long after =
        (due.getEpochSecond() - now.getEpochSecond()) * SECOND + due.getNano() - now.getNano();
    return after < SECOND ? 0 : after;
  }
}
