package dev.wavetank.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.sim.Choices;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.framework.BindPlugin;
import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.ExtensionPoint;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PermitPlugin;
import dev.wavetank.scheduler.framework.PluginSet;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PostBindPlugin;
import dev.wavetank.scheduler.framework.PreBindPlugin;
import dev.wavetank.scheduler.framework.PreEnqueuePlugin;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.PreScorePlugin;
import dev.wavetank.scheduler.framework.ReservePlugin;
import dev.wavetank.scheduler.framework.ScoreExtensions;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a user of the cluster sees of the scheduler. */
class SchedulerTest {

  /** Takes part in every extension point and writes down when it was asked. */
  private static final class Recorder
      implements PreEnqueuePlugin,
          PreFilterPlugin,
          FilterPlugin,
          PreScorePlugin,
          ScorePlugin,
          ScoreExtensions,
          ReservePlugin,
          PermitPlugin,
          PreBindPlugin,
          BindPlugin,
          PostBindPlugin {

    private final Set<String> asked;
    private Status filter = Status.SUCCESS;
    private Status reserve = Status.SUCCESS;
    private Status permit = Status.SUCCESS;
    private Status preBind = Status.SUCCESS;

    Recorder(Set<String> asked) {
      this.asked = asked;
    }

    @Override
    public String name() {
      return "Recorder";
    }

    @Override
    public Status preEnqueue(PodInfo pod) {
      asked.add("PreEnqueue");
      return Status.SUCCESS;
    }

    @Override
    public PreFilterResult preFilter(CycleState state, PodInfo pod) {
      asked.add("PreFilter");
      return PreFilterResult.SUCCESS;
    }

    @Override
    public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
      asked.add("Filter");
      return filter;
    }

    @Override
    public Status preScore(CycleState state, PodInfo pod, NodeInfo[] nodes, int count) {
      asked.add("PreScore");
      return Status.SUCCESS;
    }

    @Override
    public long score(CycleState state, PodInfo pod, NodeInfo node) {
      asked.add("Score");
      return 7;
    }

    @Override
    public void normalizeScore(
        CycleState state, PodInfo pod, long[] scores, NodeInfo[] nodes, int count) {
      asked.add("NormalizeScore");
    }

    @Override
    public Status reserve(CycleState state, PodInfo pod, String node) {
      asked.add("Reserve");
      return reserve;
    }

    @Override
    public void unreserve(CycleState state, PodInfo pod, String node) {
      asked.add("Unreserve");
    }

    @Override
    public Status permit(CycleState state, PodInfo pod, String node) {
      asked.add("Permit");
      return permit;
    }

    @Override
    public Status preBind(CycleState state, PodInfo pod, String node) {
      asked.add("PreBind");
      return preBind;
    }

    @Override
    public Status bind(CycleState state, PodInfo pod, String node) {
      asked.add("Bind");
      return Status.SKIP;
    }

