package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.apiserver.patch.LastApplied;
import dev.wavetank.core.apiserver.patch.PatchException;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl apply view-last-applied}: the configurations that objects were last applied with.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_view_last_applied.go (v1.36).
 */
final class ApplyViewLastAppliedCommand extends Command {

  ApplyViewLastAppliedCommand() {
    super(
        "view-last-applied",
        "View the latest last-applied-configuration annotations of a resource/object");
    FileFlags.addTo(flags());
    flags()
        .string("output", "o", "yaml", "yaml or json")
        .string("selector", "l", "", "Selector by labels")
        .bool("all", "", false, "Every object of the types");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    List<KubeMap> found = new ArrayList<>();
    call.builder()
        .files(call.namespaceGiven(), flags.strings("filename"), flags.bool("recursive"))
        .args(call.namespaceGiven(), call.args())
        .all(flags.bool("all"))
        .labels(flags.string("selector"))
        .latest()
        .build()
        .visit(info -> found.add(configuration(info.required())));
    for (KubeMap configuration : found) {
      switch (flags.string("output")) {
        case "yaml" -> call.print(Manifests.toYaml(configuration));
        case "json" -> call.println(GoText.jsonOfStructIndented(configuration));
        default ->
            throw call.usage(
                "Unexpected -o output mode: "
                    + flags.string("output")
                    + ", the flag 'output' must be one of yaml|json");
      }
    }
  }

  private static KubeMap configuration(KubeObject object) {
    try {
      KubeMap configuration = LastApplied.of(object);
      if (configuration.isEmpty()) {
        throw CommandException.of(
            "no last-applied-configuration annotation found on resource: " + object.name() + "\n");
      }
      return configuration;
    } catch (PatchException e) {
      throw CommandException.of(String.valueOf(e.getMessage()));
    }
  }
}
