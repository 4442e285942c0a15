package dev.wavetank.core.controller.garbagecollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import org.junit.jupiter.api.Test;

/** What the API server does with a deletion before any controller sees it. */
class DeletionTest {

  private final ControlPlane plane = new ControlPlane().withRegistry();

  private ObjectKey pod(long graceSeconds) {
    return plane.pod("default", "p", graceSeconds).key(ResourceType.PODS);
  }

  private ObjectKey running(long graceSeconds) {
    ObjectKey key = pod(graceSeconds);
    plane.server.bind(key, "node-0");
    plane.phase(key, "Running");
    return key;
  }

  private Object grace(ObjectKey pod) {
    Object grace = plane.server.get(pod).metadata().get("deletionGracePeriodSeconds");
    assertThat(grace).isNotNull();
    return grace;
  }

  @Test
  void wl_GC_05_aFinalizerKeepsTheObjectUntilTheListIsEmpty() {
    ObjectKey key = pod(0);
    plane.server.patch(
        ResourceType.PODS,
        key,
        found ->
            found.with(KubeList.of("example.com/a", "example.com/b"), "metadata", "finalizers"));
    plane.server.delete(key, DeleteOptions.grace(0));
    assertThat(plane.server.get(key).terminating()).isTrue();
    plane.server.patch(
        ResourceType.PODS,
        key,
        found -> found.with(KubeList.of("example.com/b"), "metadata", "finalizers"));
    assertThat(plane.server.find(key)).isNotNull();
    plane.server.patch(ResourceType.PODS, key, found -> found.with(null, "metadata", "finalizers"));
    assertThat(plane.server.find(key)).isNull();
  }

  @Test
  void wl_GC_05_aGracefulPodWaitsForTheKubeletsFinalDeleteOfItsUid() {
    ObjectKey key = running(30);
    plane.server.delete(key, DeleteOptions.BACKGROUND);
    KubeObject terminating = plane.server.get(key);
    assertThat(terminating.deletionTimestamp()).isEqualTo("2026-01-01T00:00:30Z");
    plane.run(1_000);
    assertThat(plane.server.find(key)).isNotNull();
    assertThatThrownBy(() -> plane.server.delete(key, DeleteOptions.grace(0).withUid("another")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("the UID in the precondition (another) does not match");
    plane.server.delete(key, DeleteOptions.grace(0).withUid(terminating.uid()));
    assertThat(plane.server.find(key)).isNull();
  }

  @Test
  void wl_GC_06_theUsersGracePeriodGoesBeforeThatOfThePod() {
    ObjectKey key = running(45);
    plane.server.delete(key, DeleteOptions.grace(7));
    assertThat(grace(key)).isEqualTo(7L);
  }

  @Test
  void wl_GC_06_elseThePodsOwnCounts() {
    ObjectKey key = running(45);
    plane.server.delete(key, DeleteOptions.BACKGROUND);
    assertThat(grace(key)).isEqualTo(45L);
  }

  @Test
  void wl_GC_06_anUnscheduledPodGoesAtOnce() {
    ObjectKey key = pod(45);
    plane.server.delete(key, DeleteOptions.BACKGROUND);
    assertThat(plane.server.find(key)).isNull();
  }

  @Test
  void wl_GC_06_aTerminalPodGoesAtOnce() {
    ObjectKey key = running(45);
    plane.phase(key, "Succeeded");
    plane.server.delete(key, DeleteOptions.grace(10));
    assertThat(plane.server.find(key)).isNull();
  }

  @Test
  void wl_GC_06_aNegativeGracePeriodIsOneSecond() {
    ObjectKey key = running(-1);
    plane.server.delete(key, DeleteOptions.BACKGROUND);
    assertThat(grace(key)).isEqualTo(1L);
  }
}