    @Override
    public void postBind(CycleState state, PodInfo pod, String node) {
      asked.add("PostBind");
    }
  }

  private static TestCluster with(Recorder recorder) {
    return new TestCluster(
        Choices.seeded(1),
        KubeSchedulerConfiguration.of(
            DefaultPlugins.profile()
                .with(ExtensionPoint.BIND, PluginSet.of("Recorder", "DefaultBinder"))
                .withMultiPoint(DefaultPlugins.multiPoint().plus("Recorder", 1))),
        DefaultPlugins.registry().with("Recorder", (args, handle) -> recorder));
  }

  private static TestCluster twoNodes(Recorder recorder) {
    return with(recorder).node("node-1", "4", "8Gi").node("node-2", "4", "8Gi").run(0.1);
  }

  @Test
  void wl_SCHED_04_extensionPointsRunInOrder() {
    Set<String> asked = new LinkedHashSet<>();
    twoNodes(new Recorder(asked)).pod("web", "1", "1Gi").run(1);
    assertThat(asked)
        .containsExactly(
            "PreEnqueue",
            "PreFilter",
            "Filter",
            "PreScore",
            "Score",
            "NormalizeScore",
            "Reserve",
            "Permit",
            "PreBind",
            "Bind",
            "PostBind");
  }

  @Test
  void wl_SCHED_04_aPodThatNoNodeFitsIsNotScored() {
    Set<String> asked = new LinkedHashSet<>();
    Recorder recorder = new Recorder(asked);
    recorder.filter = Status.unschedulable("node(s) were closed");
    TestCluster cluster = twoNodes(recorder).pod("web", "1", "1Gi").run(1);
    assertThat(asked).containsExactly("PreEnqueue", "PreFilter", "Filter");
    assertThat(cluster.nodeOf("web")).isEmpty();
  }

  @Test
  void wl_SCHED_04_bindingIsAsynchronousAndCountsTheAssumedPod() {
    // Each pod takes more than half of a node. All four are placed long before the first binding
    // is seen, since a request takes up to 10 ms and a cycle 3: they must not share nodes.
    TestCluster cluster = new TestCluster();
    for (int i = 1; i <= 4; i++) {
      cluster.node("node-" + i, "4", "8Gi").pod("web-" + i, "3", "1Gi");
    }
    cluster.run(1);
    Set<String> nodes = new TreeSet<>();
    for (int i = 1; i <= 4; i++) {
      nodes.add(cluster.nodeOf("web-" + i));
    }
    assertThat(nodes).containsExactly("node-1", "node-2", "node-3", "node-4");
  }

  @Test
  void wl_SCHED_04_aPodThatIsNotPermittedGivesBackWhatItReserved() {
    Set<String> asked = new LinkedHashSet<>();
    Recorder recorder = new Recorder(asked);
    recorder.permit = Status.unschedulable("not now");
    TestCluster cluster = twoNodes(recorder).pod("web", "1", "1Gi").run(1);
    assertThat(asked).contains("Reserve", "Permit", "Unreserve").doesNotContain("PreBind", "Bind");
    assertThat(cluster.eventsOf("web"))
        .containsExactly("Warning FailedScheduling web: 0/1 nodes are available: 1 not now.");
    assertThat(cluster.scheduler.cache().podCount()).isZero();
  }

  @Test
  void wl_SCHED_04_aPodThatIsNotReservedFails() {
    Recorder recorder = new Recorder(new LinkedHashSet<>());
    recorder.reserve = Status.unschedulable("all taken");
    TestCluster cluster = twoNodes(recorder).pod("web", "1", "1Gi").run(1);
    assertThat(cluster.podScheduled("web").string("message"))
        .isEqualTo("0/1 nodes are available: 1 all taken.");
  }

  @Test
  void anErrorBeforeBindingIsASchedulerErrorAndIsTriedAgain() {
    List<String> attempts = new ArrayList<>();
    Recorder recorder = new Recorder(new LinkedHashSet<>());
    recorder.preBind = Status.error("disk on fire");
    TestCluster cluster = twoNodes(recorder).pod("web", "1", "1Gi").run(1);
    assertThat(cluster.podScheduled("web").string("reason")).isEqualTo("SchedulerError");
    attempts.add(cluster.podScheduled("web").string("message"));
    assertThat(attempts).containsExactly("running PreBind plugin \"Recorder\": disk on fire");
    recorder.preBind = Status.SUCCESS;
    cluster.run(10);
    assertThat(cluster.nodeOf("web")).isNotEmpty();
  }

  @Test
  void wl_SCHED_24_bindingSetsTheNodeTheConditionAndAnEvent() {
    TestCluster cluster = new TestCluster().node("node-1", "4", "8Gi").pod("web", "1", "1Gi");
    cluster.run(1);
    assertThat(cluster.nodeOf("web")).isEqualTo("node-1");
    assertThat(cluster.podScheduled("web").string("status")).isEqualTo("True");
    assertThat(cluster.podScheduled("web").number("observedGeneration", 0)).isEqualTo(1);
    assertThat(cluster.eventsOf("web"))
        .containsExactly("Normal Scheduled web: Successfully assigned default/web to node-1");
  }

  @Test
  void aPodOfAnotherSchedulerIsLeftAlone() {
    TestCluster cluster =
        new TestCluster()
            .node("node-1", "4", "8Gi")
            .apply(TestCluster.podManifest("web", "1", "1Gi", "  schedulerName: another"))
            .run(60);
    assertThat(cluster.nodeOf("web")).isEmpty();
    assertThat(cluster.events).isEmpty();
  }

  @Test
  void aPodThatIsBeingDeletedIsNotScheduled() {
    TestCluster cluster = new TestCluster();
    cluster.apply(
        TestCluster.podManifest("web", "1", "1Gi", "")
            .replace("{name: web}", "{name: web, finalizers: [example.com/keep]}"));
    cluster.run(0.5);
    cluster.delete("web");
    cluster.node("node-1", "4", "8Gi").run(20);
    assertThat(cluster.nodeOf("web")).isEmpty();
    assertThat(cluster.eventsOf("web"))
        .contains("Warning FailedScheduling web: skip schedule deleting pod: default/web");
  }

  @Test
  void theLastAttemptSaysWhyEachNodeWasTurnedDown() {
    TestCluster cluster =
        new TestCluster()
            .node("small", "1", "8Gi")
            .node("large", "8", "8Gi")
            .pod("web", "4", "1Gi");
    cluster.run(1);
    Attempt attempt = cluster.scheduler.lastAttempt(TestCluster.key("web"));
    assertThat(attempt.node()).isEqualTo("large");
    assertThat(attempt.verdicts())
        .extracting(
            verdict -> verdict.node() + " " + verdict.plugin() + " " + verdict.status().code())
        .containsExactly(
            "small NodeResourcesFit " + Code.UNSCHEDULABLE_AND_UNRESOLVABLE,
            "large  " + Code.SUCCESS);
  }
}
