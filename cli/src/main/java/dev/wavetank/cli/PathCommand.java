package dev.wavetank.cli;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.net.HostAndPort;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code wavetank path}: each step of a connection's way through a served cluster. */
@Command(
    name = "path",
    description = "Connects once in a served cluster and tells each step of the way.",
    mixinStandardHelpOptions = true)
final class PathCommand implements Callable<Integer> {

  private static final int PORT_DEFAULT = 80;

  @Spec private CommandSpec spec;

  @Mixin private FromOption from = new FromOption();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "NAME:PORT",
      description = "Where to: a name or an address, and a port. Default of the port: 80.")
  private String to = "";

  @Mixin private ClusterClient cluster = new ClusterClient();

  @Override
  public Integer call() throws IOException, InterruptedException {
    HostAndPort target = target();
    return cluster.print(
        spec.commandLine(),
        "path",
        ImmutableListMultimap.of(
            "from",
            from.client(spec.commandLine(), cluster),
            "host",
            target.getHost(),
            "port",
            String.valueOf(target.getPort())));
  }

  private HostAndPort target() {
    String expected = "--to: expected HOST:PORT, such as web:80";
    try {
      HostAndPort target = HostAndPort.fromString(to).withDefaultPort(PORT_DEFAULT);
      if (target.getHost().isEmpty() || target.getPort() == 0) {
        throw new ParameterException(spec.commandLine(), expected);
      }
      return target;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), expected, e);
    }
  }
}
