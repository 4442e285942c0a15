package dev.wavetank.cli;

import dev.wavetank.scenarios.bench.ClusterWorkload;
import dev.wavetank.scenarios.bench.IdleWorkload;
import dev.wavetank.scenarios.bench.KernelWorkload;
import dev.wavetank.scenarios.bench.RolloutWorkload;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code wavetank bench}: the macro benchmarks. */
@Command(
    name = "bench",
    description = "Does a measured piece of work; docs/benchmarks.md says how to read it.",
    mixinStandardHelpOptions = true)
final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static Map<String, Object> parameters(Object... namesAndValues) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return parameters;
  }

  @Command(
      name = "kernel",
      description = "The bare event queue under the hold model, beside java.util.PriorityQueue.",
      mixinStandardHelpOptions = true)
  int kernel(
      @Mixin BenchOptions options,
      @Option(names = "--pending", defaultValue = "1000000", description = "Pending events.")
          int pending,
      @Option(
              names = "--steps",
              defaultValue = "10000000",
              description = "Events taken out of the queue.")
          long steps) {
    options.require(spec, pending > 0 && steps > 0, "--pending and --steps are at least 1");
    BenchReport report =
        options.measure(
            "kernel",
            parameters("pending", pending, "steps", steps),
            new KernelWorkload(pending, steps, options.seed(), false)::run);
    Measurement yardstick =
        Measurement.of(new KernelWorkload(pending, steps, options.seed(), true)::run);
    double rate = steps / yardstick.cpuSeconds();
    report.figure("priorityQueueEventsPerCpuSecond", rate);
    report.figure("ratio", report.rate("events") / rate);
    report.require(
        yardstick.done().traceHash(), "the priority queue takes the events out in the same order");
    return report.print(spec.commandLine().getOut(), options.format());
  }

  @Command(
      name = "rollout",
      description = "Deployments are created, until every one is Available.",
      mixinStandardHelpOptions = true)
  int rollout(
      @Mixin BenchOptions options,
      @Option(names = "--deployments", defaultValue = "600") int deployments,
      @Option(names = "--replicas", defaultValue = "1") int replicas,
      @Option(names = "--nodes", defaultValue = "100") int nodes) {
    options.require(
        spec,
        deployments > 0 && replicas > 0 && nodes > 0,
        "--deployments, --replicas and --nodes are at least 1");
    return options
        .measure(
            "rollout",
            parameters("deployments", deployments, "replicas", replicas, "nodes", nodes),
            new RolloutWorkload(deployments, replicas, nodes, options.seed())::run)
        .print(spec.commandLine().getOut(), options.format());
  }

  @Command(
      name = "cluster",
      description = "Deployments of mixed size are created, until all pods are Ready.",
      mixinStandardHelpOptions = true)
  int cluster(
      @Mixin BenchOptions options,
      @Option(names = "--nodes", defaultValue = "1200") int nodes,
      @Option(names = "--pods", defaultValue = "7064") int pods) {
    options.require(spec, nodes > 0 && pods > 0, "--nodes and --pods are at least 1");
    return options
        .measure(
            "cluster",
            parameters("nodes", nodes, "pods", pods),
            new ClusterWorkload(nodes, pods, options.seed())::run)
        .print(spec.commandLine().getOut(), options.format());
  }

  @Command(
      name = "idle",
      description = "Nothing happens: leases, probes and resyncs are on.",
      mixinStandardHelpOptions = true)
  int idle(
      @Mixin BenchOptions options,
      @Option(names = "--nodes", defaultValue = "100") int nodes,
      @Option(names = "--pods", defaultValue = "3000") int pods,
      @Option(names = "--hours", defaultValue = "24") int hours) {
    options.require(
        spec, nodes > 0 && pods >= 0 && hours > 0, "--nodes and --hours are at least 1");
    IdleWorkload workload = new IdleWorkload(nodes, pods, hours, options.seed());
    BenchReport report =
        options.measure(
            "idle",
            parameters("nodes", nodes, "pods", pods, "hours", hours),
            workload::prepare,
            workload::run);
    report.figure("speedup", report.virtualSeconds() / report.wallSeconds());
    return report.print(spec.commandLine().getOut(), options.format());
  }
}
