package dev.wavetank.cli;

import com.google.common.collect.ImmutableListMultimap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code wavetank dig}: what a program dig prints in a served cluster. */
@Command(
    name = "dig",
    customSynopsis =
        "Usage: wavetank dig NAME [ARGUMENT...] --from POD [-n NAMESPACE] [--kubeconfig FILE]",
    description = "Runs dig in a served cluster, with all of dig's own arguments.",
    mixinStandardHelpOptions = true)
final class DigCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private FromOption from = new FromOption();

  @Mixin private ClusterClient cluster = new ClusterClient();

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    ImmutableListMultimap.Builder<String, String> query = ImmutableListMultimap.builder();
    query.put("from", from.client(spec.commandLine(), cluster));
    query.putAll("argument", arguments);
    return cluster.print(spec.commandLine(), "dig", query.build());
  }
}
