package dev.wavetank.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.plugins.DefaultPreemption;
import dev.wavetank.scheduler.preemption.Candidate;
import dev.wavetank.scheduler.preemption.Evaluator;
import dev.wavetank.scheduler.whatif.DryRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler that keeps what it found for the pods and nodes before against one that begins anew
 * for every pod, and so knows nothing and evaluates every plugin on every node: verdicts, reasons,
 * scores and victims are the same, whatever happens in between.
 */
class FastPathTest {

  /** What is in the specs of pods: each plugin that keeps something has pods that need it. */
  private static final ImmutableList<String> SPECS =
      ImmutableList.of(
          "{containers: [{name: c, resources: {requests: {cpu: 500m, memory: 256Mi}}}]}",
          "{containers: [{name: c, resources: {requests: {cpu: 1500m}}}], priority: 5}",
          "{containers: [{name: c, resources: {requests: {cpu: '3'}}}], priority: 10}",
          "{containers: [{name: c, ports: [{containerPort: 80, hostPort: 80}]}], priority: 3}",
          """
          {containers: [{name: c}], tolerations: [{key: k, operator: Exists}],
           nodeSelector: {disk: ssd}}
          """,
          """
          {containers: [{name: c, resources: {requests: {cpu: 100m}}}],
           topologySpreadConstraints: [
             {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule,
              labelSelector: {matchLabels: {app: a}}},
             {maxSkew: 2, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway,
              labelSelector: {matchLabels: {app: b}}}]}
          """,
          """
          {containers: [{name: c, resources: {requests: {cpu: 100m}}}], priority: 2,
           affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [
             {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: a}}}]}}}
          """,
          """
          {containers: [{name: c, resources: {requests: {cpu: 100m}}}],
           affinity: {
             podAffinity: {
               requiredDuringSchedulingIgnoredDuringExecution: [
                 {topologyKey: zone, labelSelector: {matchLabels: {app: b}}}],
               preferredDuringSchedulingIgnoredDuringExecution: [
                 {weight: 7, podAffinityTerm:
                   {topologyKey: zone, labelSelector: {matchLabels: {app: a}}}}]},
             nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [
               {weight: 3, preference: {matchExpressions: [
                 {key: disk, operator: In, values: [ssd]}]}}]}}}
          """);

  /** The spec with a host port. */
  private static final int HOST_PORT = 3;

  private static final ImmutableList<String> APPS = ImmutableList.of("a", "b", "c");
  private static final int NODES = 6;

  enum What {
    NODE,
    NODE_GOES,
    POD_COMES,
    POD_GOES,
    NOMINATE,
    SCHEDULE,
    SCHEDULE_AND_BIND
  }

