package dev.wavetank.scenarios;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.scenarios.invariant.Invariant;
import dev.wavetank.scenarios.invariant.Invariants;
import dev.wavetank.scenarios.step.Step;
import dev.wavetank.scenarios.step.StepFiles;
import dev.wavetank.scenarios.step.Steps;
import java.util.function.Supplier;

/**
 * Steps, faults and expectations on a timeline, read from a file; it can be run any number of
 * times.
 *
 * <p>{@code docs/scenarios.md} describes the file.
 */
public final class Scenario {

  static final ImmutableList<String> KEYS =
      ImmutableList.of(
          "scenario", "about", "namespace", "choices", "until", "cluster", "invariants", "steps");
  static final ImmutableList<String> CHOICES = ImmutableList.of("seeded", "calm");

  private static final long UNTIL_NANOS = 24 * 3_600_000_000_000L;
  private static final int STEPS_MAX = 10_000;

  /**
   * A step with its time and name.
   *
   * @param atNanos not before that time since the beginning; -1 at once
   * @param line of the file
   */
  record Timed(Step step, String name, long atNanos, int line) {}

  private final String file;
  private final String name;
  private final String about;
  private final String namespace;
  private final boolean calm;
  private final long untilNanos;
  private final ClusterSettings settings;
  private final ImmutableList<Supplier<Invariant>> invariants;
  private final ImmutableList<Timed> steps;
  private final ScenarioFiles files;

  private Scenario(FileFields fields, String file, ScenarioFiles files) {
    fields.known(KEYS);
    this.file = file;
    this.files = files;
    this.name = fields.text("scenario");
    this.about = fields.text("about", "");
    this.namespace = fields.text("namespace", "default");
    this.calm = fields.word("choices", "seeded", CHOICES).equals("calm");
    this.untilNanos = fields.nanos("until", UNTIL_NANOS);
    this.settings = ClusterSettings.read(fields.map("cluster"), files);
    this.invariants = Invariants.read(fields, "invariants");
    this.steps = steps(fields, files);
  }

  private static ImmutableList<Timed> steps(FileFields fields, StepFiles files) {
    ImmutableList.Builder<Timed> steps = ImmutableList.builder();
    long last = -1;
    if (!fields.has("steps")) {
      throw fields.wrong("field \"steps\" is required");
    }
    ImmutableList<FileFields> written = fields.maps("steps");
    if (written.size() > STEPS_MAX) {
      throw fields.wrong("steps", "a scenario has at most " + STEPS_MAX + " steps");
    }
    for (FileFields one : written) {
      Step step = Steps.read(one, files);
      long at = one.nanos("at", -1);
      if (at >= 0 && at < last) {
        throw one.wrong("at", "the step before has a later time");
      }
      last = Math.max(last, at);
      steps.add(new Timed(step, one.text("name", step.words()), at, one.place().line()));
    }
    return steps.build();
  }

  /**
   * Reads a scenario and every file that it names, and checks all of it.
   *
   * @param file as errors name it
   * @param files what the scenario may read, by path relative to the scenario
   * @throws ScenarioException with the place of the first thing that is wrong
   */
  public static Scenario read(String file, String text, FileLookup files) {
    return new Scenario(FileFields.read(file, text), file, new ScenarioFiles(files));
  }

  public String file() {
    return file;
  }

  public String name() {
    return name;
  }

  /** What it shows, for people; may be empty. */
  public String about() {
    return about;
  }

  String namespace() {
    return namespace;
  }

  /** Whether every choice is the first one, whatever the seed. */
  boolean calm() {
    return calm;
  }

  /** Virtual time at which a run ends at the latest. */
  long untilNanos() {
    return untilNanos;
  }

  ClusterSettings settings() {
    return settings;
  }

  ImmutableList<Supplier<Invariant>> invariants() {
    return invariants;
  }

  ImmutableList<Timed> steps() {
    return steps;
  }

  ScenarioFiles files() {
    return files;
  }
}
