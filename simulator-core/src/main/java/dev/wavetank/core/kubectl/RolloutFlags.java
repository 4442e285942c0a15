package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.StrategicMergePatch;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import dev.wavetank.core.kubectl.resource.ResourceResult;

/**
 * The flags of the commands {@code rollout}, and the objects that they choose.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/rollout (v1.36).
 */
final class RolloutFlags {

  private RolloutFlags() {}

  static void addTo(FlagSet flags) {
    FileFlags.addTo(flags);
    flags
        .string("selector", "l", "", "Selector by labels")
        .string("field-manager", "", "kubectl-rollout", "Has no effect");
  }

  /** Refuses a command without objects. */
  static void requireResource(Invocation call) {
    if (call.args().isEmpty() && call.flags().strings("filename").isEmpty()) {
      throw CommandException.of("required resource not specified");
    }
  }

  static ResourceResult find(Invocation call) {
    Flags flags = call.flags();
    return call.builder()
        .labels(flags.string("selector"))
        .files(call.namespaceGiven(), flags.strings("filename"), flags.bool("recursive"))
        .args(true, call.args())
        .continueOnError()
        .latest()
        .build();
  }

  static void tellNothingFound(Invocation call) {
    call.printError("No resources found in " + call.namespace() + " namespace.\n");
  }

  /**
   * Refuses an object that is no Deployment.
   *
   * @param missing what upstream has none of, such as {@code history viewer}
   */
  static void requireDeployment(ResourceInfo info, String missing) {
    if (!info.type().equals(ResourceType.DEPLOYMENTS)) {
      String group = info.type().group();
      throw CommandException.of(
          "no "
              + missing
              + " has been implemented for "
              + GoQuote.quote(info.type().kind() + (group.isEmpty() ? "" : "." + group)));
    }
  }

  /** Brings an object to another version of it by a strategic merge patch. */
  static KubeObject patch(Invocation call, ResourceInfo info, KubeObject changed) {
    SchemaType schema = Schema.builtIn().kindOf(info.type());
    if (schema == null) {
      return info.required();
    }
    try {
      Patch patch =
          Patch.strategic(
              StrategicMergePatch.between(schema, info.required().root(), changed.root()));
      return call.handlers().patch(info.key(), patch, Invocation.plainWrite(DryRun.NONE));
    } catch (ApiException e) {
      throw CommandException.of("failed to patch: " + ErrorText.bare(e));
    }
  }
}
