package dev.wavetank.core.controller.podgc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.Taints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodGarbageCollectorTest {

  private final ControlPlane plane = new ControlPlane();

  private static ObjectKey node(String name) {
    return ObjectKey.of(ResourceType.NODES, "", name);
  }

  private ObjectKey pod(String name, @Nullable String node, String phase) {
    ObjectKey key = ObjectKey.of(ResourceType.PODS, "default", name);
    plane.server.create(
        ResourceType.PODS,
        KubeObject.of(ResourceType.PODS, KubeMap.of("name", name))
            .withSpec(KubeMap.of("nodeName", node)));
    plane.phase(key, phase);
    return key;
  }

  private boolean gone(ObjectKey pod) {
    return plane.server.find(pod) == null;
  }

  private List<String> names() {
    return plane.list(ResourceType.PODS).stream().map(KubeObject::name).toList();
  }

  @Test
  void wl_GC_10_podsOfAVanishedNodeGoAfterFortySecondsOfQuarantine() {
    plane.node("node-0");
    ObjectKey pod = pod("p", "node-0", "Running");
    List<KubeMap> statuses = new ArrayList<>();
    plane.server.listen(
        commit -> {
          KubeObject after = commit.after();
          if (commit.key().equals(pod) && after != null) {
            statuses.add(after.status());
          }
        });
    new PodGarbageCollector(plane.server);
    plane.run(5);
    plane.server.delete(node("node-0"), DeleteOptions.BACKGROUND);
    // Missed by the look of 20 s, gone with the one 40 s later.
    plane.run(54);
    assertThat(gone(pod)).isFalse();
    plane.run(2);
    assertThat(gone(pod)).isTrue();
    KubeMap last = statuses.get(statuses.size() - 1);
    assertThat(last.get("phase")).isEqualTo("Failed");
    KubeMap condition = Conditions.find(last, "DisruptionTarget");
    assertThat(condition).isNotNull();
    assertThat(condition.get("reason")).isEqualTo("DeletionByPodGC");
    assertThat(condition.get("message")).isEqualTo("PodGC: node no longer exists");
  }

  @Test
  void wl_GC_10_aNodeThatComesBackInTimeKeepsItsPods() {
    plane.node("node-0");
    ObjectKey pod = pod("p", "node-0", "Running");
    new PodGarbageCollector(plane.server);
    plane.run(5);
    plane.server.delete(node("node-0"), DeleteOptions.BACKGROUND);
    plane.run(40);
    plane.node("node-0");
    plane.run(200);
    assertThat(gone(pod)).isFalse();
    assertThat(plane.simulation.pending()).isZero();
  }

  @Test
  void wl_GC_10_aPodOfANodeThatNeverWasGoesToo() {
    ObjectKey pod = pod("p", "nowhere", "Pending");
    new PodGarbageCollector(plane.server);
    plane.run(61);
    assertThat(gone(pod)).isTrue();
  }

  @Test
  void wl_GC_10_anUnscheduledTerminatingPodGoesWithTheNextLook() {
    new PodGarbageCollector(plane.server);
    plane.run(1);
    ObjectKey pod = pod("p", null, "Pending");
    plane.server.delete(pod, DeleteOptions.BACKGROUND);
    plane.run(18);
    assertThat(gone(pod)).isFalse();
    plane.run(2);
    assertThat(gone(pod)).isTrue();
  }

  @Test
  void wl_GC_10_terminatedPodsBeyondTheThresholdGoOldestFirstAndEvictedOnesBeforeAll() {
    pod("a-old", "node-0", "Succeeded");
    plane.run(1);
    pod("b", "node-0", "Failed");
    plane.run(1);
    ObjectKey evicted = pod("c-evicted", "node-0", "Failed");
    plane.server.patchStatus(evicted, status -> status.with("reason", "Evicted"));
    pod("d-running", "node-0", "Running");
    plane.node("node-0");
    new PodGarbageCollector(plane.server, 1);
    plane.run(21);
    assertThat(names()).containsExactly("b", "d-running");
  }

  @Test
  void wl_GC_10_belowTheThresholdTerminatedPodsStay() {
    plane.node("node-0");
    pod("a", "node-0", "Succeeded");
    new PodGarbageCollector(plane.server);
    plane.run(1_000);
    assertThat(names()).containsExactly("a");
    assertThat(plane.simulation.pending()).isZero();
  }

  @Test
  void wl_GC_10_outOfServiceTakesTerminatingPodsFromANodeThatIsNotReady() {
    plane.node("node-0");
    ObjectKey terminating = pod("t", "node-0", "Running");
    ObjectKey running = pod("r", "node-0", "Running");
    plane.server.delete(terminating, DeleteOptions.BACKGROUND);
    new PodGarbageCollector(plane.server);
    KubeMap taint =
        KubeMap.of("key", Taints.OUT_OF_SERVICE, "value", "down", "effect", "NoExecute");
    plane.server.patch(
        ResourceType.NODES,
        node("node-0"),
        found -> found.with(KubeList.of(taint), "spec", "taints"));
    plane.run(100);
    assertThat(gone(terminating)).isFalse();
    KubeMap unknown = KubeMap.of("type", "Ready", "status", "Unknown");
    plane.server.patchStatus(node("node-0"), status -> Conditions.with(status, unknown));
    plane.run(21);
    assertThat(gone(terminating)).isTrue();
    assertThat(gone(running)).isFalse();
  }

  @Test
  void wl_TIME_13_aClusterWithNothingToCollectCostsNothing() {
    plane.node("node-0");
    pod("r", "node-0", "Running");
    new PodGarbageCollector(plane.server);
    plane.run(1);
    long events = plane.simulation.eventNumber();
    plane.run(86_400);
    assertThat(plane.simulation.eventNumber()).isEqualTo(events);
  }
}
