package dev.wavetank.cli;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.scenarios.bench.ApiWorkload;
import dev.wavetank.scenarios.bench.ClusterWorkload;
import dev.wavetank.scenarios.bench.ConnectionsWorkload;
import dev.wavetank.scenarios.bench.IdleWorkload;
import dev.wavetank.scenarios.bench.KernelWorkload;
import dev.wavetank.scenarios.bench.ManifestWorkload;
import dev.wavetank.scenarios.bench.RolloutWorkload;
import dev.wavetank.scenarios.bench.SchedulingWorkload;
import dev.wavetank.scheduler.bench.SchedulingCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
      @Option(names = "--pods", defaultValue = "7064") int pods,
      @Option(
              names = {"-f", "--filename"},
              paramLabel = "FILE",
              description =
                  "Manifests that are applied instead of made-up Deployments; their Nodes join.")
          @Nullable List<Path> files)
      throws IOException {
    options.require(spec, nodes > 0 && pods > 0, "--nodes and --pods are at least 1");
    if (files != null) {
      return manifests(options, files, nodes);
    }
    return options
        .measure(
            "cluster",
            parameters("nodes", nodes, "pods", pods),
            new ClusterWorkload(nodes, pods, options.seed())::run)
        .print(spec.commandLine().getOut(), options.format());
  }

  private int manifests(BenchOptions options, List<Path> files, int nodes) throws IOException {
    ImmutableList.Builder<Manifest> read = ImmutableList.builder();
    for (Path file : files) {
      read.addAll(Manifests.read(file.toString(), Files.readAllBytes(file)));
    }
    ImmutableList<Manifest> manifests = read.build();
    return options
        .measure(
            "cluster",
            parameters("files", Joiner.on(',').join(files), "documents", manifests.size()),
            new ManifestWorkload(manifests, nodes, options.seed())::run)
        .print(spec.commandLine().getOut(), options.format());
  }

  @Command(
      name = "scheduler",
      description =
          "Pods are scheduled beside an API server and nothing else. The cases are those of"
              + " upstream's scheduler_perf; nodes and pods are as many as there, unless given.",
      mixinStandardHelpOptions = true)
  int scheduler(
      @Mixin BenchOptions options,
      @Option(
              names = "--case",
              paramLabel = "NAME",
              defaultValue = "basic",
              completionCandidates = SchedulingCases.class,
              description = "One of ${COMPLETION-CANDIDATES}.")
          String name,
      @Option(names = "--nodes") @Nullable Integer nodes,
      @Option(names = "--init-pods", description = "Pods that are scheduled before, unmeasured.")
          @Nullable Integer initPods,
      @Option(names = "--pods") @Nullable Integer pods) {
    SchedulingCase found = SchedulingCase.find(name);
    if (found == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--case is one of " + String.join(", ", new SchedulingCases()) + ", not " + name);
    }
    int ofNodes = nodes == null ? found.nodes() : nodes;
    int before = initPods == null ? found.initPods() : initPods;
    int measured = pods == null ? found.measurePods() : pods;
    options.require(
        spec,
        ofNodes > 0 && before >= 0 && measured > 0,
        "--nodes and --pods are at least 1, --init-pods is at least 0");
    SchedulingWorkload workload =
        new SchedulingWorkload(found, ofNodes, before, measured, options.seed());
    return options
        .measure(
            "scheduler",
            parameters(
                "case", found.word(), "nodes", ofNodes, "initPods", before, "pods", measured),
            workload::prepare,
            workload::run)
        .print(spec.commandLine().getOut(), options.format());
  }

  /** The words for the cases of {@code bench scheduler}. */
  static final class SchedulingCases implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(SchedulingCase.values()).map(SchedulingCase::word).iterator();
    }
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

  @Command(
      name = "api",
      description =
          "Pods become Ready while clients watch them over HTTP, then they are listed as a Table;"
              + " both up to the bytes that would be sent.",
      mixinStandardHelpOptions = true)
  int api(
      @Mixin BenchOptions options,
      @Option(names = "--nodes", defaultValue = "1000") int nodes,
      @Option(names = "--pods", defaultValue = "10000") int pods,
      @Option(names = "--watches", defaultValue = "200", description = "Clients that watch pods.")
          int watches) {
    options.require(
        spec,
        nodes > 0 && pods > 0 && watches >= 0,
        "--nodes and --pods are at least 1, --watches is at least 0");
    ApiWorkload workload = new ApiWorkload(nodes, pods, options.seed());
    BenchReport report =
        options.measure(
            "api",
            parameters("nodes", nodes, "pods", pods, "watches", watches),
            () -> workload.watched(watches));
    WatchRounds rounds = new WatchRounds(workload, watches);
    rounds.run();
    report.figure("unwatchedPodsPerCpuSecond", pods / rounds.unwatchedCpuSeconds());
    report.figure("watchCost", rounds.cost());
    workload.table();
    report.figure("tableCpuSeconds", Measurement.of(workload::table).cpuSeconds());
    return report.print(spec.commandLine().getOut(), options.format());
  }

  @Command(
      name = "connections",
      description = "Pods look Services up and connect to them, one connection a request.",
      mixinStandardHelpOptions = true)
  int connections(
      @Mixin BenchOptions options,
      @Option(names = "--services", defaultValue = "100") int services,
      @Option(
              names = "--endpoints",
              defaultValue = "10",
              description = "Endpoints of each Service.")
          int endpoints,
      @Option(names = "--count", defaultValue = "1000000", description = "Connections in all.")
          int count,
      @Option(
              names = "--look-up-once",
              description = "Names were looked up before; no connection asks DNS.")
          boolean lookUpOnce) {
    options.require(
        spec,
        services > 0 && endpoints > 0 && count > 0,
        "--services, --endpoints and --count are at least 1");
    options.require(
        spec,
        endpoints <= ConnectionsWorkload.SLICE_MAX
            && (long) services * endpoints <= ConnectionsWorkload.ENDPOINTS_MAX,
        "--endpoints is at most "
            + ConnectionsWorkload.SLICE_MAX
            + ", and there are at most "
            + ConnectionsWorkload.ENDPOINTS_MAX
            + " in all");
    ConnectionsWorkload workload =
        new ConnectionsWorkload(services, endpoints, count, lookUpOnce, options.seed());
    workload.prepare();
    return options
        .measure(
            "connections",
            parameters(
                "services",
                services,
                "endpoints",
                endpoints,
                "count",
                count,
                "lookUpOnce",
                lookUpOnce),
            workload::run)
        .print(spec.commandLine().getOut(), options.format());
  }
}
