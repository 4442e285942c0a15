package dev.wavetank.cli;

import java.io.IOException;
import picocli.CommandLine.Option;

/** The flag {@code -n}, as kubectl has it. */
final class NamespaceOption {

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Namespace of what is named without one. Default: the kubeconfig's.")
  private String namespace = "";

  /** The namespace that is meant. */
  String of(ClusterClient cluster) throws IOException {
    return namespace.isEmpty() ? cluster.namespace() : namespace;
  }
}
