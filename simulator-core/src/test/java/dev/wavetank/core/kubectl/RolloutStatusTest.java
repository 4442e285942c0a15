package dev.wavetank.core.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutStatusTest {

  private static KubeObject deployment(long generation, String status) {
    return Manifests.parse(
            "web.yaml",
            ("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, generation: %d,"
                    + " annotations: {deployment.kubernetes.io/revision: '3'}}, spec: {replicas: 4},"
                    + " status: {%s}}")
                .formatted(generation, status))
        .get(0)
        .object();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "updatedReplicas: 2, replicas: 5, availableReplicas: 4 | 2 out of 4 new replicas have been updated...",
        "updatedReplicas: 4, replicas: 5, availableReplicas: 4 | 1 old replicas are pending termination...",
        "updatedReplicas: 4, replicas: 4, availableReplicas: 3 | 3 of 4 updated replicas are available...",
      })
  void wl_DEP_29_aRolloutWaitsForTheFirstThingThatIsMissing(String status, String what) {
    assertThat(RolloutStatus.of(deployment(1, "observedGeneration: 1, " + status), 0))
        .isEqualTo(
            Answer.waiting("Waiting for deployment \"web\" rollout to finish: " + what + "\n"));
  }

  @Test
  void wl_DEP_29_aRolloutIsDoneWhenAllReplicasAreUpdatedAndAvailable() {
    String status = "observedGeneration: 1, updatedReplicas: 4, replicas: 4, availableReplicas: 4";
    assertThat(RolloutStatus.of(deployment(1, status), 0))
        .isEqualTo(Answer.done("deployment \"web\" successfully rolled out\n"));
  }

  @Test
  void wl_DEP_29_aSpecThatTheControllerHasNotSeenIsWaitedFor() {
    String status = "observedGeneration: 1, updatedReplicas: 4, replicas: 4, availableReplicas: 4";
    assertThat(RolloutStatus.of(deployment(2, status), 0))
        .isEqualTo(Answer.waiting("Waiting for deployment spec update to be observed...\n"));
  }

  @Test
  void wl_DEP_29_aPassedDeadlineIsAFailure() {
    String status =
        "observedGeneration: 1, conditions: [{type: Progressing, status: 'False', reason:"
            + " ProgressDeadlineExceeded}]";
    assertThat(RolloutStatus.of(deployment(1, status), 0))
        .isEqualTo(Answer.failed("deployment \"web\" exceeded its progress deadline"));
  }

  @Test
  void anotherRevisionThanTheRunningOneIsAFailure() {
    assertThat(RolloutStatus.of(deployment(1, "observedGeneration: 1"), 2))
        .isEqualTo(
            Answer.failed("desired revision (2) is different from the running revision (3)"));
  }
}
