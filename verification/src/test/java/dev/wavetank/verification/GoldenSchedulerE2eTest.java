package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.ScheduleResult;
import dev.wavetank.scheduler.SchedulingAlgorithm;
import dev.wavetank.scheduler.framework.Diagnosis;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.whatif.DryRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The whole scheduling algorithm with the default profile against recordings of the real one. */
class GoldenSchedulerE2eTest {

  @Test
  void schedulePodAfterPod() {
    GoldenCases.vectors("scheduler-e2e").kind("e2e", recorded -> new Run(recorded).check()).score();
  }

  private static final class Run {
    private final JsonNode recorded;
    private final DryRun dryRun;
    private final SchedulingAlgorithm algorithm;

    Run(JsonNode recorded) {
      this.recorded = recorded;
      this.dryRun =
          GoldenScheduling.of(
              recorded.get("cluster"), DefaultPlugins.profile().withPercentageOfNodesToScore(100));
      this.algorithm = dryRun.algorithm();
    }

    void check() {
      for (JsonNode step : recorded.get("steps")) {
        KubeObject pod = GoldenScheduling.pod(step.get("pod"));
        ScheduleResult result = dryRun.schedule(dryRun.info(pod));
        if (step.has("failed")) {
          failed(step, result);
        } else {
          scheduled(step, pod, result);
        }
      }
    }

    private void failed(JsonNode step, ScheduleResult result) {
      assertThat(result.suggestedHost()).isNull();
      assertThat(result.message()).isEqualTo(step.get("failed").asText());
      assertThat(Diagnosis.note(result.message()))
          .isEqualTo(step.path("eventMessage").asText(step.get("failed").asText()));
      List<String> plugins = new ArrayList<>();
      step.path("unschedulablePlugins").forEach(plugin -> plugins.add(plugin.asText()));
      assertThat(algorithm.framework().names(result.unschedulablePlugins()))
          .containsExactlyInAnyOrderElementsOf(plugins);
      assertThat(result.error() ? "SchedulerError" : "Unschedulable")
          .isEqualTo(step.get("reason").asText());
    }

    private void scheduled(JsonNode step, KubeObject pod, ScheduleResult result) {
      assertThat(result.message()).isEmpty();
      Map<String, Long> totals = new TreeMap<>();
      if (algorithm.scored()) {
        for (int row = 0; row < algorithm.feasibleNodes(); row++) {
          totals.put(algorithm.feasibleNode(row).name(), algorithm.scores().total(row));
        }
      }
      Map<String, Long> expected = new TreeMap<>();
      step.path("scores")
          .properties()
          .forEach(
              entry -> {
                if (!entry.getValue().isNull()) {
                  expected.put(entry.getKey(), entry.getValue().asLong());
                }
              });
      assertThat(totals).isEqualTo(expected);
      List<String> top = new ArrayList<>();
      step.get("top").forEach(node -> top.add(node.asText()));
      assertThat(top).contains(result.suggestedHost());
      dryRun.bind(pod, step.get("bound").asText());
    }
  }
}
