package dev.wavetank.core.kubelet.prober;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * A worker that leaves out what would change nothing gives the same results at the same times as
 * one that probes each period.
 */
class WorkerPropertiesTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  /** What a container answers from an age on. */
  record Segment(int fromSeconds, int answer, int latencyMillis) {}

  /** What happens, so many seconds after the thing before. */
  record Step(int afterSeconds, int what, List<Segment> answers) {}

  /** A probe and a history of its container. */
  record Plan(
      ProbeType type,
      int period,
      int initialDelay,
      int successThreshold,
      int failureThreshold,
      List<Segment> answers,
      List<Step> steps) {}

  /** A pod with one container, as a plan has it. */
  private static final class World implements ProbedPod {
    private final Plan plan;
    final Simulation simulation = new Simulation(Choices.first());
    final List<String> log = new ArrayList<>();
    Runnable changed = () -> {};
    private KubeObject pod;
    private @Nullable KubeMap status;
    private List<Segment> answers;
    private long startedNanos;
    private int containers;

    World(Plan plan) {
      this.plan = plan;
      this.answers = plan.answers();
      this.pod =
          KubeObject.of(ResourceType.PODS, KubeMap.of("name", "p"))
              .withSpec(KubeMap.of("containers", KubeList.of(KubeMap.of("name", "c"))));
    }

    Probe probe() {
      KubeMap knobs =
          KubeMap.of(
              "periodSeconds", plan.period(),
              "initialDelaySeconds", plan.initialDelay(),
              "successThreshold", plan.successThreshold(),
              "failureThreshold", plan.failureThreshold());
      return new Probe(
          simulation,
          (asked, then) -> ask(then),
          KubeMap.of("name", "c", plan.type().field(), knobs),
          plan.type());
    }

    void play(Runnable trigger, Runnable stop) {
      long at = 0;
      int number = 0;
      for (Step step : plan.steps()) {
        at += step.afterSeconds() * SECOND;
        // A fraction of a second of its own: nothing happens in the instant of a tick.
        simulation.runUntil(at + ++number * MILLI);
        step(step, trigger, stop);
      }
      simulation.runUntil(at + 300 * SECOND);
    }

    private void step(Step step, Runnable trigger, Runnable stop) {
      switch (step.what()) {
        case 0 -> newContainer();
        case 1 -> state(KubeMap.of("terminated", KubeMap.of("exitCode", 1L)));
        case 2 -> started(true);
        case 3 -> started(false);
        case 4 -> trigger.run();
        case 5 -> answers = step.answers();
        case 6 -> pod = pod.withMetadata(pod.metadata().with("deletionTimestamp", "now"));
        case 7 -> {
          if (status != null) {
            status = status.with("phase", "Failed");
          }
        }
        default -> stop.run();
      }
      changed.run();
    }

    private void newContainer() {
      containers++;
      startedNanos = simulation.now();
      put(
          KubeMap.of(
              "name",
              "c",
              "containerID",
              "test://" + containers,
              "started",
              plan.type() != ProbeType.STARTUP,
              "state",
              running()));
    }

    private KubeMap running() {
      return KubeMap.of(
          "running", KubeMap.of("startedAt", Timestamps.seconds(simulation.instant())));
    }

    private void state(KubeMap state) {
      if (containers > 0) {
        put(seen().with("state", state));
      }
    }

    private void started(boolean started) {
      if (containers > 0) {
        put(seen().with("started", started));
      }
    }

    private KubeMap seen() {
      return status == null ? KubeMap.EMPTY : status.listOrEmpty("containerStatuses").map(0);
    }

    private void put(KubeMap container) {
      status = KubeMap.of("phase", "Running", "containerStatuses", KubeList.of(container));
    }

    void result(ProbeResult result) {
      log.add(simulation.now() + " " + result);
      if (plan.type() == ProbeType.STARTUP) {
        started(result == ProbeResult.SUCCESS);
        changed.run();
      }
    }

    /** Asks the container; the answer comes at once or later. */
    void ask(Consumer<ProbeOutcome> then) {
      long age = simulation.now() - startedNanos;
      Segment now = answers.get(0);
      long until = Long.MAX_VALUE;
      for (Segment segment : answers) {
        long from = segment.fromSeconds() * SECOND;
        if (from <= age) {
          now = segment;
        } else {
          until = Math.min(until, startedNanos + from);
        }
      }
      ProbeResult result =
          now.answer() == 0 ? ProbeResult.SUCCESS : now.answer() == 1 ? ProbeResult.FAILURE : null;
      ProbeOutcome outcome = new ProbeOutcome(result, until);
      if (now.latencyMillis() == 0) {
        then.accept(outcome);
      } else {
        // No answer comes in the instant of a tick either.
        long latency = now.latencyMillis() * MILLI + MILLI / 3;
        simulation.after(latency, "test/answer", "p", () -> then.accept(outcome));
      }
    }

    @Override
    public KubeObject pod() {
      return pod;
    }

    @Override
    public @Nullable KubeMap status() {
      return status;
    }

    @Override
    public @Nullable Container container(String id) {
      return null;
    }

    @Override
    public void probed(Worker worker, ProbeResult result) {
      result(result);
    }

    @Override
    public void ended(Worker worker) {}
  }

  @Property(tries = 3000)
  void aWorkerThatSleepsGivesTheResultsOfOneThatTicks(@ForAll("plans") Plan plan) {
    World naiveWorld = new World(plan);
    NaiveWorker naive =
        new NaiveWorker(
            naiveWorld.simulation,
            naiveWorld,
            plan.type(),
            naiveWorld.probe(),
            (id, then) -> naiveWorld.ask(outcome -> then.accept(outcome.result())),
            naiveWorld::result);
    naive.start();
    naiveWorld.play(naive::trigger, naive::stop);

    World world = new World(plan);
    Worker worker = new Worker(world, world.probe());
    world.changed = worker::wake;
    worker.start(0);
    world.play(worker::trigger, worker::stop);
    worker.wake();

    assertThat(world.log).isEqualTo(naiveWorld.log);
    assertThat(worker.stopped()).isEqualTo(naive.stopped);
    if (!naive.stopped) {
      assertThat(worker.result()).isEqualTo(naive.cached);
      assertThat(worker.onHold()).isEqualTo(naive.onHold);
      assertThat(worker.resultRun()).isEqualTo(naive.resultRun);
    }
    assertThat(world.simulation.eventNumber())
        .isLessThanOrEqualTo(naiveWorld.simulation.eventNumber() + plan.steps().size());
  }

  @Property(tries = 50)
  void aWorkerWhoseContainerAnswersTheSameForEverCostsNothing(@ForAll("probes") Plan plan) {
    World world = new World(plan);
    Worker worker = new Worker(world, world.probe());
    world.changed = worker::wake;
    worker.start(0);
    world.play(worker::trigger, worker::stop);
    long before = world.simulation.eventNumber();
    world.simulation.runUntil(world.simulation.now() + 1_000_000 * SECOND);
    assertThat(world.simulation.eventNumber() - before).isZero();
  }

  @Provide
  Arbitrary<Plan> probes() {
    return plans(
        Arbitraries.just(List.of(new Segment(0, 0, 0))),
        Arbitraries.just(List.of(new Step(3, 0, List.of()))));
  }

  @Provide
  Arbitrary<Plan> plans() {
    Arbitrary<Segment> segment =
        Combinators.combine(
                Arbitraries.integers().between(0, 60),
                Arbitraries.integers().between(0, 2),
                Arbitraries.frequencyOf(
                    net.jqwik.api.Tuple.of(4, Arbitraries.just(0)),
                    net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(1, 15_000))))
            .as(Segment::new);
    Arbitrary<List<Segment>> answers =
        segment
            .list()
            .ofMinSize(1)
            .ofMaxSize(5)
            .map(
                list ->
                    list.stream()
                        .sorted(java.util.Comparator.comparing(Segment::fromSeconds))
                        .toList());
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.integers().between(0, 40),
                Arbitraries.frequency(
                    net.jqwik.api.Tuple.of(6, 0),
                    net.jqwik.api.Tuple.of(3, 1),
                    net.jqwik.api.Tuple.of(3, 2),
                    net.jqwik.api.Tuple.of(2, 3),
                    net.jqwik.api.Tuple.of(4, 4),
                    net.jqwik.api.Tuple.of(4, 5),
                    net.jqwik.api.Tuple.of(1, 6),
                    net.jqwik.api.Tuple.of(1, 7),
                    net.jqwik.api.Tuple.of(1, 8)),
                answers)
            .as(Step::new);
    Arbitrary<List<Step>> steps =
        step.list()
            .ofMaxSize(12)
            .map(
                list -> {
                  List<Step> all = new ArrayList<>();
                  all.add(new Step(1, 0, List.of()));
                  all.addAll(list);
                  return all;
                });
    return plans(answers, steps);
  }

  private static Arbitrary<Plan> plans(
      Arbitrary<List<Segment>> answers, Arbitrary<List<Step>> steps) {
    return Combinators.combine(
            Arbitraries.of(ProbeType.class),
            Arbitraries.integers().between(1, 12),
            Arbitraries.integers().between(0, 15),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(1, 4),
            answers,
            steps)
        .as(Plan::new);
  }
}
