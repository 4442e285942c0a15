package dev.wavetank.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.sim.Choices;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PluginSet;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which node is chosen among those that fit. */
class SchedulingAlgorithmTest {

  private static final String SPEC =
      "{containers: [{name: main, resources: {requests: {cpu: 1, memory: 1Gi}}}]}";

  private record Constant(String name, long value) implements ScorePlugin {
    @Override
    public long score(CycleState state, PodInfo pod, NodeInfo node) {
      return value;
    }
  }

  private static TestScheduling defaults() {
    return new TestScheduling(DefaultPlugins.profile());
  }

  private static TestScheduling scoring(Constant one, int weight, Constant other, int weightOther) {
    return new TestScheduling(
        DefaultPlugins.registry()
            .with(one.name(), (args, handle) -> one)
            .with(other.name(), (args, handle) -> other),
        Profile.of(
            Profile.DEFAULT_SCHEDULER_NAME,
            PluginSet.of("PrioritySort", "DefaultBinder")
                .plus(one.name(), weight)
                .plus(other.name(), weightOther)),
        Choices.first());
  }

  @Test
  void wl_SCHED_06_upToAHundredNodesAllAreWanted() {
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(0, 99)).isEqualTo(99);
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(0, 100)).isEqualTo(100);
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(30, 50)).isEqualTo(50);
  }

  @Test
  void wl_SCHED_06_theShareFallsWithTheSizeOfTheCluster() {
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(0, 250)).isEqualTo(120);
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(0, 1000)).isEqualTo(420);
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(0, 5000)).isEqualTo(500);
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(0, 6000)).isEqualTo(300);
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(0, 50_000)).isEqualTo(2500);
  }

  @Test
  void wl_SCHED_06_aConfiguredShareIsTakenAsItIs() {
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(40, 1000)).isEqualTo(400);
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(5, 1000)).isEqualTo(100);
    assertThat(SchedulingAlgorithm.numFeasibleNodesToFind(100, 1000)).isEqualTo(1000);
  }

  @Test
  void wl_SCHED_08_theBestScoreWins() {
    TestScheduling scheduling = defaults();
    scheduling.node("busy", "4", "8Gi").node("free", "8", "16Gi");
    assertThat(scheduling.schedule(Objects.podInfo(SPEC)).suggestedHost()).isEqualTo("free");
  }

  @Test
  void wl_SCHED_08_aTieIsDecidedEvenlyAtRandom() {
    TestScheduling scheduling = defaults();
    scheduling.node("a", "8", "16Gi").node("b", "8", "16Gi").node("c", "8", "16Gi");
    scheduling.node("small", "4", "8Gi");
    Map<String, Integer> chosen = new LinkedHashMap<>();
    for (int i = 0; i < 3000; i++) {
      chosen.merge(scheduling.schedule(Objects.podInfo(SPEC)).suggestedHost(), 1, Integer::sum);
    }
    assertThat(chosen.keySet()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(chosen.values()).allMatch(count -> count > 900 && count < 1100);
  }

  @Test
  void wl_SCHED_08_theSameSeedDecidesTiesTheSame() {
    StringBuilder first = new StringBuilder();
    StringBuilder second = new StringBuilder();
    for (StringBuilder text : new StringBuilder[] {first, second}) {
      TestScheduling scheduling = new TestScheduling(DefaultPlugins.profile(), Choices.seeded(42));
      scheduling.node("a", "8", "16Gi").node("b", "8", "16Gi").node("c", "8", "16Gi");
      for (int i = 0; i < 100; i++) {
        text.append(scheduling.schedule(Objects.podInfo(SPEC)).suggestedHost());
      }
    }
    assertThat(first.toString()).isEqualTo(second.toString());
  }

  @Test
  void wl_SCHED_09_theOnlyFeasibleNodeIsNotScored() {
    TestScheduling scheduling = defaults();
    scheduling.node("small", "500m", "8Gi").node("large", "4", "8Gi");
    ScheduleResult result = scheduling.schedule(Objects.podInfo(SPEC));
    assertThat(result.suggestedHost()).isEqualTo("large");
    assertThat(result.evaluatedNodes()).isEqualTo(2);
    assertThat(result.feasibleNodes()).isEqualTo(1);
    assertThat(scheduling.algorithm.scored()).isFalse();
  }

  @Test
  void wl_SCHED_10_theTotalIsTheSumOfWeightedScores() {
    TestScheduling scheduling = scoring(new Constant("Seven", 7), 3, new Constant("Two", 2), 10);
    scheduling.node("a", "8", "16Gi").node("b", "8", "16Gi");
    assertThat(scheduling.totals(SPEC)).isEqualTo(Map.of("a", 41L, "b", 41L));
  }

  @Test
  void wl_SCHED_10_aScoreOutsideZeroToHundredIsAnError() {
    TestScheduling scheduling = scoring(new Constant("Wild", 101), 1, new Constant("Two", 2), 1);
    scheduling.node("a", "8", "16Gi").node("b", "8", "16Gi");
    ScheduleResult result = scheduling.schedule(Objects.podInfo(SPEC));
    assertThat(result.error()).isTrue();
    assertThat(result.message())
        .contains(
            "plugin \"Wild\" returns an invalid score 101, it should in the range of [0, 100] after"
                + " normalizing");
  }

  @Test
  void wl_SCHED_10_noDefaultScoreLeavesTheRange() {
    TestScheduling scheduling = defaults();
    scheduling.node("full", "1", "1Gi").node("empty", "64", "256Gi").node("odd", "1", "64Gi");
    Map<String, Long> totals = scheduling.totals(SPEC);
    assertThat(totals).hasSize(3);
    assertThat(totals.values()).allMatch(total -> total >= 0 && total <= 100 * (3 + 2 + 1 + 1 + 1));
  }
}
