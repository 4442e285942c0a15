package dev.wavetank.cli;

import com.google.common.collect.ImmutableListMultimap;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code wavetank events}: the events of a served cluster, as {@code kubectl events} prints them.
 */
@Command(
    name = "events",
    description = "Lists the events of a served cluster, as kubectl events does.",
    mixinStandardHelpOptions = true)
final class EventsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "The events of all namespaces.")
  private boolean allNamespaces;

  @Option(
      names = "--for",
      paramLabel = "TYPE/NAME",
      description = "Only the events about that object.")
  private String about = "";

  @Option(
      names = "--types",
      paramLabel = "TYPES",
      description = "Only events of these types: Normal, Warning.")
  private String types = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "Output format, as of kubectl: json, yaml, name, jsonpath=...")
  private String output = "";

  @Option(names = "--no-headers", description = "No line with the names of the columns.")
  private boolean noHeaders;

  @Mixin private ClusterClient cluster = new ClusterClient();

  @Override
  public Integer call() throws IOException, InterruptedException {
    ImmutableListMultimap.Builder<String, String> query = ImmutableListMultimap.builder();
    query.put("namespace", namespace.of(cluster));
    query.put("argument", "--all-namespaces=" + allNamespaces);
    query.put("argument", "--no-headers=" + noHeaders);
    put(query, "--for", about);
    put(query, "--types", types);
    put(query, "--output", output);
    return cluster.print(spec.commandLine(), "events", query.build());
  }

  private static void put(
      ImmutableListMultimap.Builder<String, String> query, String flag, String value) {
    if (!value.isEmpty()) {
      query.put("argument", flag + "=" + value);
    }
  }
}
