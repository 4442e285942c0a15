package dev.wavetank.scheduler.preemption;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.Attempt;
import dev.wavetank.scheduler.Objects;
import dev.wavetank.scheduler.TestCluster;
import dev.wavetank.scheduler.TestScheduling;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.plugins.DefaultPreemption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whom a pod of higher priority pushes away, and where. */
class PreemptionTest {

  private final TestScheduling scheduling = new TestScheduling(DefaultPlugins.profile());

  private void pod(String name, String node, String cpu, int priority, int startSecond) {
    scheduling.dryRun.put(
        Objects.pod(
                name,
                ("{nodeName: %s, priority: %d,"
                        + " containers: [{name: c, resources: {requests: {cpu: %s}}}]}")
                    .formatted(node, priority, cpu))
            .with("2026-01-01T00:00:%02dZ".formatted(startSecond), "status", "startTime")
            .with(name, "metadata", "labels", "name"));
  }

  private static KubeObject preemptor(String cpu) {
    return Objects.pod(
        "high",
        "{priority: 1000, containers: [{name: c, resources: {requests: {cpu: %s}}}]}"
            .formatted(cpu));
  }

  private Evaluator evaluator() {
    if (scheduling.framework().find("DefaultPreemption") instanceof DefaultPreemption plugin) {
      return plugin.evaluator();
    }
    throw new AssertionError("no DefaultPreemption");
  }

  /** The victims by node that preemption for the pod would have. */
  private Map<String, String> candidates(KubeObject pod) {
    PodInfo info = scheduling.dryRun.info(pod);
    CycleState state = new CycleState();
    scheduling.dryRun.schedule(state, info);
    Map<String, String> victims = new TreeMap<>();
    for (Candidate candidate :
        evaluator().findCandidates(state, info, scheduling.algorithm.statuses()).candidates()) {
      List<String> names = new ArrayList<>();
      candidate.victims().forEach(victim -> names.add(victim.key().name()));
      victims.put(candidate.node(), names + " " + candidate.pdbViolations());
    }
    return victims;
  }

  private String nominated(KubeObject pod) {
    Attempt attempt = scheduling.dryRun.attempt(pod);
    assertThat(attempt.node()).isNull();
    return attempt.nominatedNode();
  }

  @Test
  void wl_PRE_01_onlyNodesThatEvictionMayHelpAreLookedAt() {
    scheduling.node("full", "2", "4Gi").node("small", "1", "4Gi");
    pod("low", "full", "2", 1, 0);
    PodInfo info = scheduling.dryRun.info(preemptor("2"));
    scheduling.dryRun.schedule(info);
    assertThat(evaluator().potentialNodes(scheduling.algorithm.statuses()))
        .extracting(NodeInfo::name)
        .containsExactly("full");
  }

  @Test
  void wl_PRE_02_theMostImportantPodsStayWhereTheyCan() {
    scheduling.node("node", "4", "4Gi");
    pod("lowest", "node", "1", 1, 0);
    pod("late", "node", "1", 5, 9);
    pod("early", "node", "1", 5, 1);
    pod("higher", "node", "1", 9, 0);
    assertThat(candidates(preemptor("2"))).isEqualTo(Map.of("node", "[late, lowest] 0"));
  }

  @Test
  void wl_PRE_02_aPodOfEqualPriorityIsNoVictim() {
    scheduling.node("node", "2", "4Gi");
    pod("equal", "node", "2", 1000, 0);
    assertThat(candidates(preemptor("2"))).isEmpty();
  }

  @Test
  void wl_PRE_02_aPodThatABudgetProtectsIsSparedFirst() {
    scheduling.node("node", "2", "4Gi");
    scheduling.with(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: b, namespace: default}
        spec: {selector: {matchLabels: {name: guarded}}}
        status: {disruptionsAllowed: 0}
        """);
    pod("guarded", "node", "1", 1, 5);
    pod("other", "node", "1", 1, 1);
    assertThat(candidates(preemptor("1"))).isEqualTo(Map.of("node", "[other] 0"));
    assertThat(candidates(preemptor("2"))).isEqualTo(Map.of("node", "[other, guarded] 1"));
  }

  @Test
  void wl_PRE_03_theNodeWithTheLeastImportantVictimIsChosen() {
    scheduling.node("a", "2", "4Gi").node("b", "2", "4Gi");
    pod("middle", "a", "2", 100, 0);
    pod("low", "b", "2", 10, 0);
    assertThat(nominated(preemptor("2"))).isEqualTo("b");
  }

  @Test
  void wl_PRE_03_fewerVictimsOfEqualPriorityAreLess() {
    scheduling.node("a", "2", "4Gi").node("b", "2", "4Gi");
    pod("one", "a", "1", 10, 0);
    pod("two", "a", "1", 10, 0);
    pod("three", "b", "2", 10, 0);
    assertThat(nominated(preemptor("2"))).isEqualTo("b");
  }

  @Test
  void wl_PRE_03_theVictimThatStartedLastIsChosen() {
    scheduling.node("a", "2", "4Gi").node("b", "2", "4Gi");
    pod("old", "a", "2", 10, 1);
    pod("new", "b", "2", 10, 30);
    assertThat(nominated(preemptor("2"))).isEqualTo("b");
  }

  @Test
  void wl_PRE_06_aPodThatIsNominatedCountsAsIfItWereThere() {
    scheduling.node("node", "2", "4Gi");
    KubeObject first =
        Objects.pod(
            "first", "{priority: 1000, containers: [{name: c, resources: {requests: {cpu: 2}}}]}");
    scheduling.dryRun.put(first);
    scheduling.dryRun.nominator().add(scheduling.dryRun.info(first), "node");
    assertThat(scheduling.dryRun.attempt(preemptor("1")).message())
        .startsWith("0/1 nodes are available: 1 Insufficient cpu.");
    KubeObject higher =
        Objects.pod(
            "higher", "{priority: 2000, containers: [{name: c, resources: {requests: {cpu: 1}}}]}");
    assertThat(scheduling.dryRun.attempt(higher).node()).isEqualTo("node");
  }

  @Test
  void wl_PRE_04_aVictimIsToldWhyAndThePreemptorWaitsForItsNode() {
    TestCluster cluster = new TestCluster().node("node", "2", "4Gi");
    cluster.apply(
        """
        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata: {name: high}
        value: 1000
        """);
    cluster.pod("low", "2", "1Gi").run(1);
    cluster.apply(TestCluster.podManifest("high", "2", "1Gi", "  priorityClassName: high"));
    cluster.run(1);
    KubeObject victim = cluster.server.get(TestCluster.key("low"));
    assertThat(victim.terminating()).isTrue();
    assertThat(victim.status().listOrEmpty("conditions").find("type", "DisruptionTarget"))
        .satisfies(
            condition -> {
              assertThat(condition).isNotNull();
              assertThat(condition.get("reason")).isEqualTo("PreemptionByScheduler");
              assertThat(condition.get("message"))
                  .isEqualTo("default-scheduler: preempting to accommodate a higher priority pod");
            });
    KubeObject high = cluster.server.get(TestCluster.key("high"));
    assertThat(high.status().get("nominatedNodeName")).isEqualTo("node");
    assertThat(cluster.eventsOf("low").toString())
        .contains("Preempted by pod " + high.uid() + " on node node");
  }
}
