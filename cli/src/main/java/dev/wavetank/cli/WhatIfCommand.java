package dev.wavetank.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.scenarios.placement.ImportedCluster;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.whatif.Capacity;
import dev.wavetank.scheduler.whatif.DryRun;
import dev.wavetank.scheduler.whatif.NodeLoss;
import dev.wavetank.scheduler.whatif.Placement;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wavetank what-if}: dry runs of the scheduler on a cluster that files tell of. */
@Command(
    name = "what-if",
    description = {
      "Dry runs of the scheduler on a cluster that files tell of, such as what",
      "kubectl get nodes,pods -A -o yaml prints."
    },
    mixinStandardHelpOptions = true)
final class WhatIfCommand implements Runnable {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Options of every question. */
  static final class Options {

    @Option(
        names = {"-f", "--filename"},
        paramLabel = "FILE",
        required = true,
        description = "The cluster: nodes, pods and what else a scheduler reads.")
    private List<Path> files = List.of();

    @Option(
        names = "--scheduler-name",
        paramLabel = "NAME",
        defaultValue = Profile.DEFAULT_SCHEDULER_NAME,
        description = "Which profile decides. Default: ${DEFAULT-VALUE}.")
    private String schedulerName = Profile.DEFAULT_SCHEDULER_NAME;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "text|json",
        defaultValue = "text",
        description = "Form of the output.")
    private RunCommand.Format format = RunCommand.Format.TEXT;

    ImportedCluster cluster() throws IOException {
      ImportedCluster cluster = new ImportedCluster();
      for (Path file : files) {
        cluster.add(file.toString(), ScenarioSource.text(file));
      }
      return cluster;
    }

    /** The profile of a configuration, or the default one. */
    Profile profile(@Nullable Path configuration, CommandSpec spec) throws IOException {
      KubeSchedulerConfiguration read =
          configuration == null
              ? KubeSchedulerConfiguration.DEFAULT
              : KubeSchedulerConfiguration.read(
                  configuration.toString(), ScenarioSource.text(configuration));
      List<String> names = new ArrayList<>();
      for (Profile profile : read.profiles()) {
        if (profile.schedulerName().equals(schedulerName)) {
          return profile;
        }
        names.add(profile.schedulerName());
      }
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--scheduler-name is one of " + String.join(", ", names) + ", not " + schedulerName);
    }

