package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Names;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.PodTemplates;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Snapshot;
import dev.wavetank.core.controller.ControllerRefManager;
import dev.wavetank.core.controller.PodControl;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One sync of one Deployment: what all strategies share. It keeps the Deployment as the sync has
 * changed it; a second status write in one sync meets a newer version and fails, as upstream.
 *
 * <p>Follows pkg/controller/deployment/sync.go (v1.36).
 */
final class Sync {

  private static final int NAME_MAX = 253;
  private static final String SCALING = "ScalingReplicaSet";

  private final ApiClient client;
  private final EventRecorder recorder;
  private final Snapshot replicaSetView;
  private KubeObject deployment;

  /** What became of a ReplicaSet that was to be scaled. */
  record Scaled(boolean scaled, KubeObject replicaSet) {}

  Sync(ApiClient client, EventRecorder recorder, Snapshot replicaSetView, KubeObject deployment) {
    this.client = client;
    this.recorder = recorder;
    this.replicaSetView = replicaSetView;
    this.deployment = deployment;
  }

  KubeObject deployment() {
    return deployment;
  }

  EventRecorder recorder() {
    return recorder;
  }

  String now() {
    return client.server().timestamp();
  }

  void change(KubeObject changed) {
    deployment = changed;
  }

  void writeStatus() {
    client.updateStatus(ResourceType.DEPLOYMENTS, deployment);
  }

  void writeDeployment() {
    client.update(ResourceType.DEPLOYMENTS, deployment);
  }

  /** The Deployment is being deleted: only its status follows. */
  void statusOnly(List<KubeObject> replicaSets) {
    syncStatus(allReplicaSetsAndRevision(replicaSets, false));
  }

  /** A scaling event, or a step of a paused Deployment. */
  void sync(List<KubeObject> replicaSets) {
    ReplicaSets sorted = allReplicaSetsAndRevision(replicaSets, false);
    scale(sorted);
    if (deployment.spec().bool("paused", false) && Rollback.to(deployment) == null) {
      cleanup(sorted.old());
    }
    syncStatus(sorted);
  }

  /** Notes pausing and resuming, so that a pause does not count as lack of progress. */
  void checkPausedConditions() {
    if (!Progress.hasDeadline(deployment)) {
      return;
    }
    String reason =
        DeploymentConditions.reason(deployment.status(), DeploymentConditions.PROGRESSING);
    if (Progress.TIMED_OUT.equals(reason)) {
      return;
    }
    boolean noted = Progress.PAUSED.equals(reason);
    boolean paused = deployment.spec().bool("paused", false);
    if (paused == noted) {
      return;
    }
    setCondition(
        DeploymentConditions.condition(
            DeploymentConditions.PROGRESSING,
            "Unknown",
            paused ? Progress.PAUSED : Progress.RESUMED,
            paused ? "Deployment is paused" : "Deployment is resumed",
            now()));
    writeStatus();
  }

  private void setCondition(KubeMap condition) {
    deployment = deployment.withStatus(DeploymentConditions.set(deployment.status(), condition));
  }

  /** Sorts the ReplicaSets out, with revisions noted and, if asked for, the new one created. */
  ReplicaSets allReplicaSetsAndRevision(List<KubeObject> replicaSets, boolean create) {
    ReplicaSets found = ReplicaSets.of(deployment, replicaSets);
    long revision = Revisions.max(found.old()) + 1;
    KubeObject existing = found.newReplicaSet();
    KubeObject newReplicaSet =
        existing != null
            ? syncExisting(existing, revision)
            : create ? createNew(found.old(), revision) : null;
    return new ReplicaSets(newReplicaSet, found.old());
  }

