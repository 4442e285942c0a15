package dev.wavetank.scenarios;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.invariant.Invariant;
import dev.wavetank.scenarios.step.StepContext;
import dev.wavetank.scenarios.traffic.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a scenario on a cluster of its own. */
public final class ScenarioRun implements StepContext {

  /** Most events of a run. */
  static final long EVENTS_MAX = 2_000_000_000L;

  private final Scenario scenario;
  private final long seed;
  private final Cluster cluster;
  private final Story story;
  private final long beganNanos;
  private final long untilNanos;
  private final List<Invariant> invariants = new ArrayList<>();
  private final Map<String, Traffic> traffic = new LinkedHashMap<>();
  private final List<RunResult.Expected> expectations = new ArrayList<>();
  private String failure = "";
  private long failureEvent;

  private ScenarioRun(
      Scenario scenario, long seed, Choices choices, long untilNanos, Consumer<String> lines) {
    this.scenario = scenario;
    this.seed = seed;
    this.cluster = scenario.settings().start(Cluster.builder().choices(choices));
    this.story = new Story(lines, cluster.simulation());
    this.beganNanos = cluster.simulation().now();
    this.untilNanos = Math.min(untilNanos, scenario.untilNanos());
    scenario.invariants().forEach(invariant -> invariants.add(invariant.get()));
    cluster.api().listen(this::committed);
  }

  /**
   * Runs a scenario.
   *
   * @param seed of the run; without effect on a scenario with calm choices
   * @param untilNanos virtual time at which the run ends at the latest
   * @param lines takes what the run tells, line by line
   */
  public static RunResult run(
      Scenario scenario, long seed, long untilNanos, Consumer<String> lines) {
    return run(scenario, seed, choices(scenario, seed), untilNanos, lines);
  }

  /** The choices of a run with that seed. */
  static Choices choices(Scenario scenario, long seed) {
    return scenario.calm() ? Choices.first() : Choices.seeded(seed);
  }

  /** Runs a scenario on given choices. */
  static RunResult run(
      Scenario scenario, long seed, Choices choices, long untilNanos, Consumer<String> lines) {
    ScenarioRun run = new ScenarioRun(scenario, seed, choices, untilNanos, lines);
    run.steps();
    return run.result();
  }

  private void steps() {
    for (Scenario.Timed timed : scenario.steps()) {
      if (!failure.isEmpty()) {
        if (timed.step().expects()) {
          expectations.add(new RunResult.Expected(timed.name(), false, -1, "not reached"));
        }
        continue;
      }
      if (timed.atNanos() > elapsed()) {
        runUntil(() -> false, timed.atNanos() - elapsed());
      }
      if (failure.isEmpty()) {
        step(timed);
      }
    }
    settleTraffic();
  }

  private void step(Scenario.Timed timed) {
    String unmet;
    try {
      unmet = timed.step().run(this);
    } catch (ApiException e) {
      unmet = e.status().message();
    }
    if (unmet == null && !failure.isEmpty()) {
      unmet = failure;
    }
    if (timed.step().expects()) {
      expectations.add(
          new RunResult.Expected(
              timed.name(), unmet == null, elapsed(), unmet == null ? "" : unmet));
    }
    if (unmet != null && failure.isEmpty()) {
      fail(scenario.file() + ":" + timed.line() + ": " + timed.name() + ": " + unmet);
    }
  }

  private void fail(String what) {
    failure = what;
    failureEvent = cluster.simulation().eventNumber();
    story.tell("FAILED: " + what);
  }

  /** Requests that are under way at the end of the story come to their end. */
  private void settleTraffic() {
    if (failure.isEmpty()) {
      for (Traffic source : traffic.values()) {
        long left = source.plan().duration().plus(source.plan().patience()).toNanos();
        runUntil(source::over, left * 2);
      }
    }
  }

  private long elapsed() {
    return cluster.simulation().now() - beganNanos;
  }

  private void committed(Commit commit) {
    if (!failure.isEmpty()) {
      return;
    }
    for (Invariant invariant : invariants) {
      String broken = invariant.broken(commit, cluster);
      if (broken != null) {
        fail("invariant broken: " + invariant.words() + ": " + broken);
        return;
      }
    }
  }

  private RunResult result() {
    Simulation simulation = cluster.simulation();
    Map<String, Integer> objects = new TreeMap<>();
    for (ResourceType type : cluster.api().types()) {
      int count = cluster.api().count(type);
      if (count > 0) {
        objects.put(type.kind(), count);
      }
    }
    return new RunResult(
        scenario.name(),
        scenario.file(),
        seed,
        failure.isEmpty(),
        elapsed(),
        simulation.eventNumber(),
        cluster.api().revision(),
        cluster.trace().hash(),
        ImmutableList.copyOf(expectations),
        ImmutableList.copyOf(traffic.values()),
        ImmutableMap.copyOf(objects),
        failure,
        failureEvent);
  }

  @Override
  public Cluster cluster() {
    return cluster;
  }

  @Override
  public String namespace() {
    return scenario.namespace();
  }

  @Override
  public @Nullable Traffic traffic(String name) {
    return traffic.get(name);
  }

  @Override
  public void tell(String line) {
    story.tell(line);
  }

  @Override
  public void tellCommand(String commandLine, String output) {
    story.tellCommand(commandLine, output);
  }

  @Override
  public Output kubectl(String commandLine, String stdin) {
    return cluster.kubectl(commandLine, stdin, scenario.namespace(), scenario.files());
  }

  @Override
  public boolean runUntil(BooleanSupplier condition, long limitNanos) {
    long limit = Math.min(limitNanos, untilNanos - elapsed());
    boolean[] holds = new boolean[1];
    cluster
        .simulation()
        .runUntil(
            () -> {
              holds[0] = condition.getAsBoolean();
              if (cluster.simulation().eventNumber() > EVENTS_MAX && failure.isEmpty()) {
                fail("a run has at most " + EVENTS_MAX + " events");
              }
              return holds[0] || !failure.isEmpty();
            },
            cluster.simulation().now() + Math.max(0, limit));
    if (!holds[0] && failure.isEmpty() && limit < limitNanos) {
      fail("the run reached its limit of virtual time");
    }
    return holds[0];
  }

  @Override
  public void start(Traffic source) {
    traffic.put(source.name(), source);
    cluster.simulation().act("user/traffic", source.name(), source::start);
  }
}
