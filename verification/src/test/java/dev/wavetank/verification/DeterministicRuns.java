package dev.wavetank.verification;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import dev.wavetank.scenarios.Library;
import dev.wavetank.scenarios.RunResult;
import dev.wavetank.scenarios.Scenario;
import dev.wavetank.scenarios.ScenarioRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The runs whose outcome must be the same every time, by name; each gives the hash of all that
 * happened in it.
 */
final class DeterministicRuns {
  private static final int KERNEL_EVENTS = 20_000;

  /** A rolling update under traffic. */
  private static final String LOADED = "rolling-update-that-loses-requests.yaml";

  private DeterministicRuns() {}

  static Map<String, Supplier<String>> all() {
    Map<String, Supplier<String>> runs = new LinkedHashMap<>();
    for (long seed : new long[] {1, 2, -7}) {
      runs.put("kernel seed " + seed, () -> kernel(Choices.seeded(seed)));
    }
    runs.put("kernel calm", () -> kernel(Choices.first()));
    for (String name : ImmutableList.of(Library.SEED_STORY, LOADED)) {
      runs.put(name + " seed 1", () -> scenario("choices: seeded\n", name, 1));
      runs.put(name + " seed 2", () -> scenario("choices: seeded\n", name, 2));
      runs.put(name + " calm", () -> scenario("choices: calm\n", name, 1));
    }
    return runs;
  }

  /** The hash of every run, a line each. */
  static List<String> hashes() {
    List<String> lines = new ArrayList<>();
    all().forEach((name, run) -> lines.add(name + ": " + run.get()));
    return lines;
  }

  /** Prints the hashes, for another JVM to compare with its own. */
  public static void main(String[] args) {
    hashes().forEach(System.out::println);
  }

  /** All that a scenario of the library tells, and the hash of its trace. */
  private static String scenario(String choices, String name, long seed) {
    try {
      String text = choices + new String(Library.read(name), StandardCharsets.UTF_8);
      Scenario scenario = Scenario.read(name, text, Library::read);
      Hasher told = Hashing.sha256().newHasher();
      RunResult result =
          ScenarioRun.run(
              scenario,
              seed,
              Long.MAX_VALUE,
              line -> told.putString(line + "\n", StandardCharsets.UTF_8));
      return result.traceHash() + " " + told.hash();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Events that schedule and cancel each other at times which often fall together. */
  private static String kernel(Choices choices) {
    Simulation simulation = new Simulation(choices);
    Hasher hasher = Hashing.sha256().newHasher();
    simulation.listen(
        (number, timeNanos, what, subject, cause) ->
            hasher
                .putLong(number)
                .putLong(timeNanos)
                .putString(what + "/" + subject, StandardCharsets.UTF_8)
                .putLong(cause));
    List<Timer> timers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      spread(simulation, "component-" + i, timers);
    }
    if (!simulation.runUntil(() -> simulation.eventNumber() >= KERNEL_EVENTS, Long.MAX_VALUE)) {
      throw new AssertionError("the events died out after " + simulation.eventNumber());
    }
    return hasher.hash().toString();
  }

  private static void spread(Simulation simulation, String component, List<Timer> timers) {
    ChoiceStream stream = simulation.choices().stream(component);
    timers.add(
        simulation.after(
            stream.between(0, 20),
            component + "/spread",
            timers.size(),
            () -> {
              spread(simulation, component, timers);
              if (stream.choose(3) == 1) {
                timers.get(stream.choose(timers.size())).cancel();
                spread(simulation, component, timers);
              }
            }));
  }
}
