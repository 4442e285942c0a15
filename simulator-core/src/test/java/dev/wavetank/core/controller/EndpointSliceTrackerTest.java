package dev.wavetank.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointSliceTrackerTest {

  private static final ObjectKey SERVICE = ObjectKey.of(ResourceType.SERVICES, "default", "web");

  private final EndpointSliceTracker tracker = new EndpointSliceTracker();

  private static KubeObject slice(String name, long generation) {
    return KubeObject.of(
        ResourceType.ENDPOINT_SLICES,
        KubeMap.of("name", name, "uid", "uid-" + name, "generation", generation));
  }

  @Test
  void net_E_21_aCacheThatMissesAKnownSliceIsStale() {
    tracker.update(SERVICE, slice("a", 1));
    tracker.update(SERVICE, slice("b", 1));
    assertThat(tracker.stale(SERVICE, List.of(slice("a", 1)))).isTrue();
    assertThat(tracker.stale(SERVICE, List.of(slice("a", 1), slice("b", 1)))).isFalse();
  }

  @Test
  void net_E_21_aCacheWithAnOlderGenerationIsStale() {
    tracker.update(SERVICE, slice("a", 2));
    assertThat(tracker.stale(SERVICE, List.of(slice("a", 1)))).isTrue();
    assertThat(tracker.stale(SERVICE, List.of(slice("a", 2)))).isFalse();
    assertThat(tracker.stale(SERVICE, List.of(slice("a", 3)))).isFalse();
  }

  @Test
  void net_E_21_aCacheThatStillHasADeletedSliceIsStale() {
    tracker.update(SERVICE, slice("a", 1));
    tracker.expectDeletion(SERVICE, slice("a", 1));
    assertThat(tracker.stale(SERVICE, List.of(slice("a", 1)))).isTrue();
    assertThat(tracker.stale(SERVICE, List.of())).isFalse();
    assertThat(tracker.handleDeletion(SERVICE, slice("a", 1))).isTrue();
  }

  @Test
  void net_E_21_slicesOfOthersDoNotMatter() {
    tracker.update(SERVICE, slice("a", 1));
    assertThat(tracker.stale(SERVICE, List.of(slice("a", 1), slice("other", 1)))).isFalse();
    tracker.deleteService(SERVICE);
    assertThat(tracker.stale(SERVICE, List.of())).isFalse();
  }

  @Test
  void anUnexpectedDeletionIsNews() {
    tracker.update(SERVICE, slice("a", 1));
    assertThat(tracker.has(SERVICE, slice("a", 1))).isTrue();
    assertThat(tracker.handleDeletion(SERVICE, slice("a", 1))).isFalse();
    assertThat(tracker.has(SERVICE, slice("a", 1))).isFalse();
  }
}
