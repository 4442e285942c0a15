package dev.wavetank.core.controller.tainteviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.Taints;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaintEvictionControllerTest {

  private static final ObjectKey NODE = ObjectKey.of(ResourceType.NODES, "", "node-0");
  private static final KubeMap UNREACHABLE = taint(Taints.UNREACHABLE, "");
  private static final KubeMap MAINTENANCE = taint("maintenance", "now");

  private final ControlPlane plane = new ControlPlane();
  private final TaintEvictionController controller;

  TaintEvictionControllerTest() {
    plane.node("node-0");
    controller = new TaintEvictionController(plane.server);
  }

  private static KubeMap taint(String key, String value) {
    return KubeMap.of(
        "key", key, "value", value.isEmpty() ? null : value, "effect", Taints.NO_EXECUTE);
  }

  private static KubeMap exists(String key, long seconds) {
    return KubeMap.of(
        "key",
        key,
        "operator",
        "Exists",
        "effect",
        Taints.NO_EXECUTE,
        "tolerationSeconds",
        seconds < 0 ? null : seconds);
  }

  private ObjectKey pod(String name, KubeMap... tolerations) {
    ObjectKey key = ObjectKey.of(ResourceType.PODS, "default", name);
    plane.server.create(
        ResourceType.PODS,
        KubeObject.of(ResourceType.PODS, KubeMap.of("name", name))
            .withSpec(
                KubeMap.of(
                    "nodeName", "node-0", "tolerations", KubeList.of((Object[]) tolerations))));
    return key;
  }

  private void taints(KubeMap... taints) {
    plane.server.patch(
        ResourceType.NODES,
        NODE,
        found -> found.with(KubeList.of((Object[]) taints), "spec", "taints"));
  }

  private boolean evicted(ObjectKey pod) {
    return plane.server.get(pod).terminating();
  }

  @Test
  void wl_NODE_08_aPodWithoutTolerationIsDeletedAtOnce() {
    ObjectKey pod = pod("p");
    plane.run(1);
    taints(UNREACHABLE);
    plane.run(0.1);
    assertThat(evicted(pod)).isTrue();
    assertThat(plane.events)
        .containsExactly("Normal TaintManagerEviction Marking for deletion Pod default/p");
    KubeMap condition = Conditions.find(plane.server.get(pod).status(), "DisruptionTarget");
    assertThat(condition).isNotNull();
    assertThat(condition.get("reason")).isEqualTo("DeletionByTaintManager");
    assertThat(condition.get("message"))
        .isEqualTo("Taint manager: deleting due to NoExecute taint");
  }

  @Test
  void wl_NODE_08_aTolerationForSomeTimeDelaysTheDeletion() {
    ObjectKey pod = pod("p", exists(Taints.UNREACHABLE, 300));
    plane.run(1);
    taints(UNREACHABLE);
    plane.run(299.9);
    assertThat(evicted(pod)).isFalse();
    assertThat(controller.planned()).isEqualTo(1);
    plane.run(0.2);
    assertThat(evicted(pod)).isTrue();
    assertThat(controller.planned()).isZero();
  }

  @Test
  void wl_NODE_08_aTolerationWithoutEndKeepsThePod() {
    ObjectKey pod = pod("p", exists(Taints.UNREACHABLE, -1));
    taints(UNREACHABLE);
    plane.run(10_000);
    assertThat(evicted(pod)).isFalse();
    assertThat(plane.simulation.pending()).isZero();
  }

  @Test
  void wl_NODE_08_theShortestTolerationInUseCounts() {
    ObjectKey pod = pod("p", exists(Taints.UNREACHABLE, 300), exists("maintenance", 20));
    taints(UNREACHABLE, MAINTENANCE);
    plane.run(19);
    assertThat(evicted(pod)).isFalse();
    plane.run(2);
    assertThat(evicted(pod)).isTrue();
  }

  @Test
  void wl_NODE_08_ofSeveralTolerationsThatFitOneTaintTheFirstIsInUse() {
    ObjectKey pod = pod("p", exists(Taints.UNREACHABLE, 60), exists(Taints.UNREACHABLE, 10));
    taints(UNREACHABLE);
    plane.run(59);
    assertThat(evicted(pod)).isFalse();
    plane.run(2);
    assertThat(evicted(pod)).isTrue();
  }

  @Test
  void wl_NODE_08_everyTaintMustBeTolerated() {
    ObjectKey pod = pod("p", exists(Taints.UNREACHABLE, 300));
    taints(UNREACHABLE, MAINTENANCE);
    plane.run(0.1);
    assertThat(evicted(pod)).isTrue();
  }

  @Test
  void wl_NODE_08_aValueIsComparedUnlessTheOperatorIsExists() {
    KubeMap equal = KubeMap.of("key", "maintenance", "operator", "Equal", "value", "now");
    ObjectKey same = pod("same", equal);
    ObjectKey other = pod("other", equal.with("value", "later"));
    ObjectKey all = pod("all", KubeMap.of("operator", "Exists"));
    taints(MAINTENANCE);
    plane.run(1);
    assertThat(evicted(same)).isFalse();
    assertThat(evicted(other)).isTrue();
    assertThat(evicted(all)).isFalse();
  }

  @Test
  void wl_NODE_08_theDeletionIsTakenBackWhenTheTaintGoes() {
    ObjectKey pod = pod("p", exists(Taints.UNREACHABLE, 300));
    taints(UNREACHABLE);
    plane.run(100);
    taints();
    plane.run(1_000);
    assertThat(evicted(pod)).isFalse();
    assertThat(plane.events)
        .containsExactly("Normal TaintManagerEviction Cancelling deletion of Pod default/p");
  }

  @Test
  void wl_NODE_08_aSecondTaintDoesNotMoveAPlannedDeletion() {
    ObjectKey pod = pod("p", exists(Taints.UNREACHABLE, 300), exists("maintenance", 20));
    taints(UNREACHABLE);
    plane.run(100);
    taints(UNREACHABLE, MAINTENANCE);
    plane.run(150);
    assertThat(evicted(pod)).isFalse();
    plane.run(51);
    assertThat(evicted(pod)).isTrue();
  }

  @Test
  void wl_NODE_08_aPodThatArrivesOnATaintedNodeIsJudgedToo() {
    taints(MAINTENANCE);
    plane.run(1);
    ObjectKey pod = pod("p");
    plane.run(1);
    assertThat(evicted(pod)).isTrue();
  }

  @Test
  void wl_NODE_08_aTolerationThatIsAddedTakesTheDeletionBack() {
    ObjectKey pod = pod("p", exists(Taints.UNREACHABLE, 300));
    taints(UNREACHABLE);
    plane.run(10);
    KubeList tolerations = KubeList.of(exists(Taints.UNREACHABLE, -1));
    plane.server.patch(
        ResourceType.PODS, pod, found -> found.with(tolerations, "spec", "tolerations"));
    plane.run(1_000);
    assertThat(evicted(pod)).isFalse();
  }

  @Test
  void aDeletedPodIsForgotten() {
    ObjectKey pod = pod("p", exists(Taints.UNREACHABLE, 300));
    taints(UNREACHABLE);
    plane.run(10);
    plane.server.delete(pod, DeleteOptions.grace(0));
    plane.run(1);
    assertThat(controller.planned()).isZero();
    assertThat(plane.events)
        .containsExactly("Normal TaintManagerEviction Cancelling deletion of Pod default/p");
  }

  @Test
  void otherEffectsEvictNobody() {
    ObjectKey pod = pod("p");
    taints(MAINTENANCE.with("effect", Taints.NO_SCHEDULE));
    plane.run(1_000);
    assertThat(evicted(pod)).isFalse();
  }

  @Test
  void aRefusedDeletionIsTriedFiveTimes() {
    int[] refusals = {0};
    plane.server.admit(
        new Admission() {
          @Override
          public KubeObject admit(
              ResourceType type, KubeObject object, @Nullable KubeObject before) {
            return object;
          }

          @Override
          public void admitDelete(ResourceType type, KubeObject object) {
            refusals[0]++;
            throw new ApiException(Status.forbidden(type, object.name(), "no"));
          }
        });
    ObjectKey pod = pod("p");
    taints(MAINTENANCE);
    plane.run(10);
    assertThat(evicted(pod)).isFalse();
    assertThat(refusals[0]).isEqualTo(5);
  }
}
