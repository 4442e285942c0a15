package dev.wavetank.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableListMultimap;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code wavetank clock}: the virtual time of a served cluster. */
@Command(
    name = "clock",
    description = "Prints the virtual time of a served cluster, and lets time pass.",
    mixinStandardHelpOptions = true)
final class ClockCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ClusterClient cluster = new ClusterClient();

  @Option(
      names = "--advance",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Lets that much virtual time pass, such as 30s.")
  private @Nullable Duration advance;

  @Option(
      names = "--settle",
      description = "Lets time pass until nothing changes for a second, within a minute.")
  private boolean settle;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long nanos = advance == null ? 0 : advance.toNanos();
    long quiet = settle ? Duration.ofSeconds(1).toNanos() : 0;
    JsonNode body =
        cluster.ask(
            "POST",
            "clock",
            ImmutableListMultimap.of(
                "advance", String.valueOf(nanos), "settle", String.valueOf(quiet)));
    spec.commandLine().getOut().println(body.path("now").asText());
    return ExitCode.OK;
  }
}
