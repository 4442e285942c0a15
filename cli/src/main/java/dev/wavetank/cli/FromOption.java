package dev.wavetank.cli;

import dev.wavetank.scenarios.cluster.Cluster;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flag {@code --from}: who asks. */
final class FromOption {

  private static final String POD = "pod/";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "POD",
      description = "Who asks: POD, pod/POD, pod/NAMESPACE/POD, node/NODE or outside.")
  private String from = "";

  @Mixin private NamespaceOption namespace = new NamespaceOption();

  /**
   * The client, with its namespace.
   *
   * @throws ParameterException when the text names none
   */
  String client(CommandLine command, ClusterClient cluster) throws IOException {
    String reference = from.indexOf('/') < 0 && !from.equals("outside") ? POD + from : from;
    try {
      Cluster.checkClient(reference);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, "--from: " + e.getMessage());
    }
    boolean bare = reference.startsWith(POD) && reference.indexOf('/', POD.length()) < 0;
    return bare ? POD + namespace.of(cluster) + "/" + reference.substring(POD.length()) : reference;
  }
}
