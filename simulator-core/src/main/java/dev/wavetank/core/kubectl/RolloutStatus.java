package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Conditions;

/**
 * {@code kubectl rollout status}: how far a Deployment's status says that it is.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go (v1.36).
 */
public final class RolloutStatus {

  private RolloutStatus() {}

  /**
   * The next line, which ends with a line feed unless it is a failure.
   *
   * @param revision the revision to wait for; 0 for whichever runs
   */
  public static Answer of(KubeObject deployment, long revision) {
    if (revision > 0) {
      Long running = RolloutHistory.revision(deployment);
      if (running == null) {
        return Answer.failed("cannot get the revision of " + named(deployment));
      }
      if (running != revision) {
        return Answer.failed(
            "desired revision ("
                + revision
                + ") is different from the running revision ("
                + running
                + ")");
      }
    }
    KubeMap status = deployment.status();
    if (deployment.generation() > status.number("observedGeneration", 0)) {
      return Answer.waiting("Waiting for deployment spec update to be observed...\n");
    }
    KubeMap progressing = Conditions.find(status, "Progressing");
    if (progressing != null && "ProgressDeadlineExceeded".equals(progressing.get("reason"))) {
      return Answer.failed(named(deployment) + " exceeded its progress deadline");
    }
    long desired = deployment.spec().number("replicas", 0);
    long updated = status.number("updatedReplicas", 0);
    long old = status.number("replicas", 0) - updated;
    long available = status.number("availableReplicas", 0);
    if (updated < desired) {
      return waiting(
          deployment, updated + " out of " + desired + " new replicas have been updated...");
    }
    if (old > 0) {
      return waiting(deployment, old + " old replicas are pending termination...");
    }
    if (available < updated) {
      return waiting(
          deployment, available + " of " + updated + " updated replicas are available...");
    }
    return Answer.done(named(deployment) + " successfully rolled out\n");
  }

  private static String named(KubeObject deployment) {
    return "deployment \"" + deployment.name() + "\"";
  }

  private static Answer waiting(KubeObject deployment, String what) {
    return Answer.waiting(
        "Waiting for " + named(deployment) + " rollout to finish: " + what + "\n");
  }
}
