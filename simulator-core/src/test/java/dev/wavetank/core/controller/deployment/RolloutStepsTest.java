package dev.wavetank.core.controller.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.Pods;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import dev.wavetank.core.sim.Choices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rolling update step by step: one pod becomes available at a time. */
class RolloutStepsTest {

  private final ControlPlane plane = new ControlPlane(Choices.seeded(3), ControlPlane.FRESH);

  /** {@code revision from->to}, and for a creation with no replicas {@code revision created}. */
  private final List<String> steps = new ArrayList<>();

  /** How often the size of a ReplicaSet that existed was changed. */
  private int scalings;

  RolloutStepsTest() {
    plane.readyAfter = pod -> -1;
    plane.stopNanos = 0;
    plane.withKubelets();
    new ReplicaSetController(plane.server);
    new DeploymentController(plane.server);
    plane.server.listen(
        commit -> {
          KubeObject before = commit.before();
          KubeObject after = commit.after();
          if (!commit.key().type().equals(ResourceType.REPLICA_SETS) || after == null) {
            return;
          }
          long from = before == null ? 0 : Replicas.size(before);
          long to = Replicas.size(after);
          if (before == null && to == 0) {
            steps.add(revision(after) + " created");
          } else if (from != to) {
            steps.add(revision(after) + " " + from + "->" + to);
            scalings += before == null ? 0 : 1;
          }
        });
  }

  private static String revision(KubeObject replicaSet) {
    return replicaSet.annotations().string(Revisions.REVISION, "");
  }

  /** Makes the oldest pod ready that is not; false when all are. */
  private boolean oneReady() {
    List<KubeObject> waiting = plane.pods(pod -> Pods.active(pod) && !Pods.ready(pod));
    waiting.sort(
        Comparator.comparing(KubeObject::creationTimestamp).thenComparing(KubeObject::name));
    if (waiting.isEmpty()) {
      return false;
    }
    plane.ready(waiting.get(0).key(ResourceType.PODS), true);
    plane.run(2);
    return true;
  }

  /** Makes them ready one after the other. */
  private void allReady() {
    boolean more = true;
    while (more) {
      more = oneReady();
    }
  }

  private void settled(long replicas, Object surge, Object unavailable) {
    plane.deployment(replicas, surge, unavailable);
    plane.run(2);
    allReady();
    steps.clear();
  }

  private void roll() {
    plane.image("img:2");
    plane.run(2);
    allReady();
  }

  private long condition(String field) {
    KubeMap progressing = Conditions.find(plane.deployment().status(), "Progressing");
    assertThat(progressing).isNotNull();
    Instant time = Timestamps.parse(progressing.get(field));
    assertThat(time).isNotNull();
    return time.getEpochSecond();
  }

  @Test
  void wl_DEP_07_theNewReplicaSetBeginsWithWhatTheSurgeLeaves() {
    settled(10, "25%", "25%");
    plane.image("img:2");
    plane.run(1);
    assertThat(steps.get(0)).isEqualTo("2 0->3");
  }

  @Test
  void wl_DEP_07_withoutSurgeTheNewReplicaSetBeginsEmpty() {
    settled(4, 0L, 1L);
    plane.image("img:2");
    plane.run(1);
    assertThat(steps).containsExactly("2 created", "1 4->3", "2 0->1");
  }

  @Test
  void wl_DEP_08_threeReplicasRollOneStepASync() {
    settled(3, "25%", "25%");
    roll();
    assertThat(steps).containsExactly("2 0->1", "1 3->2", "2 1->2", "1 2->1", "2 2->3", "1 1->0");
  }

  @Test
  void wl_DEP_08_tenReplicasRollOneStepASync() {
    settled(10, "25%", "25%");
    roll();
    assertThat(steps)
        .containsExactly(
            "2 0->3", "1 10->8", "2 3->5", "1 8->7", "2 5->6", "1 7->6", "2 6->7", "1 6->5",
            "2 7->8", "1 5->4", "2 8->9", "1 4->3", "2 9->10", "1 3->2", "1 2->1", "1 1->0");
  }

