package dev.wavetank.cli;

import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.scenarios.RunRecording;
import dev.wavetank.scenarios.RunResult;
import dev.wavetank.scenarios.ScenarioRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wavetank run}: runs scenarios. */
@Command(
    name = "run",
    description = "Runs scenarios; a single one tells its story while it goes.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  /** Forms of what is printed. */
  enum Format {
    TEXT,
    JSON
  }

  /** Lines of the story that are shown of a run that failed. */
  private static final int TAIL = 25;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Scenario files.")
  private List<String> files = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N|A..B",
      defaultValue = Seeds.DEFAULT,
      converter = Seeds.Converter.class,
      description = "Seed of the run, or a range of seeds, a run each. Default: ${DEFAULT-VALUE}.")
  private Seeds seeds = new Seeds(1, 1);

  @Option(
      names = "--until",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Virtual time at which a run ends at the latest, such as 10m.")
  private @Nullable Duration until;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes each run's result, story and recording there.")
  private @Nullable Path report;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Form of the output; json is one object a run, a line each.")
  private Format format = Format.TEXT;

  @Override
  public Integer call() throws IOException {
    List<ScenarioSource> sources = new ArrayList<>();
    for (String file : files) {
      sources.add(ScenarioSource.ofFile(file));
    }
    boolean single = sources.size() == 1 && seeds.one();
    boolean passed = true;
    for (ScenarioSource source : sources) {
      for (long seed = seeds.first(); seed <= seeds.last(); seed++) {
        passed &= run(source, seed, single).passed();
      }
    }
    return passed ? ExitCode.OK : ExitCode.EXPECTATION_FAILED;
  }

  private RunResult run(ScenarioSource source, long seed, boolean single) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    boolean live = single && format == Format.TEXT;
    List<String> story = new ArrayList<>();
    long untilNanos = until == null ? Long.MAX_VALUE : until.toNanos();
    RunResult result;
    try {
      if (report != null) {
        RunRecording.Recorded recorded =
            RunRecording.record(source.scenario(), source.text(), seed, untilNanos);
        result = recorded.result();
        story.addAll(recorded.recording().lines());
        story.forEach(line -> print(out, line, live));
        write(report, result, recorded.recording());
      } else {
        result =
            ScenarioRun.run(
                source.scenario(),
                seed,
                untilNanos,
                line -> {
                  story.add(line);
                  print(out, line, live);
                });
      }
    } catch (SimulationBug bug) {
      throw new SimulationBug(
          bug.getMessage()
              + "; seed "
              + seed
              + "; repeat it with: wavetank run "
              + source.scenario().file()
              + " --seed "
              + seed,
          bug);
    }
    tell(out, result, story, live);
    return result;
  }

  private static void print(PrintWriter out, String line, boolean live) {
    if (live) {
      out.println(line);
    }
  }

  private void tell(PrintWriter out, RunResult result, List<String> story, boolean live) {
    if (format == Format.JSON) {
      out.println(RunReport.json(result));
      out.flush();
      return;
    }
    if (live) {
      out.println();
    } else if (!result.passed()) {
      story
          .subList(Math.max(0, story.size() - TAIL), story.size())
          .forEach(line -> out.println("  " + line));
    }
    out.println(RunReport.line(result));
    if (live || !result.passed()) {
      result.traffic().forEach(source -> out.println("  " + RunReport.line(source)));
    }
    if (!result.passed()) {
      out.println("  " + result.failure());
      out.println("  seed " + result.seed() + ", event " + result.failureEvent());
      out.println("  repeat it with: " + result.replay());
    }
    out.flush();
  }

  private static void write(Path directory, RunResult result, RunRecording recording)
      throws IOException {
    Files.createDirectories(directory);
    Path name = Path.of(result.file()).getFileName();
    String stem = (name == null ? "run" : name.toString()).replaceFirst("\\.ya?ml$", "");
    Path stemmed = directory.resolve(stem + "-seed-" + result.seed());
    Files.writeString(Path.of(stemmed + ".json"), RunReport.json(result) + "\n");
    Files.writeString(Path.of(stemmed + ".txt"), String.join("\n", recording.lines()) + "\n");
    Files.writeString(Path.of(stemmed + ".run"), recording.toJson());
  }
}
