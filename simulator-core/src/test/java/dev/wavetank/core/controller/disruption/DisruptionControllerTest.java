package dev.wavetank.core.controller.disruption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisruptionControllerTest {

  private static final ObjectKey BUDGET =
      ObjectKey.of(ResourceType.POD_DISRUPTION_BUDGETS, "default", "web");

  private final ControlPlane plane = new ControlPlane().withRegistry().withKubelets();

  DisruptionControllerTest() {
    new ReplicaSetController(plane.server);
    new DisruptionController(plane.server);
  }

  private void web(long replicas) {
    plane.replicaSet("web", replicas);
    plane.run(5);
  }

  private void budget(String name, String field, Object value) {
    plane.server.create(
        ResourceType.POD_DISRUPTION_BUDGETS,
        KubeObject.of(ResourceType.POD_DISRUPTION_BUDGETS, KubeMap.of("name", name))
            .withSpec(
                KubeMap.of(
                    field,
                    value,
                    "selector",
                    KubeMap.of("matchLabels", KubeMap.of("app", "web")))));
  }

  /** Creates the budget and lets its pods be counted. */
  private void counted(String field, Object value) {
    budget("web", field, value);
    plane.run(1);
  }

  private String counts() {
    KubeMap status = plane.server.get(BUDGET).status();
    return status.get("currentHealthy")
        + " of "
        + status.get("expectedPods")
        + ", "
        + status.get("desiredHealthy")
        + " wanted, "
        + status.get("disruptionsAllowed")
        + " allowed";
  }

  private List<KubeObject> pods() {
    return plane.list(ResourceType.PODS);
  }

  private ObjectKey pod(int index) {
    return pods().get(index).key(ResourceType.PODS);
  }

  private void evict(ObjectKey pod) {
    plane.server.evict(pod, DeleteOptions.DEFAULT, false);
  }

  private Status refused(ObjectKey pod) {
    return catchThrowableOfType(ApiException.class, () -> evict(pod)).status();
  }

  private static String cause(Status status) {
    return status.causes().get(0).reason() + ": " + status.causes().get(0).message();
  }

  @Test
  void wl_PDB_01_aNumberOfMinAvailableIsCountedAgainstThePods() {
    web(4);
    counted("minAvailable", 3L);
    assertThat(counts()).isEqualTo("4 of 4, 3 wanted, 1 allowed");
  }

  @Test
  void wl_PDB_01_aShareOfMinAvailableIsRoundedUp() {
    web(5);
    counted("minAvailable", "50%");
    assertThat(counts()).isEqualTo("5 of 5, 3 wanted, 2 allowed");
  }

  @Test
  void wl_PDB_01_aShareOfMaxUnavailableIsRoundedUp() {
    web(5);
    counted("maxUnavailable", "50%");
    assertThat(counts()).isEqualTo("5 of 5, 2 wanted, 3 allowed");
  }

  @Test
  void wl_PDB_01_maxUnavailableCountsThePodsThatTheControllerAsksFor() {
    plane.readyAfter = pod -> pod.name().compareTo("web-m") < 0 ? -1 : ControlPlane.SECOND;
    web(6);
    long ready = pods().stream().filter(p -> Conditions.isTrue(p.status(), "Ready")).count();
    counted("maxUnavailable", 1L);
    assertThat(counts()).isEqualTo(ready + " of 6, 5 wanted, " + (ready == 6 ? 1 : 0) + " allowed");
  }

  @Test
  void wl_PDB_01_podsWithoutControllerAreWarnedOf() {
    plane.pod("default", "alone", 30);
    plane.server.patch(
        ResourceType.PODS,
        ObjectKey.of(ResourceType.PODS, "default", "alone"),
        pod -> pod.with(KubeMap.of("app", "web"), "metadata", "labels"));
    counted("maxUnavailable", 1L);
    assertThat(plane.events)
        .anyMatch(
            event ->
                event.startsWith(
                    "Warning UnmanagedPods Pods selected by this PodDisruptionBudget (selector:"
                        + " &LabelSelector{MatchLabels:map[string]string{app: web,},"
                        + "MatchExpressions:[]LabelSelectorRequirement{},}) were found to be"
                        + " unmanaged."));
    assertThat(counts()).endsWith("0 allowed");
  }

  @Test
  void wl_PDB_02_withoutPodsNothingIsAllowed() {
    counted("minAvailable", 0L);
    assertThat(counts()).isEqualTo("0 of 0, 0 wanted, 0 allowed");
    assertThat(plane.events).contains("Normal NoPods No matching pods found");
  }

  @Test
  void wl_PDB_02_aPodThatIsBeingDeletedIsNotHealthy() {
    web(3);
    plane.stopNanos = 60 * ControlPlane.SECOND;
    plane.readyAfter = pod -> -1;
    counted("minAvailable", 1L);
    plane.server.delete(pod(0), DeleteOptions.DEFAULT);
    plane.run(1);
    assertThat(counts()).startsWith("2 of 4");
  }

  @Test
  void wl_PDB_02_theConditionRepeatsWhetherDisruptionsAreAllowed() {
    web(2);
    counted("minAvailable", 1L);
    KubeMap condition = Conditions.find(plane.server.get(BUDGET).status(), "DisruptionAllowed");
    assertThat(condition).isNotNull();
    assertThat(condition.get("status") + " " + condition.get("reason"))
        .isEqualTo("True SufficientPods");
    plane.ready(pod(0), false);
    plane.run(1);
    condition = Conditions.find(plane.server.get(BUDGET).status(), "DisruptionAllowed");
    assertThat(condition).isNotNull();
    assertThat(condition.get("status") + " " + condition.get("reason"))
        .isEqualTo("False InsufficientPods");
  }

  @Test
  void wl_PDB_03_aPendingPodIsEvictedWhateverItsBudgetSays() {
    plane.readyAfter = pod -> -1;
    web(2);
    counted("minAvailable", 2L);
    ObjectKey pod = pod(0);
    evict(pod);
    assertThat(plane.server.get(pod).terminating()).isTrue();
    assertThat(plane.server.get(BUDGET).status().has("disruptedPods")).isFalse();
  }

  @Test
  void wl_PDB_04_aBudgetThatAllowsNothingRefuses() {
    web(2);
    counted("minAvailable", 2L);
    Status status = refused(pod(0));
    assertThat(status.code()).isEqualTo(429);
    assertThat(status.reason()).isEqualTo("TooManyRequests");
    assertThat(status.message())
        .isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
    assertThat(cause(status))
        .isEqualTo(
            "DisruptionBudget: The disruption budget web needs 2 healthy pods and has 2 currently");
    assertThat(status.retryAfterSeconds()).isZero();
    assertThat(plane.server.get(pod(0)).terminating()).isFalse();
  }

  @Test
  void wl_PDB_05_aBudgetThatWasNotCountedYetRefusesForTenSeconds() {
    web(2);
    budget("web", "minAvailable", 1L);
    Status status = refused(pod(0));
    assertThat(status.code()).isEqualTo(429);
    assertThat(cause(status))
        .isEqualTo(
            "DisruptionBudget: The disruption budget web is still being processed by the server.");
    assertThat(status.retryAfterSeconds()).isEqualTo(10);
  }

  @Test
  void wl_PDB_05_twoBudgetsOnOnePodAreNotSupported() {
    web(2);
    budget("other", "minAvailable", 1L);
    counted("minAvailable", 1L);
    Status status = refused(pod(0));
    assertThat(status.code()).isEqualTo(500);
    assertThat(status.message())
        .isEqualTo(
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does"
                + " not support.");
  }

  @Test
  void wl_PDB_06_anEvictionUsesUpTheBudgetBeforeThePodIsDeleted() {
    web(3);
    counted("minAvailable", 2L);
    ObjectKey first = pod(0);
    evict(first);
    KubeMap status = plane.server.get(BUDGET).status();
    assertThat(status.get("disruptionsAllowed")).isEqualTo(0L);
    assertThat(status.mapOrEmpty("disruptedPods").has(first.name())).isTrue();
    assertThat(refused(pod(1)).code()).isEqualTo(429);
    KubeObject pod = plane.server.get(first);
    KubeMap condition = Conditions.find(pod.status(), "DisruptionTarget");
    assertThat(condition).isNotNull();
    assertThat(condition.get("status") + " " + condition.get("reason"))
        .isEqualTo("True EvictionByEvictionAPI");
    assertThat(pod.terminating()).isTrue();
  }

  @Test
  void wl_PDB_06_anEvictionThatDeletesNothingIsForgottenAfterTwoMinutes() {
    web(3);
    counted("minAvailable", 2L);
    String name = pod(0).name();
    plane.server.patchStatus(
        BUDGET,
        status ->
            status
                .with("disruptionsAllowed", 0L)
                .with("disruptedPods", KubeMap.of(name, plane.server.timestamp())));
    plane.run(100);
    assertThat(counts()).isEqualTo("2 of 3, 2 wanted, 0 allowed");
    plane.run(25);
    assertThat(counts()).isEqualTo("3 of 3, 2 wanted, 1 allowed");
    assertThat(plane.server.get(BUDGET).status().has("disruptedPods")).isFalse();
    assertThat(plane.events)
        .contains(
            "Warning NotDeleted Pod was expected by PDB default/default to be deleted but it"
                + " wasn't");
  }

  @Test
  void wl_PDB_07_anUnreadyPodIsSparedOnlyWhileTheOthersAreEnough() {
    web(3);
    counted("minAvailable", 2L);
    ObjectKey unready = pod(0);
    plane.ready(unready, false);
    plane.run(1);
    assertThat(counts()).isEqualTo("2 of 3, 2 wanted, 0 allowed");
    evict(unready);
    assertThat(plane.server.get(unready).terminating()).isTrue();
    assertThat(plane.server.get(BUDGET).status().has("disruptedPods")).isFalse();
  }

  @Test
  void wl_PDB_07_anUnreadyPodOfADisruptedWorkloadStays() {
    web(3);
    counted("minAvailable", 3L);
    plane.ready(pod(0), false);
    plane.run(1);
    assertThat(refused(pod(0)).code()).isEqualTo(429);
  }

  @Test
  void wl_PDB_07_alwaysAllowLetsEveryUnreadyPodGo() {
    web(3);
    counted("minAvailable", 3L);
    plane.server.patch(
        ResourceType.POD_DISRUPTION_BUDGETS,
        BUDGET,
        budget -> budget.with("AlwaysAllow", "spec", "unhealthyPodEvictionPolicy"));
    ObjectKey unready = pod(0);
    plane.ready(unready, false);
    plane.run(1);
    evict(unready);
    assertThat(plane.server.get(unready).terminating()).isTrue();
  }

  @Test
  void wl_PDB_08_aDeleteDoesNotAskTheBudget() {
    web(2);
    counted("minAvailable", 2L);
    ObjectKey pod = pod(0);
    plane.server.delete(pod, DeleteOptions.DEFAULT);
    assertThat(plane.server.get(pod).terminating()).isTrue();
  }

  @Test
  void aDryRunChangesNothing() {
    web(3);
    counted("minAvailable", 2L);
    KubeObject before = plane.server.get(BUDGET);
    plane.server.evict(pod(0), DeleteOptions.DEFAULT, true);
    assertThat(plane.server.get(BUDGET)).isEqualTo(before);
    assertThat(plane.server.get(pod(0)).terminating()).isFalse();
  }

  @Test
  void aDisruptionTargetThatNoDeletionFollowsIsSetBack() {
    web(1);
    ObjectKey pod = pod(0);
    KubeMap condition =
        KubeMap.of(
            "type",
            "DisruptionTarget",
            "status",
            "True",
            "lastTransitionTime",
            plane.server.timestamp());
    plane.server.patchStatus(pod, status -> Conditions.with(status, condition));
    plane.run(100);
    assertThat(Conditions.isTrue(plane.server.get(pod).status(), "DisruptionTarget")).isTrue();
    plane.run(25);
    assertThat(Conditions.isTrue(plane.server.get(pod).status(), "DisruptionTarget")).isFalse();
  }

  @Test
  void aControllerWithoutScaleStopsAllDisruptions() {
    web(2);
    plane.server.patch(
        ResourceType.PODS,
        pod(0),
        pod ->
            pod.with(
                pod.ownerReferences()
                    .with(0, pod.ownerReferences().map(0).with("kind", "Ghost").with("uid", "g")),
                "metadata",
                "ownerReferences"));
    counted("maxUnavailable", 1L);
    KubeMap status = plane.server.get(BUDGET).status();
    assertThat(status.get("disruptionsAllowed")).isEqualTo(0L);
    KubeMap condition = Conditions.find(status, "DisruptionAllowed");
    assertThat(condition).isNotNull();
    assertThat(condition.get("reason")).isEqualTo("SyncFailed");
    assertThat(condition.get("message"))
        .isEqualTo("no matches for kind \"Ghost\" in version \"apps/v1\"");
  }
}
