package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.apiserver.endpoints.VersionInfo;
import dev.wavetank.core.kubectl.errors.CommandException;

/**
 * {@code kubectl version}: kubectl and the API server are of one version here.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/version/version.go (v1.36).
 */
final class VersionCommand extends Command {

  private static final String KUSTOMIZE_VERSION = "v5.8.1";

  VersionCommand() {
    super("version", "Print the client and server version information");
    flags()
        .bool("client", "", false, "Only the client's version")
        .string("output", "o", "", "yaml or json");
  }

  @Override
  void run(Invocation call) {
    boolean client = call.flags().bool("client");
    if (!call.args().isEmpty() && !client) {
      throw CommandException.of("extra arguments: [" + String.join(" ", call.args()) + "]");
    }
    switch (call.flags().string("output")) {
      case "" -> {
        call.println("Client Version: " + VersionInfo.GIT_VERSION);
        call.println("Kustomize Version: " + KUSTOMIZE_VERSION);
        if (!client) {
          call.println("Server Version: " + VersionInfo.GIT_VERSION);
        }
      }
      case "yaml" -> call.println(Manifests.toYaml(versions(client)));
      case "json" -> call.println(GoText.jsonOfStructIndented(versions(client)));
      default -> throw CommandException.of("--output must be 'yaml' or 'json'");
    }
  }

  private static KubeMap versions(boolean clientOnly) {
    KubeMap.Builder versions =
        KubeMap.builder()
            .put("clientVersion", VersionInfo.ofClient())
            .put("kustomizeVersion", KUSTOMIZE_VERSION);
    return versions.put("serverVersion", clientOnly ? null : VersionInfo.ofServer()).build();
  }
}
