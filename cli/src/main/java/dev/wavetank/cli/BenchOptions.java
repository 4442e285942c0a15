package dev.wavetank.cli;

import dev.wavetank.scenarios.bench.Workload;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options of every benchmark. */
final class BenchOptions {

  private static final int WARMUPS_MAX = 1_000;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description =
          "How often the work is done unmeasured first; 0 shows the cold figure. Default: 1, and"
              + " 10 for work that takes less than the compiler does.")
  private @Nullable Integer warmup;

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
    return measure(name, parameters, 1, () -> {}, work);
  }

  /**
   * Does the work, the first times unmeasured.
   *
   * @param usualWarmups how often, unless the option says otherwise
   * @param prepare runs before each time, unmeasured
   */
  BenchReport measure(
      String name,
      Map<String, Object> parameters,
      int usualWarmups,
      Runnable prepare,
      Supplier<Workload.Done> work) {
    int warmups = warmup == null ? usualWarmups : warmup;
    for (int i = 0; i < Math.min(warmups, WARMUPS_MAX); i++) {
      prepare.run();
      Measurement.of(work);
    }
    prepare.run();
    return new BenchReport(name, parameters, Measurement.of(work));
  }
}
