package dev.wavetank.core.controller.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.sim.Choices;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicaSetControllerTest {

  private static final ObjectKey WEB = ObjectKey.of(ResourceType.REPLICA_SETS, "default", "web");

  private final ControlPlane plane = new ControlPlane();
  private @Nullable ReplicaSetController controller;

  private void start() {
    plane.withKubelets();
    controller = new ReplicaSetController(plane.server);
  }

  private void scale(long replicas) {
    plane.server.patch(
        ResourceType.REPLICA_SETS, WEB, found -> found.with(replicas, "spec", "replicas"));
  }

  private KubeMap status() {
    return plane.server.get(WEB).status();
  }

  private void refusePods(String why, int after, Status.Cause... causes) {
    int[] creations = {0};
    plane.server.admit(
        (type, object, before) -> {
          boolean pod = before == null && type.equals(ResourceType.PODS);
          if (pod && ++creations[0] > after) {
            throw new ApiException(
                new Status(403, "Forbidden", why, type, "", ImmutableList.copyOf(causes)));
          }
          return object;
        });
  }

  @Test
  void wl_RS_01_aSyncCreatesAtMostTheBurst() {
    start();
    plane.replicaSet("web", 1_200);
    List<Integer> seen = new ArrayList<>();
    plane.server.listen(
        commit -> {
          if (commit.key().type().equals(ResourceType.REPLICA_SETS)) {
            seen.add(plane.server.count(ResourceType.PODS));
          }
        });
    plane.run(60);
    assertThat(seen).contains(500, 1_000);
    assertThat(plane.activePods()).hasSize(1_200);
  }

  @Test
  void wl_RS_01_slowStartStopsAtTheFirstBatchThatFails() {
    refusePods("exceeded quota", 4);
    start();
    plane.replicaSet("web", 20);
    plane.run(0.2);
    // 1, 2 succeed; of 4 the first succeeds.
    assertThat(plane.list(ResourceType.PODS)).hasSize(4);
    assertThat(plane.events).filteredOn(e -> e.contains("FailedCreate")).isNotEmpty();
  }

  @Test
  void wl_RS_02_nothingIsCreatedTwiceHoweverLateTheWatchIs() {
    ControlPlane late =
        new ControlPlane(
            Choices.seeded(7), new Latencies(0, 0, ControlPlane.SECOND, 20 * ControlPlane.SECOND));
    new ReplicaSetController(late.server);
    late.replicaSet("web", 7);
    for (int i = 0; i < 200; i++) {
      late.run(1);
      assertThat(late.list(ResourceType.PODS)).hasSizeLessThanOrEqualTo(7);
    }
    assertThat(late.list(ResourceType.PODS)).hasSize(7);
  }

  @Test
  void wl_RS_02_expectationsExpireAfterFiveMinutes() {
    dev.wavetank.core.controller.ControllerExpectations expectations =
        new dev.wavetank.core.controller.ControllerExpectations();
    expectations.expectCreations(WEB, 2, 0);
    expectations.creationObserved(WEB);
    assertThat(expectations.satisfied(WEB, 300 * ControlPlane.SECOND)).isFalse();
    assertThat(expectations.satisfied(WEB, 300 * ControlPlane.SECOND + 1)).isTrue();
    expectations.creationObserved(WEB);
    assertThat(expectations.satisfied(WEB, 0)).isTrue();
  }

  @Test
  void wl_RS_02_aDeletionSeenTwiceCountsOnce() {
    dev.wavetank.core.controller.ControllerExpectations expectations =
        new dev.wavetank.core.controller.ControllerExpectations();
    ObjectKey one = ObjectKey.of(ResourceType.PODS, "default", "one");
    ObjectKey two = ObjectKey.of(ResourceType.PODS, "default", "two");
    expectations.expectDeletions(WEB, ImmutableList.of(one, two), 0);
    expectations.deletionObserved(WEB, one);
    expectations.deletionObserved(WEB, one);
    assertThat(expectations.satisfied(WEB, 0)).isFalse();
    expectations.deletionObserved(WEB, two);
    assertThat(expectations.satisfied(WEB, 0)).isTrue();
  }

  @Test
  void wl_RS_03_aTerminatingPodIsReplacedAtOnce() {
    plane.stopNanos = 30 * ControlPlane.SECOND;
    start();
    plane.replicaSet("web", 3);
    plane.run(5);
    KubeObject victim = plane.activePods().get(0);
    plane.server.delete(victim.key(ResourceType.PODS), DeleteOptions.BACKGROUND);
    plane.run(3);
    assertThat(plane.list(ResourceType.PODS)).hasSize(4);
    assertThat(plane.activePods()).hasSize(3);
    assertThat(status().number("terminatingReplicas", -1)).isEqualTo(1);
    plane.run(40);
    assertThat(plane.list(ResourceType.PODS)).hasSize(3);
    assertThat(status().number("terminatingReplicas", -1)).isZero();
  }

  @Test
  void wl_RS_04_podsThatAreNotReadyGoFirst() {
    plane.readyAfter = pod -> plane.list(ResourceType.PODS).size() <= 2 ? ControlPlane.SECOND : -1;
    start();
    plane.replicaSet("web", 2);
    plane.run(5);
    List<KubeObject> ready = plane.activePods();
    scale(5);
    plane.run(5);
    scale(2);
    plane.run(5);
    assertThat(plane.activePods())
        .map(KubeObject::name)
        .containsExactlyInAnyOrderElementsOf(ready.stream().map(KubeObject::name).toList());
  }

  @Test
  void wl_RS_07_anOrphanIsAdoptedAndAPodWithOtherLabelsReleased() {
    start();
    plane.replicaSet("web", 2);
    plane.run(5);
    KubeObject released = plane.activePods().get(0);
    plane.server.patch(
        ResourceType.PODS,
        released.key(ResourceType.PODS),
        found -> found.with("debug", "metadata", "labels", "app"));
    plane.run(5);
    KubeObject after = plane.server.get(released.key(ResourceType.PODS));
    assertThat(after.controllerRef()).isNull();
    assertThat(plane.activePods()).hasSize(3);

    scale(3);
    plane.server.patch(
        ResourceType.PODS,
        released.key(ResourceType.PODS),
        found -> found.with("web", "metadata", "labels", "app"));
    plane.run(5);
    after = plane.server.get(released.key(ResourceType.PODS));
    assertThat(after.controlledBy(plane.server.get(WEB).uid())).isTrue();
    assertThat(plane.activePods()).hasSize(3);
  }

  @Test
  void wl_RS_07_aPodOfAnotherControllerIsLeftAlone() {
    start();
    KubeMap other =
        KubeMap.of(
            "apiVersion", "apps/v1",
            "kind", "ReplicaSet",
            "name", "other",
            "uid", "u",
            "controller", true);
    plane.server.create(
        ResourceType.PODS,
        KubeObject.of(
            ResourceType.PODS,
            KubeMap.of(
                "name", "alien",
                "labels", KubeMap.of("app", "web"),
                "ownerReferences", KubeList.of(other))));
    plane.replicaSet("web", 2);
    plane.run(5);
    assertThat(plane.activePods()).hasSize(3);
  }

  @Test
  void wl_RS_08_theStatusCountsPods() {
    start();
    plane.replicaSet("web", 3);
    plane.run(0.5);
    assertThat(status().number("replicas", 0)).isEqualTo(3);
    assertThat(status().number("readyReplicas", 0)).isZero();
    plane.run(3);
    assertThat(status().toString())
        .isEqualTo(
            "{\"replicas\":3,\"fullyLabeledReplicas\":3,\"readyReplicas\":3,"
                + "\"availableReplicas\":3,\"terminatingReplicas\":0,\"observedGeneration\":1}");
  }

  @Test
  void wl_RS_08_countsStayRightThroughEveryKindOfChange() {
    start();
    plane.replicaSet("web", 6);
    plane.run(5);
    List<KubeObject> pods = plane.activePods();
    plane.ready(pods.get(0).key(ResourceType.PODS), false);
    plane.phase(pods.get(1).key(ResourceType.PODS), "Failed");
    plane.server.delete(pods.get(2).key(ResourceType.PODS), DeleteOptions.grace(0));
    plane.server.delete(pods.get(3).key(ResourceType.PODS), DeleteOptions.BACKGROUND);
    plane.run(0.5);
    plane.run(20);
    assertThat(status().number("replicas", 0)).isEqualTo(6);
    assertThat(status().number("readyReplicas", 0)).isEqualTo(5);
    plane.ready(pods.get(0).key(ResourceType.PODS), true);
    plane.run(1);
    assertThat(status().number("readyReplicas", 0)).isEqualTo(6);
    assertThat(plane.list(ResourceType.PODS)).hasSize(7);
  }

  @Test
  void wl_RS_09_availabilityComesMinReadySecondsAfterReadiness() {
    start();
    plane.replicaSet("web", 1);
    plane.server.patch(
        ResourceType.REPLICA_SETS, WEB, found -> found.with(30L, "spec", "minReadySeconds"));
    plane.run(5);
    assertThat(status().number("readyReplicas", 0)).isEqualTo(1);
    assertThat(status().number("availableReplicas", 0)).isZero();
    plane.run(24);
    assertThat(status().number("availableReplicas", 0)).isZero();
    plane.run(4);
    assertThat(status().number("availableReplicas", 0)).isEqualTo(1);
  }

  @Test
  void wl_RS_10_replicaFailureComesAndGoes() {
    boolean[] quota = {true};
    plane.server.admit(
        (type, object, before) -> {
          if (quota[0] && before == null && type.equals(ResourceType.PODS)) {
            throw new ApiException(Status.forbidden(type, "web-x", "exceeded quota: q"));
          }
          return object;
        });
    start();
    plane.replicaSet("web", 2);
    plane.run(1);
    KubeMap failure = Conditions.find(status(), "ReplicaFailure");
    assertThat(failure).isNotNull();
    assertThat(failure.get("reason")).isEqualTo("FailedCreate");
    assertThat(failure.get("message")).isEqualTo("pods \"web-x\" is forbidden: exceeded quota: q");
    quota[0] = false;
    plane.run(60);
    assertThat(Conditions.find(status(), "ReplicaFailure")).isNull();
    assertThat(plane.activePods()).hasSize(2);
  }

  @Test
  void wl_RS_11_creationsAndDeletionsAreEvents() {
    start();
    plane.replicaSet("web", 1);
    plane.run(5);
    String name = plane.activePods().get(0).name();
    scale(0);
    plane.run(5);
    assertThat(plane.events)
        .containsExactly(
            "Normal SuccessfulCreate Created pod: " + name,
            "Normal SuccessfulDelete Deleted pod: " + name);
  }

  @Test
  void wl_RS_11_aTerminatingNamespaceIsNoFailure() {
    refusePods("it is being terminated", 0, new Status.Cause("NamespaceTerminating", "", ""));
    start();
    plane.replicaSet("web", 2);
    plane.run(5);
    assertThat(plane.events).isEmpty();
    assertThat(Conditions.find(status(), "ReplicaFailure")).isNull();
  }

  @Test
  void wl_RS_12_aRefusedStatusIsWrittenOnceMoreOnTheNewestVersion() {
    start();
    KubeObject stale = plane.replicaSet("web", 1);
    plane.server.patch(
        ResourceType.REPLICA_SETS, WEB, found -> found.with("x", "metadata", "labels", "y"));
    List<String> writes = new ArrayList<>();
    ReplicaSetController running = controller;
    assertThat(running).isNotNull();
    running.client().listen((verb, key, subresource, sent) -> writes.add(verb + subresource));
    running.syncReplicaSet(stale, new ArrayList<>());
    assertThat(writes).containsExactly("create", "updatestatus", "updatestatus");
    assertThat(status().number("observedGeneration", 0)).isEqualTo(1);
  }

  @Test
  void wl_NAME_08_podsCarryTheTemplateAndTheirController() {
    start();
    plane.replicaSet("web", 1);
    plane.run(5);
    KubeObject pod = plane.activePods().get(0);
    assertThat(pod.name()).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(pod.labels()).isEqualTo(KubeMap.of("app", "web"));
    KubeMap owner = pod.controllerRef();
    assertThat(owner).isNotNull();
    assertThat(owner.toString())
        .contains("\"controller\":true", "\"blockOwnerDeletion\":true", "\"kind\":\"ReplicaSet\"");
    assertThat(pod.spec().get("containers"))
        .isSameAs(plane.server.get(WEB).at("spec", "template", "spec", "containers"));
  }
}