  /**
   * One thing that happens.
   *
   * @param one which node or pod
   * @param other which shape it has
   */
  record Step(What what, int one, int other) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<What> what =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(What.NODE)),
            Tuple.of(1, Arbitraries.just(What.NODE_GOES)),
            Tuple.of(1, Arbitraries.just(What.POD_COMES)),
            Tuple.of(2, Arbitraries.just(What.POD_GOES)),
            Tuple.of(1, Arbitraries.just(What.NOMINATE)),
            Tuple.of(2, Arbitraries.just(What.SCHEDULE)),
            Tuple.of(6, Arbitraries.just(What.SCHEDULE_AND_BIND)));
    return Combinators.combine(
            what, Arbitraries.integers().between(0, 11), Arbitraries.integers().between(0, 23))
        .as(Step::new)
        .list()
        .ofMinSize(10)
        .ofMaxSize(50);
  }

  /** A cluster that lives on, and the objects of which a new one can be made. */
  private static final class Play {

    private final Profile profile = DefaultPlugins.profile().withPercentageOfNodesToScore(100);
    private final DryRun fast = scheduler();
    private final Map<ObjectKey, KubeObject> objects = new LinkedHashMap<>();
    private final Map<String, String> nominations = new LinkedHashMap<>();
    private int pods;

    private DryRun scheduler() {
      return new DryRun(DefaultPlugins.registry(), profile, Choices.first());
    }

    private void put(ResourceType type, KubeObject object) {
      objects.put(object.key(type), object);
      fast.put(object);
    }

    private void remove(ResourceType type, int index) {
      List<ObjectKey> keys = objects.keySet().stream().filter(k -> k.type().equals(type)).toList();
      if (!keys.isEmpty()) {
        ObjectKey key = keys.get(index % keys.size());
        objects.remove(key);
        nominations.remove(key.name());
        fast.nominator().delete("uid-" + key.name());
        fast.remove(key);
      }
    }

    void play(Step step) {
      switch (step.what()) {
        case NODE -> put(ResourceType.NODES, node(step.one() % NODES, step.other()));
        case NODE_GOES -> remove(ResourceType.NODES, step.one());
        case POD_GOES -> remove(ResourceType.PODS, step.one());
        case POD_COMES -> {
          // Of two pods with one host port on a node, upstream forgets the port with the first
          // that goes; no scheduler puts them there.
          if (step.other() % SPECS.size() != HOST_PORT) {
            put(ResourceType.PODS, pod(step).with(nodeName(step), "spec", "nodeName"));
          }
        }
        case NOMINATE -> {
          KubeObject pod = pod(step);
          put(ResourceType.PODS, pod);
          nominations.put(pod.name(), nodeName(step));
          fast.nominator().add(fast.info(pod), nodeName(step));
        }
        case SCHEDULE -> same(pod(step));
        case SCHEDULE_AND_BIND -> {
          KubeObject pod = pod(step);
          String node = same(pod);
          if (node != null) {
            put(ResourceType.PODS, pod.with(node, "spec", "nodeName"));
          }
        }
      }
    }

    private static String nodeName(Step step) {
      return "node-" + step.one() % NODES;
    }

    private static KubeObject node(int number, int shape) {
      return Objects.of(
          """
          apiVersion: v1
          kind: Node
          metadata:
            name: node-%d
            labels: {zone: z%d, disk: %s, kubernetes.io/hostname: node-%d}
          spec: {unschedulable: %s, taints: [{key: k, value: v, effect: %s}]}
          status: {allocatable: {cpu: '%d', memory: 4Gi, pods: '10'}}
          """
              .formatted(
                  number,
                  (number + shape / 8) % 3,
                  shape % 2 == 0 ? "ssd" : "hdd",
                  number,
                  shape % 11 == 0,
                  shape % 5 == 0 ? "NoSchedule" : "PreferNoSchedule",
                  2 + shape % 3));
    }

    private KubeObject pod(Step step) {
      int number = pods++;
      return Objects.pod("pod-" + number, SPECS.get(step.other() % SPECS.size()))
          .with(APPS.get(step.one() % APPS.size()), "metadata", "labels", "app")
          // Told apart, so that which of two equal pods must go does not depend on their order.
          .with("2026-01-01T00:00:%02dZ".formatted(number), "status", "startTime");
    }

    /** Schedules a pod both ways; the node that it got, or null. */
    private @Nullable String same(KubeObject pod) {
      DryRun plain = scheduler();
      objects.values().forEach(plain::put);
      nominations.forEach(
          (name, node) -> {
            KubeObject nominated = objects.get(ObjectKey.of(ResourceType.PODS, "default", name));
            if (nominated != null) {
              plain.nominator().add(plain.info(nominated), node);
            }
          });
      Outcome expected = new Outcome(plain, pod);
      Outcome outcome = new Outcome(fast, pod);
      assertThat(outcome.verdicts).isEqualTo(expected.verdicts);
      assertThat(outcome.message).isEqualTo(expected.message);
      assertThat(outcome.plugins).isEqualTo(expected.plugins);
      assertThat(outcome.candidates).isEqualTo(expected.candidates);
      return outcome.node;
    }
  }

  /** What came of one pod, by the names of nodes: the order of the search may differ. */
  private static final class Outcome {
    final Map<String, String> verdicts = new TreeMap<>();
    final Map<String, String> candidates = new TreeMap<>();
    final String message;
    final List<String> plugins;
    final @Nullable String node;

    Outcome(DryRun dryRun, KubeObject pod) {
      PodInfo info = dryRun.info(pod);
      CycleState state = new CycleState();
      ScheduleResult result = dryRun.schedule(state, info);
      Attempt attempt = Attempt.of(info.key(), result, dryRun.algorithm());
      node = attempt.node();
      message = attempt.message();
      plugins = attempt.unschedulablePlugins();
      for (Attempt.Verdict verdict : attempt.verdicts()) {
        verdicts.put(
            verdict.node(), verdict.plugin() + " " + verdict.status() + " " + verdict.scores());
      }
      if (node == null
          && dryRun.framework().find("DefaultPreemption") instanceof DefaultPreemption preemption) {
        Evaluator.Search search =
            preemption.evaluator().findCandidates(state, info, dryRun.algorithm().statuses());
        for (Candidate candidate : search.candidates()) {
          List<String> victims = new ArrayList<>();
          candidate.victims().forEach(victim -> victims.add(victim.key().name()));
          candidates.put(candidate.node(), victims + " " + candidate.pdbViolations());
        }
      }
    }
  }

  @Property(tries = 300)
  void whatIsKeptChangesNoDecision(@ForAll("steps") List<Step> steps) {
    Play play = new Play();
    for (int i = 0; i < NODES; i++) {
      play.put(ResourceType.NODES, Play.node(i, i));
    }
    steps.forEach(play::play);
  }
}
