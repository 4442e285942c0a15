package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.PodTemplates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rollback that the annotation {@code deprecated.deployment.rollback.to} asks for: what is left
 * of a field that older versions of the API had.
 *
 * <p>Follows pkg/controller/deployment/rollback.go (v1.36).
 */
final class Rollback {

  private static final String NOT_FOUND = "DeploymentRollbackRevisionNotFound";

  private Rollback() {}

  /** The revision to go back to, 0 for the last one; null when no rollback is asked for. */
  static @Nullable Long to(KubeObject deployment) {
    String text = deployment.annotations().string(Revisions.ROLLBACK_TO, "");
    try {
      return text.isEmpty() ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static void rollback(Sync sync, List<KubeObject> replicaSets, long asked) {
    List<KubeObject> all = sync.allReplicaSetsAndRevision(replicaSets, true).all();
    long revision = asked == 0 ? Revisions.last(all) : asked;
    if (revision == 0) {
      sync.recorder().warning(sync.deployment(), NOT_FOUND, "Unable to find last revision.");
      clear(sync);
      return;
    }
    for (KubeObject replicaSet : all) {
      Long found = Revisions.revisionOrNull(replicaSet);
      if (found != null && found == revision) {
        toTemplate(sync, replicaSet, revision);
        return;
      }
    }
    sync.recorder()
        .warning(sync.deployment(), NOT_FOUND, "Unable to find the revision to rollback to.");
    clear(sync);
  }

  private static void toTemplate(Sync sync, KubeObject replicaSet, long revision) {
    KubeObject deployment = sync.deployment();
    KubeMap template = replicaSet.spec().mapOrEmpty("template");
    if (PodTemplates.equalIgnoreHash(deployment.spec().mapOrEmpty("template"), template)) {
      sync.recorder()
          .warning(
              deployment,
              "DeploymentRollbackTemplateUnchanged",
              "The rollback revision contains the same template as current deployment \""
                  + deployment.name()
                  + "\"");
      clear(sync);
      return;
    }
    KubeMap plain = template.withPath(null, "metadata", "labels", PodTemplates.POD_TEMPLATE_HASH);
    sync.change(
        Revisions.withAnnotationsOf(deployment, replicaSet).with(plain, "spec", "template"));
    clear(sync);
    sync.recorder()
        .normal(
            sync.deployment(),
            "DeploymentRollback",
            "Rolled back deployment \"" + deployment.name() + "\" to revision " + revision);
  }

  private static void clear(Sync sync) {
    sync.change(sync.deployment().with(null, "metadata", "annotations", Revisions.ROLLBACK_TO));
    sync.writeDeployment();
  }
}