  @Test
  void wl_DEP_08_aSyncScalesOneReplicaSetAtMost() {
    List<Integer> perSync = new ArrayList<>();
    plane.simulation.listen(
        (number, time, what, subject, cause) -> {
          if (what.equals("deployment-controller/reconcile")) {
            perSync.add(scalings);
          }
        });
    settled(10, "25%", "25%");
    roll();
    assertThat(scalings).isGreaterThan(10);
    for (int i = 1; i < perSync.size(); i++) {
      assertThat(perSync.get(i) - perSync.get(i - 1)).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void wl_DEP_10_podsOfTheOldVersionThatAreNotAvailableGoFirstAndAtOnce() {
    settled(10, 0L, 2L);
    List<KubeObject> old = plane.activePods();
    for (int i = 0; i < 2; i++) {
      plane.ready(old.get(i).key(ResourceType.PODS), false);
    }
    plane.run(2);
    plane.image("img:2");
    plane.run(2);
    // Two unavailable pods are all that may be: exactly they make room for the new version.
    assertThat(steps).containsExactly("2 created", "1 10->8", "2 0->2");
    assertThat(plane.server.find(old.get(0).key(ResourceType.PODS))).isNull();
    assertThat(plane.server.find(old.get(1).key(ResourceType.PODS))).isNull();
    assertThat(plane.deployment().status().number("availableReplicas", 0)).isEqualTo(8);
  }

  @Test
  void wl_DEP_11_ofSeveralOldVersionsTheOldestIsScaledDownFirst() {
    settled(4, 4L, 0L);
    plane.image("img:2");
    plane.run(2);
    oneReady();
    oneReady();
    steps.clear();
    plane.image("img:3");
    plane.run(2);
    allReady();
    List<String> down =
        steps.stream().filter(step -> step.startsWith("1 ") || step.startsWith("2 ")).toList();
    // Of the half-done version the pods that are not available go at once; of those that are, the
    // first version loses its own before the second one does.
    assertThat(down).containsExactly("2 4->2", "1 2->1", "1 1->0", "2 2->1", "2 1->0");
    assertThat(plane.activePods()).hasSize(4);
  }

  @Test
  void wl_DEP_19_progressRefreshesTheTimeOfUpdateAndNotThatOfTransition() {
    settled(3, 1L, 0L);
    plane.image("img:2");
    plane.run(2);
    long transition = condition("lastTransitionTime");
    long first = condition("lastUpdateTime");
    plane.run(30);
    assertThat(condition("lastUpdateTime")).isEqualTo(first);
    oneReady();
    assertThat(condition("lastUpdateTime")).isGreaterThanOrEqualTo(first + 30);
    assertThat(condition("lastTransitionTime")).isEqualTo(transition);
    KubeMap progressing = Conditions.find(plane.deployment().status(), "Progressing");
    assertThat(progressing).isNotNull();
    assertThat(progressing.get("reason")).isEqualTo("ReplicaSetUpdated");
  }

  @Test
  void wl_DEP_22_aRolloutIsCompleteWhenAllReplicasAreUpdatedAndAvailableAndNoOldOneIsLeft() {
    settled(3, 1L, 0L);
    assertThat(complete()).isTrue();
    plane.image("img:2");
    plane.run(2);
    int ready = 0;
    while (!complete()) {
      assertThat(ready).isLessThan(3);
      assertThat(oneReady()).isTrue();
      ready++;
    }
    assertThat(ready).isEqualTo(3);
    KubeObject deployment = plane.deployment();
    ObjectKey key = deployment.key(ResourceType.DEPLOYMENTS);
    KubeMap unseen = deployment.status().with("observedGeneration", deployment.generation() - 1);
    assertThat(Progress.complete(plane.server.get(key), unseen)).isFalse();
  }

  private boolean complete() {
    KubeObject deployment = plane.deployment();
    return Progress.complete(deployment, deployment.status());
  }
}