  private KubeObject syncExisting(KubeObject existing, long revision) {
    KubeObject changed = Revisions.annotateNew(deployment, existing, revision, true);
    long minReadySeconds = deployment.spec().number("minReadySeconds", 0);
    boolean delayed = existing.spec().number("minReadySeconds", 0) != minReadySeconds;
    if (changed != existing || delayed) {
      KubeMap spec = changed.spec();
      if (delayed) {
        spec = spec.with("minReadySeconds", minReadySeconds == 0 ? null : minReadySeconds);
      }
      return client.update(ResourceType.REPLICA_SETS, changed.withSpec(spec));
    }
    KubeObject before = deployment;
    deployment =
        Revisions.withRevision(deployment, existing.annotations().string(Revisions.REVISION, ""));
    boolean unnoticed =
        DeploymentConditions.reason(deployment.status(), DeploymentConditions.PROGRESSING) == null;
    if (unnoticed && Progress.hasDeadline(deployment)) {
      setCondition(
          DeploymentConditions.condition(
              DeploymentConditions.PROGRESSING,
              "True",
              "FoundNewReplicaSet",
              "Found new replica set \"" + existing.name() + "\"",
              now()));
    }
    if (deployment != before) {
      writeStatus();
    }
    return existing;
  }

  private KubeObject createNew(List<KubeObject> old, long revision) {
    KubeObject asked = newReplicaSet(old, revision);
    long size = Replicas.size(asked);
    KubeObject created;
    boolean alreadyExists = false;
    try {
      created = client.create(ResourceType.REPLICA_SETS, asked);
    } catch (ApiException e) {
      if (!e.alreadyExists()) {
        reportFailure(asked, e);
        throw e;
      }
      alreadyExists = true;
      created = oursOrCollision(asked, e);
    }
    if (!alreadyExists && size > 0) {
      recorder.normal(
          deployment, SCALING, "Scaled up replica set " + created.name() + " from 0 to " + size);
    }
    KubeObject before = deployment;
    deployment = Revisions.withRevision(deployment, Long.toString(revision));
    if (!alreadyExists && Progress.hasDeadline(deployment)) {
      setCondition(
          DeploymentConditions.condition(
              DeploymentConditions.PROGRESSING,
              "True",
              "NewReplicaSetCreated",
              "Created new replica set \"" + created.name() + "\"",
              now()));
      writeStatus();
    } else if (deployment != before) {
      writeStatus();
    }
    return created;
  }

  private KubeObject newReplicaSet(List<KubeObject> old, long revision) {
    KubeMap spec = deployment.spec();
    KubeMap template = spec.mapOrEmpty("template");
    Long collisions =
        deployment.status().get("collisionCount") instanceof Long count ? count : null;
    String hash = Names.podTemplateHash(template, collisions);
    KubeMap labels =
        template
            .mapOrEmpty("metadata")
            .mapOrEmpty("labels")
            .with(PodTemplates.POD_TEMPLATE_HASH, hash);
    KubeMap metadata =
        KubeMap.of(
            "name", name(deployment.name(), hash),
            "namespace", deployment.namespace(),
            "labels", labels,
            "ownerReferences",
                dev.wavetank.core.api.KubeList.of(
                    ControllerRefManager.controllerRef(ResourceType.DEPLOYMENTS, deployment)));
    long minReadySeconds = spec.number("minReadySeconds", 0);
    KubeMap selector =
        spec.mapOrEmpty("selector").withPath(hash, "matchLabels", PodTemplates.POD_TEMPLATE_HASH);
    KubeObject empty =
        KubeObject.of(ResourceType.REPLICA_SETS, metadata)
            .withSpec(
                KubeMap.of(
                    "replicas",
                    0L,
                    "minReadySeconds",
                    minReadySeconds == 0 ? null : (Long) minReadySeconds,
                    "selector",
                    selector,
                    "template",
                    template.withPath(labels, "metadata", "labels")));
    List<KubeObject> all = new ArrayList<>(old);
    all.add(empty);
    KubeObject sized = empty.with(Replicas.newSize(deployment, all, empty), "spec", "replicas");
    return Revisions.annotateNew(deployment, sized, revision, false);
  }

