package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.scheduler.ScheduleResult;
import dev.wavetank.scheduler.SchedulingAlgorithm;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Diagnosis;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
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

  /** What the plugins of a run may use. */
  private record RunHandle(SchedulerCache cache, SchedulingAlgorithm algorithm, ApiClient client)
      implements Handle {

    @Override
    public SharedLister snapshotSharedLister() {
      return cache;
    }

    @Override
    public Status runFilterPlugins(CycleState state, PodInfo pod, NodeInfo node) {
      return algorithm.framework().runFilterPlugins(state, pod, node);
    }

    @Override
    public void allowWaitingPod(PodInfo pod, String plugin) {
      throw new IllegalStateException("no pod waits in a recording");
    }

    @Override
    public void rejectWaitingPod(PodInfo pod, String plugin, String message) {
      throw new IllegalStateException("no pod waits in a recording");
    }
  }

  private static final class Run {
    private final JsonNode recorded;
    private final SchedulingSpec.Templates templates = new SchedulingSpec.Templates();
    private final SchedulerCache cache = new SchedulerCache();
    private final SchedulingAlgorithm algorithm;

    Run(JsonNode recorded) {
      this.recorded = recorded;
      ApiClient client = new GoldenScheduling(recorded.get("cluster")).client();
      this.algorithm =
          new SchedulingAlgorithm(
              cache,
              DefaultPlugins.profile().withPercentageOfNodesToScore(100),
              self -> new RunHandle(cache, self, client),
              Choices.first().stream("tie"));
      for (JsonNode node : recorded.get("cluster").path("nodes")) {
        cache.addNode(GoldenScheduling.object(node));
      }
      for (JsonNode pod : recorded.get("cluster").path("pods")) {
        cache.addPod(PodInfo.of(GoldenScheduling.object(pod), templates));
      }
    }

    void check() {
      for (JsonNode step : recorded.get("steps")) {
        KubeObject pod = GoldenScheduling.object(step.get("pod"));
        PodInfo info = PodInfo.of(pod, templates);
        ScheduleResult result = algorithm.schedule(new CycleState(), info);
        if (step.has("failed")) {
          failed(step, result);
        } else {
          scheduled(step, info, result);
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

    private void scheduled(JsonNode step, PodInfo pod, ScheduleResult result) {
      assertThat(result.message()).isEmpty();
      Map<String, Long> totals = new TreeMap<>();
      if (algorithm.scored()) {
        for (int row = 0; row < algorithm.feasibleNodes(); row++) {
          totals.put(
              cache.get(algorithm.feasiblePosition(row)).name(), algorithm.scores().total(row));
        }
      }
      Map<String, Long> expected = new TreeMap<>();
      step.path("scores")
          .properties()
          .forEach(entry -> expected.put(entry.getKey(), entry.getValue().asLong()));
      assertThat(totals).isEqualTo(expected);
      List<String> top = new ArrayList<>();
      step.get("top").forEach(node -> top.add(node.asText()));
      assertThat(top).contains(result.suggestedHost());
      cache.assumePod(pod.onNode(step.get("bound").asText()));
    }
  }
}
