package dev.wavetank.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.scheduler.Objects;
import dev.wavetank.scheduler.TestCluster;
import dev.wavetank.scheduler.TestScheduling;
import dev.wavetank.scheduler.framework.CycleState;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Node selectors and node affinity. */
class NodeAffinityTest {

  private static boolean passes(String nodeLabels, String spec) {
    return new NodeAffinity()
        .filter(
            new CycleState(),
            Objects.podInfo(spec),
            Objects.node(TestCluster.nodeManifest("node-1", "8", "8Gi", nodeLabels)))
        .success();
  }

  private static String required(String terms) {
    return "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
        + " {nodeSelectorTerms: ["
        + terms
        + "]}}}}";
  }

  @Test
  void wl_SCHED_17_termsAreAlternatives() {
    String spec =
        required(
            "{matchExpressions: [{key: disk, operator: In, values: [ssd]}]},"
                + " {matchExpressions: [{key: zone, operator: In, values: [a, b]}]}");
    assertThat(passes("disk: ssd", spec)).isTrue();
    assertThat(passes("zone: b", spec)).isTrue();
    assertThat(passes("zone: c", spec)).isFalse();
  }

  @Test
  void wl_SCHED_17_expressionsOfATermMustAllHold() {
    String spec =
        required(
            "{matchExpressions: [{key: disk, operator: In, values: [ssd]},"
                + " {key: zone, operator: NotIn, values: [a]}]}");
    assertThat(passes("disk: ssd, zone: b", spec)).isTrue();
    assertThat(passes("disk: ssd", spec)).isTrue();
    assertThat(passes("disk: ssd, zone: a", spec)).isFalse();
  }

  @Test
  void wl_SCHED_17_nodeSelectorAndAffinityMustBothHold() {
    String spec =
        required("{matchExpressions: [{key: disk, operator: Exists}]}")
            .replaceFirst("\\{", "{nodeSelector: {zone: a}, ");
    assertThat(passes("disk: ssd, zone: a", spec)).isTrue();
    assertThat(passes("zone: a", spec)).isFalse();
    assertThat(passes("disk: ssd", spec)).isFalse();
  }

  @Test
  void wl_SCHED_17_gtAndLtCompareWholeNumbers() {
    String spec = required("{matchExpressions: [{key: cores, operator: Gt, values: [\"9\"]}]}");
    assertThat(passes("cores: \"10\"", spec)).isTrue();
    assertThat(passes("cores: \"9\"", spec)).isFalse();
    assertThat(passes("cores: many", spec)).isFalse();
    assertThat(passes("", spec)).isFalse();
  }

  @Test
  void wl_SCHED_17_theScoreIsTheSumOfMatchingWeightsAgainstTheBest() {
    TestScheduling scheduling =
        new TestScheduling(DefaultPlugins.profile())
            .with(TestCluster.nodeManifest("both", "8", "8Gi", "disk: ssd, zone: a"))
            .with(TestCluster.nodeManifest("disk", "8", "8Gi", "disk: ssd"))
            .with(TestCluster.nodeManifest("none", "8", "8Gi", ""));
    String spec =
        """
        {containers: [{name: main}], affinity: {nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {weight: 10, preference: {matchExpressions: [{key: disk, operator: Exists}]}},
            {weight: 20, preference: {matchExpressions: [{key: zone, operator: Exists}]}}]}}}
        """;
    // 100 * 30 / 30 and 100 * 10 / 30, times the weight of 2
    assertThat(scheduling.scores("NodeAffinity", spec))
        .isEqualTo(Map.of("both", 200L, "disk", 66L, "none", 0L));
  }
}
