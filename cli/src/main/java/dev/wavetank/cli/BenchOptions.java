package dev.wavetank.cli;

import dev.wavetank.scenarios.bench.Workload;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options of every benchmark. */
final class BenchOptions {

  private static final int WARMUPS_MAX = 1_000;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How often the work is done unmeasured first; 0 shows the cold figure. Default:"
              + " ${DEFAULT-VALUE}.")
  private int warmup;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of the work.")
  private long seed;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Form of the output.")
  private RunCommand.Format format = RunCommand.Format.TEXT;

  long seed() {
    return seed;
  }

  RunCommand.Format format() {
    return format;
  }

  void require(CommandSpec spec, boolean holds, String message) {
    if (!holds) {
      throw new CommandLine.ParameterException(spec.commandLine(), message);
    }
  }

  BenchReport measure(String name, Map<String, Object> parameters, Supplier<Workload.Done> work) {
    return measure(name, parameters, () -> {}, work);
  }

  /**
   * Does the work, the first times unmeasured.
   *
   * @param prepare runs before each time, unmeasured
   */
  BenchReport measure(
      String name, Map<String, Object> parameters, Runnable prepare, Supplier<Workload.Done> work) {
    for (int i = 0; i < Math.min(warmup, WARMUPS_MAX); i++) {
      prepare.run();
      Measurement.of(work);
    }
    prepare.run();
    return new BenchReport(name, parameters, Measurement.of(work));
  }
}
