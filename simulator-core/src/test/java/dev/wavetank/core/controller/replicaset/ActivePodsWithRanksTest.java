package dev.wavetank.core.controller.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ActivePodsWithRanksTest {

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

  /** A pod that by no rule goes before another one like it, but for its uid. */
  private static KubeObject pod(String uid) {
    KubeMap ready =
        KubeMap.of("type", "Ready", "status", "True", "lastTransitionTime", "2026-01-01T09:00:00Z");
    return KubeObject.of(
            ResourceType.PODS,
            KubeMap.of("name", uid, "uid", uid, "creationTimestamp", "2026-01-01T08:00:00Z"))
        .withSpec(KubeMap.of("nodeName", "node-" + uid))
        .withStatus(KubeMap.of("phase", "Running", "conditions", KubeList.of(ready)));
  }

  private static void goesFirst(UnaryOperator<KubeObject> change) {
    // Its uid alone would put it last.
    KubeObject marked = change.apply(pod("z"));
    List<KubeObject> pods = List.of(pod("a"), marked, pod("b"));
    assertThat(ActivePodsWithRanks.deletionOrder(pods, pods, NOW).get(0)).isSameAs(marked);
  }

  private static KubeObject restarted(KubeObject pod, String statuses, long count) {
    KubeMap status = KubeMap.of("name", "c", "restartCount", count);
    return pod.with(KubeList.of(status), "status", statuses);
  }

  @Test
  void wl_RS_04_unassignedPodsGoFirst() {
    goesFirst(pod -> pod.with("", "spec", "nodeName"));
  }

  @Test
  void wl_RS_04_pendingGoesBeforeUnknownAndThatBeforeRunning() {
    goesFirst(pod -> pod.with("Pending", "status", "phase"));
    goesFirst(pod -> pod.with("Unknown", "status", "phase"));
    List<KubeObject> pods =
        List.of(
            pod("a").with("Running", "status", "phase"),
            pod("b").with("Unknown", "status", "phase"),
            pod("c").with("Pending", "status", "phase"));
    assertThat(ActivePodsWithRanks.deletionOrder(pods, pods, NOW))
        .map(KubeObject::uid)
        .containsExactly("c", "b", "a");
  }

  @Test
  void wl_RS_04_podsThatAreNotReadyGoBeforeReadyOnes() {
    goesFirst(pod -> pod.with(KubeList.EMPTY, "status", "conditions"));
  }

  @Test
  void wl_RS_04_aLowerDeletionCostGoesFirst() {
    String annotation = "controller.kubernetes.io/pod-deletion-cost";
    goesFirst(pod -> pod.with(KubeMap.of(annotation, "-1"), "metadata", "annotations"));
    List<KubeObject> odd =
        List.of(
            pod("a").with(KubeMap.of(annotation, "+5"), "metadata", "annotations"),
            pod("b").with(KubeMap.of(annotation, "4"), "metadata", "annotations"));
    // What is no plain number counts as 0.
    assertThat(ActivePodsWithRanks.deletionOrder(odd, odd, NOW).get(0).uid()).isEqualTo("a");
  }

  @Test
  void wl_RS_04_morePodsOnOneNodeGoFirst() {
    KubeObject crowded = pod("z").with("crowd", "spec", "nodeName");
    List<KubeObject> pods = List.of(pod("a"), crowded);
    List<KubeObject> related = new ArrayList<>(pods);
    related.add(pod("sister").with("crowd", "spec", "nodeName"));
    assertThat(ActivePodsWithRanks.deletionOrder(pods, related, NOW).get(0)).isSameAs(crowded);
  }

  @Test
  void wl_RS_04_aShorterReadyTimeGoesFirst() {
    KubeMap lately =
        KubeMap.of("type", "Ready", "status", "True", "lastTransitionTime", "2026-01-01T09:59:59Z");
    goesFirst(pod -> pod.with(KubeList.of(lately), "status", "conditions"));
  }

  @Test
  void wl_RS_04_moreRestartsGoFirst() {
    goesFirst(pod -> restarted(pod, "containerStatuses", 3));
  }

  @Test
  void wl_RS_06_restartsOfSidecarsCountAfterThose() {
    KubeList sidecars = KubeList.of(KubeMap.of("name", "c", "restartPolicy", "Always"));
    goesFirst(
        pod -> restarted(pod.with(sidecars, "spec", "initContainers"), "initContainerStatuses", 3));
    List<KubeObject> pods =
        List.of(
            restarted(
                pod("a").with(sidecars, "spec", "initContainers"), "initContainerStatuses", 9),
            restarted(pod("b"), "containerStatuses", 1));
    assertThat(ActivePodsWithRanks.deletionOrder(pods, pods, NOW).get(0).uid()).isEqualTo("b");
  }

  @Test
  void wl_RS_04_newerPodsGoFirst() {
    goesFirst(pod -> pod.with("2026-01-01T09:59:58Z", "metadata", "creationTimestamp"));
  }

  @Test
  void wl_RS_05_agesOfTheSameMagnitudeAreOrderedByUid() {
    KubeObject older = pod("a").with("2026-01-01T08:00:00Z", "metadata", "creationTimestamp");
    KubeObject newer = pod("b").with("2026-01-01T08:10:00Z", "metadata", "creationTimestamp");
    List<KubeObject> pods = List.of(newer, older);
    assertThat(ActivePodsWithRanks.deletionOrder(pods, pods, NOW))
        .map(KubeObject::uid)
        .containsExactly("a", "b");
  }
}
