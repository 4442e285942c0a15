package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.PodTemplates;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.kubectl.describe.Describer;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl rollout undo}: gives a Deployment the pod template and the annotations of one of
 * its former ReplicaSets.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go (v1.36).
 */
public final class RolloutUndo {

  private static final ImmutableSet<String> KEPT =
      ImmutableSet.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          "deployment.kubernetes.io/revision",
          "deployment.kubernetes.io/revision-history",
          "deployment.kubernetes.io/desired-replicas",
          "deployment.kubernetes.io/max-replicas",
          "deprecated.deployment.rollback.to");

  private RolloutUndo() {}

  /**
   * Rolls back.
   *
   * @param toRevision 0 for the one before the newest
   * @return {@code rolled back}, {@code skipped rollback (…)} or why it failed
   */
  public static Answer undo(ApiServer server, String namespace, String name, long toRevision) {
    return undo(server, namespace, name, toRevision, DryRun.NONE);
  }

  /** The same, or only what it would do; the client alone shows the pod template. */
  static Answer undo(
      ApiServer server, String namespace, String name, long toRevision, DryRun dryRun) {
    ObjectKey key = ObjectKey.of(ResourceType.DEPLOYMENTS, namespace, name);
    KubeObject deployment = server.find(key);
    if (toRevision < 0) {
      return notFound(toRevision);
    }
    if (deployment == null) {
      return Answer.failed(
          "failed to retrieve Deployment "
              + name
              + ": "
              + Status.notFound(key.type(), name).message());
    }
    KubeObject target = target(server, deployment, toRevision);
    if (target == null) {
      return toRevision > 0
          ? notFound(toRevision)
          : Answer.failed("no rollout history found for deployment \"" + name + "\"");
    }
    KubeMap template = target.spec().mapOrEmpty("template");
    if (dryRun == DryRun.CLIENT) {
      return Answer.done(Describer.podTemplate(template));
    }
    if (deployment.spec().bool("paused", false)) {
      return Answer.failed(
          "you cannot rollback a paused deployment; resume it first with"
              + " 'kubectl rollout resume' and try again");
    }
    if (PodTemplates.equalIgnoreHash(template, deployment.spec().mapOrEmpty("template"))) {
      return Answer.done(
          "skipped rollback (current template already matches revision " + toRevision + ")");
    }
    KubeMap plain = template.withPath(null, "metadata", "labels", PodTemplates.POD_TEMPLATE_HASH);
    KubeObject restored =
        deployment
            .with(plain, "spec", "template")
            .withMetadata(
                deployment.metadata().with("annotations", annotations(deployment, target)));
    try {
      server.update(key.type(), restored, dryRun == DryRun.SERVER);
    } catch (ApiException e) {
      return Answer.failed("failed restoring revision " + toRevision + ": " + e.status().message());
    }
    return Answer.done("rolled back");
  }

  private static Answer notFound(long revision) {
    return Answer.failed("unable to find specified revision " + revision + " in history");
  }

  private static @Nullable KubeObject target(
      ApiServer server, KubeObject deployment, long toRevision) {
    KubeObject latest = null;
    KubeObject previous = null;
    long latestRevision = -1;
    long previousRevision = -1;
    for (KubeObject replicaSet : RolloutHistory.replicaSets(server, deployment)) {
      Long revision = RolloutHistory.revision(replicaSet);
      if (revision == null) {
        continue;
      }
      if (toRevision != 0) {
        if (revision == toRevision) {
          return replicaSet;
        }
      } else if (latestRevision < revision) {
        previousRevision = latestRevision;
        previous = latest;
        latestRevision = revision;
        latest = replicaSet;
      } else if (previousRevision < revision) {
        previousRevision = revision;
        previous = replicaSet;
      }
    }
    return previous;
  }

  private static KubeMap annotations(KubeObject deployment, KubeObject target) {
    KubeMap.Builder annotations = KubeMap.builder();
    deployment
        .annotations()
        .forEach((key, value) -> annotations.put(key, KEPT.contains(key) ? value : null));
    target
        .annotations()
        .forEach((key, value) -> annotations.put(key, KEPT.contains(key) ? null : value));
    return annotations.build();
  }
}
