package dev.wavetank.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.scheduler.Objects;
import dev.wavetank.scheduler.TestCluster;
import dev.wavetank.scheduler.TestScheduling;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.NodeInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Taints that keep pods away, and taints that only make a node less liked. */
class TaintTolerationTest {

  private static final String CONTAINER =
      "containers: [{name: main, resources: {requests: {cpu: 1}}}]";

  private static String node(String name, String taints) {
    return TestCluster.nodeManifest(name, "8", "8Gi", "") + "spec: {taints: " + taints + "}\n---\n";
  }

  private static TestScheduling nodes(String... manifests) {
    return new TestScheduling(DefaultPlugins.profile()).with(String.join("", manifests));
  }

  @Test
  void wl_SCHED_16_fewerUntoleratedPreferNoScheduleTaintsAreBetter() {
    TestScheduling scheduling =
        nodes(
            node("none", "[]"),
            node("one", "[{key: a, effect: PreferNoSchedule}]"),
            node(
                "three",
                "[{key: a, effect: PreferNoSchedule}, {key: b, effect: PreferNoSchedule},"
                    + " {key: c, effect: PreferNoSchedule}]"));
    // 100 - 100 * count / 3, times the weight of 3
    assertThat(scheduling.scores("TaintToleration", "{" + CONTAINER + "}"))
        .isEqualTo(Map.of("none", 300L, "one", 201L, "three", 0L));
  }

  @Test
  void wl_SCHED_16_allAreHundredWhenNothingIsUntolerated() {
    TestScheduling scheduling =
        nodes(node("none", "[]"), node("one", "[{key: a, effect: PreferNoSchedule}]"));
    String tolerating = "{tolerations: [{key: a, operator: Exists}], " + CONTAINER + "}";
    assertThat(scheduling.scores("TaintToleration", tolerating))
        .isEqualTo(Map.of("none", 300L, "one", 300L));
  }

  @Test
  void noScheduleAndNoExecuteKeepAwayWhoDoesNotTolerateThem() {
    assertThat(passes("{key: a, value: b, effect: NoSchedule}", "")).isFalse();
    assertThat(passes("{key: a, value: b, effect: NoExecute}", "")).isFalse();
    assertThat(passes("{key: a, value: b, effect: PreferNoSchedule}", "")).isTrue();
    assertThat(passes("{key: a, value: b, effect: NoSchedule}", "{key: a, value: b}")).isTrue();
    assertThat(passes("{key: a, value: b, effect: NoSchedule}", "{key: a, value: c}")).isFalse();
    assertThat(passes("{key: a, value: b, effect: NoSchedule}", "{key: a, operator: Exists}"))
        .isTrue();
    assertThat(passes("{key: a, value: b, effect: NoSchedule}", "{operator: Exists}")).isTrue();
    assertThat(
            passes(
                "{key: a, value: b, effect: NoExecute}",
                "{key: a, operator: Exists, effect: NoSchedule}"))
        .isFalse();
  }

  private static boolean passes(String taint, String toleration) {
    NodeInfo node = Objects.node(node("node-1", "[" + taint + "]").replace("---\n", ""));
    return new TaintToleration()
        .filter(
            new CycleState(),
            Objects.podInfo("{tolerations: [" + toleration + "], " + CONTAINER + "}"),
            node)
        .success();
  }
}