  private static String name(String deployment, String hash) {
    int most = NAME_MAX - 1 - hash.length();
    return (deployment.length() > most ? deployment.substring(0, most) : deployment) + "-" + hash;
  }

  /** The ReplicaSet of that name if it is what was to be created; else counts a collision. */
  private KubeObject oursOrCollision(KubeObject asked, ApiException refusal) {
    ObjectKey key = asked.key(ResourceType.REPLICA_SETS);
    KubeObject existing = replicaSetView.get(key);
    if (existing == null) {
      throw new ApiException(Status.notFound(key.type(), key.name()));
    }
    if (existing.controlledBy(deployment.uid())
        && PodTemplates.equalIgnoreHash(
            deployment.spec().mapOrEmpty("template"), existing.spec().mapOrEmpty("template"))) {
      return existing;
    }
    KubeMap status = deployment.status();
    deployment =
        deployment.withStatus(
            status.with("collisionCount", status.number("collisionCount", 0) + 1));
    try {
      writeStatus();
    } catch (ApiException e) {
      throw refusal;
    }
    throw refusal;
  }

  private void reportFailure(KubeObject asked, ApiException refusal) {
    if (PodControl.namespaceTerminating(refusal)) {
      return;
    }
    String message =
        "Failed to create new replica set \"" + asked.name() + "\": " + refusal.status().message();
    String reason = "ReplicaSetCreateError";
    if (Progress.hasDeadline(deployment)) {
      setCondition(
          DeploymentConditions.condition(
              DeploymentConditions.PROGRESSING, "False", reason, message, now()));
      try {
        writeStatus();
      } catch (ApiException e) {
        recorder.warning(deployment, reason, message);
        return;
      }
    }
    recorder.warning(deployment, reason, message);
  }

  private void scale(ReplicaSets sorted) {
    KubeObject only = sorted.activeOrLatest();
    if (only != null) {
      scaleReplicaSet(only, Replicas.desired(deployment), false);
      return;
    }
    if (Replicas.saturated(deployment, sorted.newReplicaSet())) {
      for (KubeObject old : ReplicaSets.active(sorted.old())) {
        scaleReplicaSet(old, 0, false);
      }
      return;
    }
    if (Replicas.rollingUpdate(deployment)) {
      scaleProportionally(ReplicaSets.active(sorted.all()));
    }
  }

  private void scaleProportionally(List<KubeObject> active) {
    long desired = Replicas.desired(deployment);
    long allowed = desired > 0 ? desired + Replicas.maxSurge(deployment) : 0;
    long toAdd = allowed - Replicas.sizes(active);
    Comparator<KubeObject> largest = Comparator.comparingLong(rs -> -Replicas.size(rs));
    if (toAdd > 0) {
      active.sort(largest.thenComparing(Revisions.BY_CREATION.reversed()));
    } else if (toAdd < 0) {
      active.sort(largest.thenComparing(Revisions.BY_CREATION));
    }
    long added = 0;
    long[] sizes = new long[active.size()];
    for (int i = 0; i < sizes.length; i++) {
      long share = Replicas.proportion(active.get(i), deployment, toAdd, added);
      sizes[i] = Replicas.size(active.get(i)) + share;
      added += share;
    }
    for (int i = 0; i < sizes.length; i++) {
      long size = i == 0 && toAdd != 0 ? Math.max(0, sizes[i] + toAdd - added) : sizes[i];
      scaleReplicaSet(active.get(i), size, true);
    }
  }

