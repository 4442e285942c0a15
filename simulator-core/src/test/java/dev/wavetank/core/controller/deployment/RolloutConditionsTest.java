package dev.wavetank.core.controller.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a Deployment says of its progress, and which labels its ReplicaSets and pods bear. */
class RolloutConditionsTest {

  private final ControlPlane plane = new ControlPlane();

  /**
   * Each Progressing condition that differed from the one before, as {@code status/reason:
   * message}.
   */
  private final List<String> progress = new ArrayList<>();

  private void start() {
    plane.server.listen(
        commit -> {
          KubeObject after = commit.after();
          if (after != null && commit.key().type().equals(ResourceType.DEPLOYMENTS)) {
            note(Conditions.find(after.status(), "Progressing"));
          }
        });
    plane.withKubelets();
    new ReplicaSetController(plane.server);
    new DeploymentController(plane.server);
  }

  private void note(@Nullable KubeMap condition) {
    if (condition == null) {
      return;
    }
    String said =
        "%s/%s: %s"
            .formatted(condition.get("status"), condition.get("reason"), condition.get("message"));
    if (progress.isEmpty() || !progress.get(progress.size() - 1).equals(said)) {
      progress.add(said);
    }
  }

  private KubeObject replicaSet() {
    List<KubeObject> all = plane.list(ResourceType.REPLICA_SETS);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static KubeMap strategy() {
    return KubeMap.of(
        "type", "RollingUpdate", "rollingUpdate", KubeMap.of("maxSurge", 1L, "maxUnavailable", 0L));
  }

  @Test
  void wl_DEP_18_aRolloutBeginsProgressesAndSucceeds() {
    start();
    plane.deployment(3, 1L, 0L);
    plane.run(20);
    String name = replicaSet().name();
    assertThat(progress)
        .containsExactly(
            "True/NewReplicaSetCreated: Created new replica set \"" + name + "\"",
            "True/ReplicaSetUpdated: ReplicaSet \"" + name + "\" is progressing.",
            "True/NewReplicaSetAvailable: ReplicaSet \""
                + name
                + "\" has successfully progressed.");
  }

  @Test
  void wl_DEP_18_aReplicaSetThatWasThereIsFound() {
    start();
    plane.deployment(3, 1L, 0L);
    plane.run(20);
    progress.clear();
    plane.server.delete(plane.deployment().key(ResourceType.DEPLOYMENTS), DeleteOptions.BACKGROUND);
    plane.server.patch(
        ResourceType.REPLICA_SETS,
        replicaSet().key(ResourceType.REPLICA_SETS),
        found -> found.with(null, "metadata", "ownerReferences"));
    plane.run(5);
    plane.deployment(3, 1L, 0L);
    plane.run(20);
    assertThat(progress.get(0))
        .isEqualTo(
            "True/FoundNewReplicaSet: Found new replica set \"" + replicaSet().name() + "\"");
    assertThat(progress.get(progress.size() - 1)).startsWith("True/NewReplicaSetAvailable");
  }

  @Test
  void wl_DEP_18_aReplicaSetThatCannotBeCreatedIsSaid() {
    plane.server.admit(
        (type, object, before) -> {
          if (type.equals(ResourceType.REPLICA_SETS) && before == null) {
            throw new ApiException(Status.forbidden(type, object.name(), "not today"));
          }
          return object;
        });
    start();
    plane.deployment(3, 1L, 0L);
    plane.run(1);
    assertThat(progress.get(0))
        .matches(
            "False/ReplicaSetCreateError: Failed to create new replica set \"(web-\\w+)\":"
                + " replicasets.apps \"\\1\" is forbidden: not today");
  }

  @Test
  void wl_DEP_18_withoutProgressARolloutTimesOut() {
    plane.readyAfter = pod -> -1;
    start();
    plane.deployment(1, strategy(), KubeMap.of("progressDeadlineSeconds", 60L));
    plane.run(70);
    assertThat(progress.get(progress.size() - 1))
        .isEqualTo(
            "False/ProgressDeadlineExceeded: ReplicaSet \""
                + replicaSet().name()
                + "\" has timed out progressing.");
  }

  @Test
  void wl_DEP_21_aTimedOutDeploymentIsNotRolledBackAndGoesOn() {
    plane.readyAfter = pod -> image(pod).equals("img:2") ? -1 : ControlPlane.SECOND;
    start();
    plane.deployment(2, strategy(), KubeMap.of("progressDeadlineSeconds", 60L));
    plane.run(20);
    plane.image("img:2");
    plane.run(200);
    assertThat(progress.get(progress.size() - 1)).startsWith("False/ProgressDeadlineExceeded");
    assertThat(plane.activePods()).extracting(RolloutConditionsTest::image).contains("img:2");
    plane.change(4L, "spec", "replicas");
    plane.run(20);
    assertThat(plane.activePods()).hasSize(5);
    assertThat(plane.deployment().spec().get("template").toString()).contains("img:2");
  }

  @Test
  void wl_DEP_21_aLaterSuccessTurnsProgressingTrueAgain() {
    plane.readyAfter = pod -> image(pod).equals("img:2") ? -1 : ControlPlane.SECOND;
    start();
    plane.deployment(2, strategy(), KubeMap.of("progressDeadlineSeconds", 60L));
    plane.run(20);
    plane.image("img:2");
    plane.run(200);
    plane.readyAfter = pod -> ControlPlane.SECOND;
    plane
        .pods(pod -> image(pod).equals("img:2"))
        .forEach(pod -> plane.ready(pod.key(ResourceType.PODS), true));
    plane.run(60);
    assertThat(progress.get(progress.size() - 1))
        .matches("True/NewReplicaSetAvailable: .* has successfully progressed\\.");
    assertThat(plane.activePods()).hasSize(2).allMatch(pod -> image(pod).equals("img:2"));
  }

  private static String image(KubeObject pod) {
    return pod.spec().listOrEmpty("containers").map(0).string("image", "");
  }

  @Test
  void wl_NAME_07_theHashIsALabelOfReplicaSetSelectorAndPods() {
    start();
    plane.deployment(
        2,
        strategy(),
        KubeMap.of(
            "template", ControlPlane.template(KubeMap.of("app", "web", "tier", "front"), "img:1")));
    plane.run(10);
    KubeObject replicaSet = replicaSet();
    Object hash = replicaSet.labels().get("pod-template-hash");
    assertThat(hash).isNotNull();
    KubeMap labels = KubeMap.of("app", "web", "tier", "front", "pod-template-hash", hash);
    assertThat(replicaSet.labels()).isEqualTo(labels);
    assertThat(replicaSet.at("spec", "template", "metadata", "labels")).isEqualTo(labels);
    assertThat(replicaSet.at("spec", "selector", "matchLabels"))
        .isEqualTo(KubeMap.of("app", "web", "pod-template-hash", hash));
    assertThat(plane.activePods()).hasSize(2).allMatch(pod -> pod.labels().equals(labels));
  }
}
