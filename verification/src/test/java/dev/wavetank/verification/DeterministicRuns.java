package dev.wavetank.verification;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
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

  private DeterministicRuns() {}

  static Map<String, Supplier<String>> all() {
    Map<String, Supplier<String>> runs = new LinkedHashMap<>();
    for (long seed : new long[] {1, 2, -7}) {
      runs.put("kernel seed " + seed, () -> kernel(Choices.seeded(seed)));
    }
    runs.put("kernel calm", () -> kernel(Choices.first()));
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