    DryRun dryRun(ImportedCluster cluster, @Nullable Path configuration, CommandSpec spec)
        throws IOException {
      Profile profile = profile(configuration, spec);
      try {
        return cluster.dryRun(DefaultPlugins.registry(), profile);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), String.valueOf(profile.notCreated(e).getMessage()));
      }
    }
  }

  @Command(
      name = "capacity",
      description = "How many more of a pod fit, and what stops the next one.",
      mixinStandardHelpOptions = true)
  int capacity(
      @Mixin Options options,
      @Option(
              names = "--pod",
              paramLabel = "FILE",
              required = true,
              description = "The pod, or a workload with its template.")
          Path pod,
      @Option(names = "--config", paramLabel = "FILE", description = "KubeSchedulerConfiguration.")
          @Nullable Path configuration,
      @Option(
              names = "--max",
              paramLabel = "N",
              defaultValue = "10000",
              description = "How many at most. Default: ${DEFAULT-VALUE}.")
          int max)
      throws IOException {
    ImportedCluster cluster = options.cluster();
    ImmutableList<KubeObject> pods = cluster.workload(pod.toString(), ScenarioSource.text(pod));
    if (pods.isEmpty() || max < 1 || max > Capacity.PODS_MAX) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          pods.isEmpty()
              ? "--pod has no pod and no template of one"
              : "--max is 1 to " + Capacity.PODS_MAX);
    }
    Capacity capacity = Capacity.of(options.dryRun(cluster, configuration, spec), pods.get(0), max);
    PrintWriter out = spec.commandLine().getOut();
    if (options.format == RunCommand.Format.JSON) {
      return json(
          fields(
              "pods",
              capacity.pods(),
              "byNode",
              capacity.byNode(),
              "stoppedBy",
              capacity.stoppedBy()));
    }
    out.println(capacity.pods() + " more of " + pods.get(0).name() + " fit");
    capacity.byNode().forEach((node, count) -> out.println("  " + node + ": " + count));
    if (!capacity.stoppedBy().isEmpty()) {
      out.println("the next one does not: " + capacity.stoppedBy());
    }
    return ExitCode.OK;
  }

  @Command(
      name = "drain",
      description = "Where the pods of nodes go when the nodes are drained, or lost.",
      mixinStandardHelpOptions = true)
  int drain(
      @Mixin Options options,
      @Parameters(paramLabel = "NODE", arity = "0..*", description = "The nodes.")
          @Nullable List<String> nodes,
      @Option(
              names = "--zone",
              paramLabel = "ZONE",
              description = "All nodes whose label topology.kubernetes.io/zone is this.")
          @Nullable String zone,
      @Option(names = "--lost", description = "The nodes are gone, not drained.") boolean lost,
      @Option(names = "--config", paramLabel = "FILE", description = "KubeSchedulerConfiguration.")
          @Nullable Path configuration)
      throws IOException {
    ImportedCluster cluster = options.cluster();
    Set<String> chosen = new LinkedHashSet<>(nodes == null ? List.of() : nodes);
    for (String node : chosen) {
      if (!cluster.nodes().contains(node)) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "nodes \"" + node + "\" not found");
      }
    }
    chosen.addAll(zone == null ? List.of() : cluster.nodesOfZone(zone));
    if (chosen.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), zone == null ? "no node is named" : "no node is in zone " + zone);
    }
    DryRun dryRun = options.dryRun(cluster, configuration, spec);
    ImmutableSet<String> set = ImmutableSet.copyOf(chosen);
    NodeLoss loss = lost ? NodeLoss.lose(dryRun, set) : NodeLoss.drain(dryRun, set);
    if (options.format == RunCommand.Format.JSON) {
      List<Object> moves = new ArrayList<>();
      for (NodeLoss.Move move : loss.moves()) {
        moves.add(
            fields(
                "pod", name(move.pod()), "from", move.from(), "to", move.to(), "why", move.why()));
      }
      return json(
          fields(
              "nodes",
              chosen,
              "moves",
              moves,
              "pending",
              loss.pending(),
              "gone",
              loss.gone().stream().map(WhatIfCommand::name).toList()));
    }
    print(loss, chosen);
    return ExitCode.OK;
  }

  private static String name(ObjectKey pod) {
    return pod.namespace() + "/" + pod.name();
  }

  private void print(NodeLoss loss, Set<String> nodes) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "without "
            + String.join(", ", nodes)
            + ": "
            + (loss.moves().size() - loss.pending())
            + " pods move, "
            + loss.pending()
            + " find no node, "
            + loss.gone().size()
            + " have no controller that would create them again");
    for (NodeLoss.Move move : loss.moves()) {
      String to = move.to();
      out.println(
          "  "
              + name(move.pod())
              + ": "
              + move.from()
              + " -> "
              + (to == null ? "Pending: " + move.why() : to));
    }
    loss.gone().forEach(pod -> out.println("  " + name(pod) + ": gone"));
  }

  @Command(
      name = "compare",
      description = "What schedulers of different configurations make of the same workload.",
      mixinStandardHelpOptions = true)
  int compare(
      @Mixin Options options,
      @Option(
              names = "--workload",
              paramLabel = "FILE",
              description = "Pods and workloads; without it, the pending pods of the cluster.")
          @Nullable Path workload,
      @Parameters(
              paramLabel = "CONFIG",
              arity = "1..*",
              description = "KubeSchedulerConfigurations; default is a scheduler without one.")
          List<String> configurations)
      throws IOException {
    ImportedCluster cluster = options.cluster();
    ImmutableList<KubeObject> pods =
        workload == null
            ? cluster.pendingPods()
            : cluster.workload(workload.toString(), ScenarioSource.text(workload));
    Map<String, Placement> placements = new LinkedHashMap<>();
    for (String configuration : configurations) {
      Path file = configuration.equals("default") ? null : Path.of(configuration);
      placements.put(configuration, Placement.of(options.dryRun(cluster, file, spec), pods));
    }
    if (options.format == RunCommand.Format.JSON) {
      Map<String, Object> all = new LinkedHashMap<>();
      placements.forEach((name, placement) -> all.put(name, tree(placement)));
      return json(fields("pods", pods.size(), "placements", all));
    }
    placements.forEach(this::print);
    return ExitCode.OK;
  }

  private void print(String name, Placement placement) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(name + ":");
    int pending = placement.pending().values().stream().mapToInt(Integer::intValue).sum();
    out.println("  placed " + placement.placed() + ", pending " + pending);
    placement.pending().forEach((why, count) -> out.println("    " + count + ": " + why));
    out.println("  nodes with pods " + placement.usedNodes());
    use(out, "cpu", placement.cpu());
    use(out, "memory", placement.memory());
    out.printf(
        Locale.ROOT,
        "  free cpu where the largest pod does not fit %.1f%%%n",
        placement.fragmentation());
  }

  private static void use(PrintWriter out, String resource, Placement.Use use) {
    out.printf(
        Locale.ROOT,
        "  %s requested: mean %.1f%%, deviation %.1f, fullest node %.1f%%%n",
        resource,
        use.mean(),
        use.deviation(),
        use.max());
  }

  private static Map<String, Object> tree(Placement placement) {
    return fields(
        "placed",
        placement.placed(),
        "pending",
        placement.pending(),
        "usedNodes",
        placement.usedNodes(),
        "cpu",
        tree(placement.cpu()),
        "memory",
        tree(placement.memory()),
        "fragmentation",
        placement.fragmentation());
  }

  private static Map<String, Object> tree(Placement.Use use) {
    return fields("mean", use.mean(), "deviation", use.deviation(), "max", use.max());
  }

  private static Map<String, Object> fields(@Nullable Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        fields.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return fields;
  }

  private int json(Map<String, Object> fields) {
    try {
      spec.commandLine().getOut().println(JSON.writeValueAsString(fields));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return ExitCode.OK;
  }
}
