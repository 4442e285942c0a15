package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.scheduler.ScheduleResult;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeToStatus;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.plugins.DefaultPreemption;
import dev.wavetank.scheduler.preemption.Candidate;
import dev.wavetank.scheduler.preemption.Evaluator;
import dev.wavetank.scheduler.whatif.DryRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whom a pod may evict, and where, against recordings of the real preemption. */
class GoldenSchedulerPreemptionTest {

  @Test
  void preemption() {
    GoldenCases.vectors("scheduler-preemption")
        .every(recorded -> new Run(recorded).check())
        .score();
  }

  private static final class Run {
    private final JsonNode recorded;
    private final DryRun dryRun;
    private final Evaluator evaluator;
    private final PodInfo preemptor;
    private final CycleState state = new CycleState();

    Run(JsonNode recorded) {
      this.recorded = recorded;
      this.dryRun =
          GoldenScheduling.of(
              recorded.get("cluster"), DefaultPlugins.profile().withPercentageOfNodesToScore(100));
      this.preemptor = dryRun.info(GoldenScheduling.pod(recorded.get("preemptor")));
      dryRun.put(GoldenScheduling.pod(recorded.get("preemptor")));
      DefaultPreemption plugin = (DefaultPreemption) dryRun.framework().find("DefaultPreemption");
      this.evaluator = plugin.evaluator();
    }

    void check() {
      ScheduleResult result = dryRun.schedule(state, preemptor);
      NodeToStatus statuses = dryRun.algorithm().statuses();
      assertThat(result.suggestedHost()).isNull();
      NodeInfo[] nodes = dryRun.cache().nodes();
      for (NodeInfo node : nodes) {
        assertStatus(node.name(), statuses.get(node.position()), recorded.path("filter"));
      }
      String ineligible = evaluator.ineligibility(preemptor, statuses);
      assertThat(ineligible.isEmpty()).isEqualTo(recorded.get("eligible").asBoolean());
      assertThat(ineligible).isEqualTo(recorded.path("ineligibleReason").asText());
      if (recorded.has("failed")) {
        assertThat(result.message()).isEqualTo(recorded.get("failed").asText());
      }
      if (!ineligible.isEmpty()) {
        return;
      }
      assertThat(names(evaluator.potentialNodes(statuses)))
          .containsExactlyInAnyOrderElementsOf(texts(recorded.path("potentialNodes")));
      Evaluator.Search search = evaluator.findCandidates(state, preemptor, statuses);
      candidates(search);
      if (recorded.has("nonCandidates")) {
        for (NodeInfo node : nodes) {
          if (recorded.get("nonCandidates").has(node.name())) {
            assertStatus(
                node.name(), search.others().get(node.position()), recorded.get("nonCandidates"));
          }
        }
      }
      List<String> best = new ArrayList<>();
      for (Candidate candidate : Evaluator.leastLoss(search.candidates())) {
        best.add(candidate.node());
      }
      assertThat(best).containsExactlyInAnyOrderElementsOf(texts(recorded.path("nominated")));
      if (recorded.has("nominated")) {
        assertThat(result.nominatedNodeName()).isIn(best);
      }
    }

    private void candidates(Evaluator.Search search) {
      Map<String, List<String>> victims = new LinkedHashMap<>();
      Map<String, Long> violations = new LinkedHashMap<>();
      for (Candidate candidate : search.candidates()) {
        List<String> pods = new ArrayList<>();
        candidate.victims().forEach(pod -> pods.add(pod.key().name()));
        victims.put(candidate.node(), pods);
        violations.put(candidate.node(), (long) candidate.pdbViolations());
      }
      Map<String, List<String>> expectedVictims = new LinkedHashMap<>();
      Map<String, Long> expectedViolations = new LinkedHashMap<>();
      recorded
          .path("candidates")
          .properties()
          .forEach(
              candidate -> {
                List<String> pods = new ArrayList<>();
                for (JsonNode victim : candidate.getValue().path("victims")) {
                  pods.add(victim.asText().substring(victim.asText().indexOf('/') + 1));
                }
                expectedVictims.put(candidate.getKey(), pods);
                expectedViolations.put(
                    candidate.getKey(), candidate.getValue().path("numPDBViolations").asLong());
              });
      assertThat(victims).isEqualTo(expectedVictims);
      assertThat(violations).isEqualTo(expectedViolations);
    }

    private static List<String> names(List<NodeInfo> nodes) {
      List<String> names = new ArrayList<>();
      nodes.forEach(node -> names.add(node.name()));
      return names;
    }

    private static void assertStatus(String node, Status status, JsonNode all) {
      JsonNode expected = all.path(node);
      assertThat(status.code().word())
          .as(node)
          .isEqualTo(
              expected.isTextual() ? expected.asText() : expected.path("code").asText("Success"));
      assertThat(status.reasons())
          .as(node)
          .containsExactlyInAnyOrderElementsOf(texts(expected.path("reasons")));
    }

    private static List<String> texts(JsonNode list) {
      List<String> texts = new ArrayList<>();
      list.forEach(text -> texts.add(text.asText()));
      return texts;
    }
  }
}