  /**
   * Gives a ReplicaSet another size and notes the Deployment's.
   *
   * @param force whether the notes alone are reason enough to write
   */
  Scaled scaleReplicaSet(KubeObject replicaSet, long size, boolean force) {
    long before = Replicas.size(replicaSet);
    if (!force && before == size) {
      return new Scaled(false, replicaSet);
    }
    KubeObject changed = Revisions.annotateSize(deployment, replicaSet);
    if (before != size) {
      changed = changed.withSpec(changed.spec().with("replicas", size));
    }
    if (changed == replicaSet) {
      return new Scaled(false, replicaSet);
    }
    KubeObject updated = client.update(ResourceType.REPLICA_SETS, changed);
    if (before != size) {
      recorder.normal(
          deployment,
          SCALING,
          "Scaled "
              + (before < size ? "up" : "down")
              + " replica set "
              + updated.name()
              + " from "
              + before
              + " to "
              + size);
    }
    return new Scaled(before != size, updated);
  }

  /** Deletes the oldest empty ReplicaSets beyond {@code revisionHistoryLimit}. */
  void cleanup(List<KubeObject> old) {
    if (!(deployment.spec().get("revisionHistoryLimit") instanceof Long limit)
        || limit == Integer.MAX_VALUE) {
      return;
    }
    List<KubeObject> cleanable = new ArrayList<>(old);
    cleanable.removeIf(KubeObject::terminating);
    cleanable.sort(Revisions::byRevision);
    for (int i = 0; i < cleanable.size() - limit; i++) {
      KubeObject replicaSet = cleanable.get(i);
      KubeMap status = replicaSet.status();
      if (status.number("replicas", 0) != 0
          || Replicas.size(replicaSet) != 0
          || replicaSet.generation() > status.number("observedGeneration", 0)) {
        continue;
      }
      try {
        client.delete(replicaSet.key(ResourceType.REPLICA_SETS), DeleteOptions.BACKGROUND);
      } catch (ApiException e) {
        if (!e.notFound()) {
          throw e;
        }
      }
    }
  }

  private void syncStatus(ReplicaSets sorted) {
    KubeMap status = calculateStatus(sorted);
    if (!status.equals(deployment.status())) {
      deployment = deployment.withStatus(status);
      writeStatus();
    }
  }

  /** The status that the ReplicaSets give, conditions about progress left as they are. */
  KubeMap calculateStatus(ReplicaSets sorted) {
    List<KubeObject> all = sorted.all();
    KubeObject newest = sorted.newReplicaSet();
    KubeMap old = deployment.status();
    long available = Replicas.sum(all, "availableReplicas");
    KubeMap status =
        KubeMap.builder()
            .put("observedGeneration", positive(deployment.generation()))
            .put("replicas", positive(Replicas.sum(all, "replicas")))
            .put(
                "updatedReplicas",
                newest == null ? null : positive(newest.status().number("replicas", 0)))
            .put("readyReplicas", positive(Replicas.sum(all, "readyReplicas")))
            .put("availableReplicas", positive(available))
            .put("unavailableReplicas", positive(Math.max(0, Replicas.sizes(all) - available)))
            .put("terminatingReplicas", Replicas.terminating(all))
            .put("conditions", old.list("conditions"))
            .put("collisionCount", old.get("collisionCount"))
            .build();
    boolean enough =
        available >= Replicas.desired(deployment) - Replicas.maxUnavailable(deployment);
    return DeploymentConditions.set(
        status,
        DeploymentConditions.condition(
            DeploymentConditions.AVAILABLE,
            enough ? "True" : "False",
            enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            enough
                ? "Deployment has minimum availability."
                : "Deployment does not have minimum availability.",
            now()));
  }

  private static @Nullable Long positive(long count) {
    return count == 0 ? null : (Long) count;
  }

  /** Whether the Deployment was scaled since its active ReplicaSets were last. */
  boolean scalingEvent(List<KubeObject> replicaSets) {
    ReplicaSets sorted = allReplicaSetsAndRevision(replicaSets, false);
    for (KubeObject replicaSet : ReplicaSets.active(sorted.all())) {
      Long desired = Revisions.count(replicaSet, Revisions.DESIRED_REPLICAS);
      if (desired != null && desired != Replicas.desired(deployment)) {
        return true;
      }
    }
    return false;
  }
}
