package dev.wavetank.core.controller.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import dev.wavetank.core.kubectl.Answer;
import dev.wavetank.core.kubectl.RolloutHistory;
import dev.wavetank.core.kubectl.RolloutStatus;
import dev.wavetank.core.kubectl.RolloutUndo;
import dev.wavetank.core.sim.Choices;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeploymentControllerTest {

  private final ControlPlane plane = new ControlPlane();

  private void start() {
    plane.withKubelets();
    new ReplicaSetController(plane.server);
    new DeploymentController(plane.server);
  }

  private List<KubeObject> replicaSets() {
    List<KubeObject> all = plane.list(ResourceType.REPLICA_SETS);
    all.sort(Revisions.BY_CREATION);
    return all;
  }

  private KubeObject active() {
    return replicaSets().stream().filter(rs -> Replicas.size(rs) > 0).findFirst().orElseThrow();
  }

  private long status(String count) {
    return plane.deployment().status().number(count, 0);
  }

  private String reason(String condition) {
    KubeMap found = Conditions.find(plane.deployment().status(), condition);
    return found == null ? "" : found.string("status", "") + "/" + found.string("reason", "");
  }

  private List<String> scalings() {
    return plane.events.stream().filter(e -> e.contains("ScalingReplicaSet")).toList();
  }

  @Test
  void wl_DEP_01_aDeploymentThatSelectsAllIsOnlyWarnedOf() {
    start();
    plane.deployment(1, KubeMap.of("type", "Recreate"), KubeMap.of("selector", KubeMap.EMPTY));
    plane.run(5);
    assertThat(replicaSets()).isEmpty();
    assertThat(plane.events)
        .contains(
            "Warning SelectingAll This deployment is selecting all pods. A non-empty selector"
                + " is required.");
    assertThat(status("observedGeneration")).isEqualTo(1);
  }

  @Test
  void wl_DEP_02_theOldestReplicaSetWithTheTemplateIsTheNewOne() {
    KubeMap template = ControlPlane.template(KubeMap.of("app", "web"), "img:1");
    KubeObject deployment =
        KubeObject.of(ResourceType.DEPLOYMENTS, KubeMap.of("name", "web"))
            .withSpec(KubeMap.of("template", template));
    KubeObject older = made("b", "2026-01-01T00:00:00Z", template);
    KubeObject newer = made("a", "2026-01-01T00:00:01Z", template);
    ReplicaSets sorted = ReplicaSets.of(deployment, List.of(newer, older));
    assertThat(sorted.newReplicaSet()).isSameAs(older);
    assertThat(sorted.old()).containsExactly(newer);
  }

  private static KubeObject made(String name, String created, KubeMap template) {
    KubeMap labels = KubeMap.of("app", "web", "pod-template-hash", name);
    return KubeObject.of(
            ResourceType.REPLICA_SETS, KubeMap.of("name", name, "creationTimestamp", created))
        .withSpec(KubeMap.of("template", template.withPath(labels, "metadata", "labels")));
  }

  @Test
  void wl_DEP_03_revisionsCountUpAndARevertedTemplateKeepsItsHistory() {
    start();
    plane.deployment(2, 1L, 0L);
    plane.run(20);
    plane.image("img:2");
    plane.run(20);
    plane.image("img:1");
    plane.run(20);
    assertThat(replicaSets()).hasSize(2);
    assertThat(active().annotations().get("deployment.kubernetes.io/revision")).isEqualTo("3");
    assertThat(active().annotations().get("deployment.kubernetes.io/revision-history"))
        .isEqualTo("1");
    assertThat(plane.deployment().annotations().get("deployment.kubernetes.io/revision"))
        .isEqualTo("3");
  }

  @Test
  void wl_DEP_03_historyIsCutToTwoThousandCharacters() {
    StringBuilder long1 = new StringBuilder("1");
    for (int i = 2; long1.length() < 1_995; i++) {
      long1.append(',').append(i);
    }
    KubeObject full =
        KubeObject.of(
            ResourceType.REPLICA_SETS,
            KubeMap.of(
                "annotations",
                KubeMap.of(
                    Revisions.REVISION, "7777777", Revisions.REVISION_HISTORY, long1.toString())));
    KubeObject deployment = KubeObject.of(ResourceType.DEPLOYMENTS, KubeMap.of("name", "web"));
    String history =
        Revisions.annotateNew(deployment, full, 8_888_888, true)
            .annotations()
            .string(Revisions.REVISION_HISTORY, "");
    assertThat(history).hasSizeLessThanOrEqualTo(2_000).startsWith("3,4,").endsWith(",7777777");
  }

  @Test
  void wl_DEP_04_annotationsAreCopiedToTheNewReplicaSet() {
    start();
    plane.deployment(1, 1L, 0L);
    plane.change("image 1", "metadata", "annotations", "kubernetes.io/change-cause");
    plane.change(
        "{}", "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration");
    plane.run(10);
    KubeMap annotations = active().annotations();
    assertThat(annotations.get("kubernetes.io/change-cause")).isEqualTo("image 1");
    assertThat(annotations.has("kubectl.kubernetes.io/last-applied-configuration")).isFalse();
  }

  @Test
  void wl_DEP_05_sizesAreNotedOnReplicaSets() {
    start();
    plane.deployment(4, "25%", "25%");
    plane.run(10);
    KubeMap annotations = active().annotations();
    assertThat(annotations.get(Revisions.DESIRED_REPLICAS)).isEqualTo("4");
    assertThat(annotations.get(Revisions.MAX_REPLICAS)).isEqualTo("5");
    plane.change(8L, "spec", "replicas");
    plane.run(10);
    assertThat(active().annotations().get(Revisions.MAX_REPLICAS)).isEqualTo("10");
  }

  @Test
  void wl_DEP_06_surgeRoundsUpAndUnavailableDown() {
    assertThat(Replicas.resolveFenceposts("25%", "25%", 10))
        .isEqualTo(new Replicas.Fenceposts(3, 2));
    assertThat(Replicas.resolveFenceposts("25%", "25%", 3))
        .isEqualTo(new Replicas.Fenceposts(1, 0));
    assertThat(Replicas.resolveFenceposts("0%", "10%", 3)).isEqualTo(new Replicas.Fenceposts(0, 1));
  }

  @Test
  void wl_DEP_12_aBrokenVersionStopsHalfWay() {
    plane.readyAfter = pod -> image(pod).equals("img:1") ? ControlPlane.SECOND : -1;
    start();
    plane.deployment(10, "25%", "25%");
    plane.run(10);
    plane.image("img:bad");
    plane.run(60);
    assertThat(replicaSets()).map(Replicas::size).containsExactly(8L, 5L);
    assertThat(status("availableReplicas")).isEqualTo(8);
  }

  private static String image(KubeObject pod) {
    return pod.spec().listOrEmpty("containers").map(0).string("image", "");
  }

  /**
   * As upstream: the ReplicaSet has the new size before the scaling is noticed, so nothing is
   * written, the note of the old size stays, and every sync finds a scaling event again.
   */
  @Test
  void wl_DEP_14_scalingToTheSizeOfTheOnlyActiveReplicaSetStallsARollout() {
    ControlPlane plane = new ControlPlane(Choices.seeded(0), ControlPlane.FRESH).withKubelets();
    new ReplicaSetController(plane.server);
    new DeploymentController(plane.server);
    plane.deployment(11, 0L, 4L);
    plane.run(60);
    plane.image("img:2");
    plane.run(0);
    plane.change(7L, "spec", "replicas");
    plane.run(1_000);
    assertThat(plane.deployment().status().number("replicas", 0)).isEqualTo(7);
    assertThat(plane.deployment().status().number("updatedReplicas", 0)).isEqualTo(0);
    plane.change(8L, "spec", "replicas");
    plane.run(60);
    assertThat(plane.deployment().status().number("updatedReplicas", 0)).isEqualTo(8);
  }

  @Test
  void wl_DEP_15_recreateWaitsForTheLastOldPodToBeGone() {
    plane.stopNanos = 20 * ControlPlane.SECOND;
    start();
    plane.deployment(3, KubeMap.of("type", "Recreate"), KubeMap.EMPTY);
    plane.run(10);
    plane.image("img:2");
    plane.run(15);
    assertThat(plane.activePods()).isEmpty();
    assertThat(replicaSets()).hasSize(1);
    plane.run(10);
    assertThat(plane.activePods()).hasSize(3).allMatch(pod -> image(pod).equals("img:2"));
  }

  @Test
  void wl_DEP_16_aPausedDeploymentScalesAndDoesNotRoll() {
    start();
    plane.deployment(2, 1L, 0L);
    plane.run(10);
    plane.change(true, "spec", "paused");
    plane.image("img:2");
    plane.change(4L, "spec", "replicas");
    plane.run(10);
    assertThat(reason("Progressing")).isEqualTo("Unknown/DeploymentPaused");
    assertThat(replicaSets()).hasSize(1);
    assertThat(plane.activePods()).hasSize(4).allMatch(pod -> image(pod).equals("img:1"));
    plane.change(null, "spec", "paused");
    plane.run(0.2);
    assertThat(reason("Progressing")).isNotEqualTo("Unknown/DeploymentPaused");
    plane.run(30);
    assertThat(plane.activePods()).hasSize(4).allMatch(pod -> image(pod).equals("img:2"));
    assertThat(reason("Progressing")).isEqualTo("True/NewReplicaSetAvailable");
  }

  @Test
  void wl_DEP_17_availabilityIsACondition() {
    plane.readyAfter = pod -> 5 * ControlPlane.SECOND;
    start();
    plane.deployment(3, "25%", "25%");
    plane.run(2);
    assertThat(reason("Available")).isEqualTo("False/MinimumReplicasUnavailable");
    plane.run(10);
    assertThat(reason("Available")).isEqualTo("True/MinimumReplicasAvailable");
  }

  @Test
  void wl_DEP_20_withoutProgressTheDeadlinePasses() {
    long[] delay = {-1};
    plane.readyAfter = pod -> delay[0];
    start();
    plane.deployment(
        1,
        KubeMap.of(
            "type",
            "RollingUpdate",
            "rollingUpdate",
            KubeMap.of("maxSurge", 1L, "maxUnavailable", 0L)),
        KubeMap.of("progressDeadlineSeconds", 60L));
    plane.run(55);
    assertThat(reason("Progressing")).startsWith("True/");
    plane.run(10);
    assertThat(reason("Progressing")).isEqualTo("False/ProgressDeadlineExceeded");
    assertThat(RolloutStatus.of(plane.deployment(), 0))
        .isEqualTo(new Answer("deployment \"web\" exceeded its progress deadline", true, true));
  }

  @Test
  void wl_DEP_23_theStatusAddsReplicaSetsUp() {
    start();
    plane.deployment(3, "25%", "25%");
    plane.run(20);
    KubeMap status = plane.deployment().status();
    assertThat(status.without("conditions").toString())
        .isEqualTo(
            "{\"observedGeneration\":1,\"replicas\":3,\"updatedReplicas\":3,\"readyReplicas\":3,"
                + "\"availableReplicas\":3,\"terminatingReplicas\":0}");
  }

  @Test
  void wl_DEP_25_oldReplicaSetsBeyondTheLimitAreDeleted() {
    start();
    plane.deployment(1, 1L, 0L);
    plane.change(2L, "spec", "revisionHistoryLimit");
    for (int i = 2; i <= 6; i++) {
      plane.run(20);
      plane.image("img:" + i);
    }
    plane.run(20);
    assertThat(replicaSets())
        .map(rs -> rs.annotations().get(Revisions.REVISION))
        .containsExactlyInAnyOrder("4", "5", "6");
  }

  @Test
  void wl_DEP_26_minReadySecondsDelaysTheRollout() {
    start();
    plane.deployment(1, 1L, 0L);
    plane.run(10);
    plane.change(30L, "spec", "minReadySeconds");
    plane.run(1);
    assertThat(active().spec().number("minReadySeconds", 0)).isEqualTo(30);
    plane.run(60);
    plane.image("img:2");
    plane.run(25);
    assertThat(plane.activePods()).hasSize(2);
    plane.run(20);
    assertThat(plane.activePods()).hasSize(1).allMatch(pod -> image(pod).equals("img:2"));
  }

  @Test
  void wl_DEP_27_scalingsAreEvents() {
    start();
    plane.deployment(3, "25%", "25%");
    plane.run(10);
    String first = active().name();
    assertThat(scalings())
        .containsExactly(
            "Normal ScalingReplicaSet Scaled up replica set " + first + " from 0 to 3");
    plane.change(5L, "spec", "replicas");
    plane.run(10);
    assertThat(scalings())
        .last()
        .isEqualTo("Normal ScalingReplicaSet Scaled up replica set " + first + " from 3 to 5");
  }

  @Test
  void wl_DEP_28_undoAndHistory() {
    start();
    plane.deployment(2, 1L, 0L);
    assertThat(RolloutStatus.of(plane.deployment(), 0).text())
        .isEqualTo("Waiting for deployment spec update to be observed...\n");
    plane.run(20);
    plane.image("img:2");
    plane.run(0.5);
    plane.change("two", "metadata", "annotations", "kubernetes.io/change-cause");
    plane.run(0.5);
    assertThat(RolloutStatus.of(plane.deployment(), 0).text())
        .isEqualTo(
            "Waiting for deployment \"web\" rollout to finish: 1 out of 2 new replicas have been"
                + " updated...\n");
    plane.run(20);
    assertThat(RolloutStatus.of(plane.deployment(), 0).text())
        .isEqualTo("deployment \"web\" successfully rolled out\n");
    assertThat(RolloutHistory.table(plane.server, plane.deployment()))
        .isEqualTo("REVISION  CHANGE-CAUSE\n1         <none>\n2         two\n");
    assertThat(undo(0).text()).isEqualTo("rolled back");
    plane.run(20);
    assertThat(RolloutHistory.table(plane.server, plane.deployment()))
        .isEqualTo("REVISION  CHANGE-CAUSE\n2         two\n3         <none>\n");
    assertThat(undo(9).text()).isEqualTo("unable to find specified revision 9 in history");
    assertThat(undo(3).text())
        .isEqualTo("skipped rollback (current template already matches revision 3)");
    plane.change(true, "spec", "paused");
    assertThat(undo(2).text()).startsWith("you cannot rollback a paused deployment;");
  }

  private Answer undo(long revision) {
    return RolloutUndo.undo(plane.server, "default", "web", revision);
  }

  @Test
  void wl_DEP_31_aTemplateChangeMidRolloutScalesTheHalfDoneReplicaSetDown() {
    plane.readyAfter = pod -> image(pod).equals("img:2") ? -1 : 2 * ControlPlane.SECOND;
    start();
    plane.deployment(4, 1L, 1L);
    plane.run(20);
    plane.image("img:2");
    plane.run(20);
    assertThat(plane.activePods()).filteredOn(pod -> image(pod).equals("img:2")).isNotEmpty();
    plane.image("img:3");
    plane.run(60);
    assertThat(plane.activePods()).hasSize(4).allMatch(pod -> image(pod).equals("img:3"));
  }

  @Test
  void wl_NAME_06_theNameOfAReplicaSetEndsWithTheHashOfItsTemplate() {
    start();
    plane.deployment(1, 1L, 0L);
    plane.run(10);
    KubeObject replicaSet = active();
    String hash = replicaSet.labels().string("pod-template-hash", "");
    assertThat(hash).matches("[456789bcdf]{1,10}");
    assertThat(replicaSet.name()).isEqualTo("web-" + hash);
    assertThat(plane.activePods().get(0).name()).startsWith("web-" + hash + "-");
  }

  @Test
  void wl_NAME_09_aCollisionCountsUpAndAnotherNameIsTaken() {
    start();
    plane.deployment(1, 1L, 0L);
    plane.run(10);
    String taken = active().name();
    ControlPlane second = new ControlPlane();
    KubeMap labels = KubeMap.of("app", "other");
    second.server.create(
        ResourceType.REPLICA_SETS,
        KubeObject.of(ResourceType.REPLICA_SETS, KubeMap.of("name", taken, "labels", labels))
            .withSpec(
                KubeMap.of(
                    "replicas", 0L,
                    "selector", KubeMap.of("matchLabels", labels),
                    "template", ControlPlane.template(labels, "x"))));
    second.withKubelets();
    new ReplicaSetController(second.server);
    new DeploymentController(second.server);
    second.deployment(1, 1L, 0L);
    second.run(10);
    assertThat(second.deployment().status().number("collisionCount", 0)).isEqualTo(1);
    assertThat(second.activePods()).hasSize(1);
    assertThat(second.list(ResourceType.REPLICA_SETS)).hasSize(2);
  }

  @Test
  void rollbackByTheDeprecatedAnnotation() {
    start();
    plane.deployment(1, 1L, 0L);
    plane.run(10);
    plane.image("img:2");
    plane.run(20);
    plane.change("1", "metadata", "annotations", Revisions.ROLLBACK_TO);
    plane.run(20);
    assertThat(plane.activePods()).hasSize(1).allMatch(pod -> image(pod).equals("img:1"));
    assertThat(plane.events)
        .contains("Normal DeploymentRollback Rolled back deployment \"web\" to revision 1");
    assertThat(plane.deployment().annotations().has(Revisions.ROLLBACK_TO)).isFalse();
  }

  @Test
  void emptyAndAbsentFieldsOfATemplateAreTheSame() {
    KubeMap one = ControlPlane.template(KubeMap.of("app", "web"), "img:1");
    KubeMap other = one.withPath(KubeList.EMPTY, "spec", "volumes");
    assertThat(dev.wavetank.core.api.PodTemplates.equalIgnoreHash(one, other)).isTrue();
    assertThat(
            dev.wavetank.core.api.PodTemplates.equalIgnoreHash(
                one, ControlPlane.template(KubeMap.of("app", "web"), "img:2")))
        .isFalse();
  }
}
