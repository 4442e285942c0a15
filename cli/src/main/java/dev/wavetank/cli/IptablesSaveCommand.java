package dev.wavetank.cli;

import com.google.common.collect.ImmutableListMultimap;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wavetank iptables-save}: the rules of a node of a served cluster. */
@Command(
    name = "iptables-save",
    description = "Prints the rules of a node of a served cluster, as iptables-save does.",
    mixinStandardHelpOptions = true)
final class IptablesSaveCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NODE", description = "The node.")
  private String node = "";

  @Mixin private ClusterClient cluster = new ClusterClient();

  @Override
  public Integer call() throws IOException, InterruptedException {
    return cluster.print(
        spec.commandLine(), "iptables-save", ImmutableListMultimap.of("node", node));
  }
}
