package dev.wavetank.cli;

import dev.wavetank.scenarios.Library;
import dev.wavetank.scenarios.RunResult;
import dev.wavetank.scenarios.ScenarioRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code wavetank demo}: the story of one application, from manifest to reachable pod. */
@Command(
    name = "demo",
    description =
        "Plays the story of one application, from manifest to reachable pod, and prints each"
            + " command with what it prints.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = Seeds.DEFAULT,
      description = "Seed of the run. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ScenarioSource source = ScenarioSource.ofLibrary(Library.SEED_STORY);
    RunResult result = ScenarioRun.run(source.scenario(), seed, Long.MAX_VALUE, out::println);
    out.println();
    out.println(RunReport.line(result));
    return result.passed() ? ExitCode.OK : ExitCode.EXPECTATION_FAILED;
  }
}
