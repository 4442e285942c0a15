package dev.wavetank.scheduler.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import org.junit.jupiter.api.Test;

/** What a pod counts with while it is resized. */
class EffectiveRequestsTest {

  private static KubeMap cpu(String amount) {
    return KubeMap.of("cpu", amount);
  }

  private static KubeObject pod(String asked, String actual, String allocated, String pending) {
    KubeMap container = KubeMap.of("name", "c", "resources", KubeMap.of("requests", cpu(asked)));
    KubeMap status =
        KubeMap.of(
            "name", "c",
            "resources", KubeMap.of("requests", cpu(actual)),
            "allocatedResources", cpu(allocated));
    KubeMap condition = KubeMap.of("type", "PodResizePending", "status", "True", "reason", pending);
    return KubeObject.of(ResourceType.PODS, KubeMap.of("name", "p"))
        .withSpec(KubeMap.of("containers", KubeList.of(container)))
        .withStatus(
            KubeMap.of(
                "conditions",
                pending.isEmpty() ? KubeList.EMPTY : KubeList.of(condition),
                "containerStatuses",
                KubeList.of(status)));
  }

  private static Object counted(KubeObject pod) {
    return EffectiveRequests.spec(pod)
        .listOrEmpty("containers")
        .map(0)
        .mapOrEmpty("resources")
        .mapOrEmpty("requests")
        .get("cpu");
  }

  @Test
  void aPodThatIsAsItAsksIsLeftAsItIs() {
    KubeObject pod = pod("1", "1", "1000m", "");
    assertThat(EffectiveRequests.spec(pod)).isSameAs(pod.spec());
  }

  @Test
  void theMostOfAskedGivenAndActualCounts() {
    assertThat(counted(pod("2", "1", "1", ""))).isEqualTo("2");
    assertThat(counted(pod("1", "2", "1", ""))).isEqualTo("2");
    assertThat(counted(pod("1", "1", "2", ""))).isEqualTo("2");
    assertThat(counted(pod("2", "1", "1", "Deferred"))).isEqualTo("2");
  }

  @Test
  void whatCanNeverBeIsNotCounted() {
    assertThat(counted(pod("8", "1", "2", "Infeasible"))).isEqualTo("2");
  }

  @Test
  void whoHasShrunkFreesRoom() {
    KubeObject shrinking = pod("1", "2", "1", "");
    KubeObject shrunk = shrinking.withStatus(pod("1", "1", "1", "").status());
    assertThat(EffectiveRequests.differ(shrinking, shrunk)).isTrue();
    assertThat(EffectiveRequests.differ(shrunk, shrunk.withStatus(KubeMap.EMPTY))).isFalse();
  }
}
