package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.resource.ResourceBuilder;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.List;

/**
 * The nodes that {@code cordon}, {@code uncordon} and {@code drain} are told, and their mark that
 * no pod may come.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go and pkg/drain/cordon.go (v1.36).
 */
final class NodeSelection {

  private NodeSelection() {}

  static void addFlags(FlagSet flags) {
    DryRun.addFlag(flags);
    flags.string("selector", "l", "", "Selector by labels");
  }

  /**
   * The nodes.
   *
   * @param usage how an error names the command's use
   */
  static List<ResourceInfo> find(Invocation call, String usage) {
    String selector = call.flags().string("selector");
    if (call.args().isEmpty() && !call.flags().changed("selector")) {
      throw call.usage("USAGE: " + usage + " [flags]");
    }
    if (!call.args().isEmpty() && !selector.isEmpty()) {
      throw call.usage("error: cannot specify both a node name and a --selector option");
    }
    ResourceBuilder builder = call.builder().singleResourceType();
    if (selector.isEmpty()) {
      builder.names("nodes", call.args());
    } else {
      builder.labels(selector).args(false, List.of("nodes"));
    }
    List<ResourceInfo> infos = builder.build().infos();
    for (ResourceInfo info : infos) {
      if (!info.type().equals(ResourceType.NODES)) {
        throw CommandException.of(
            "expected resource of type node, got "
                + GoQuote.quote(
                    info.type().group()
                        + "/"
                        + info.type().version()
                        + ", Resource="
                        + info.type().plural()));
      }
    }
    return infos;
  }

  /** Marks nodes, or takes the mark away, and tells it. */
  static void mark(
      Invocation call, List<ResourceInfo> nodes, boolean unschedulable, DryRun dryRun) {
    String word = unschedulable ? "cordon" : "uncordon";
    for (ResourceInfo info : nodes) {
      KubeObject node = info.required();
      if (node.spec().bool("unschedulable", false) == unschedulable) {
        call.report(node, "already " + word + "ed" + dryRun.suffix());
        continue;
      }
      try {
        if (dryRun != DryRun.CLIENT) {
          KubeMap spec = unschedulable ? KubeMap.of("unschedulable", true) : removed();
          call.handlers()
              .patch(
                  info.key(),
                  Patch.strategic(KubeMap.of("spec", spec)),
                  Invocation.plainWrite(dryRun));
        }
        call.report(node, word + "ed" + dryRun.suffix());
      } catch (ApiException e) {
        call.printError(
            "error: unable to "
                + word
                + " node "
                + GoQuote.quote(info.name())
                + ": "
                + ErrorText.bare(e)
                + "\n");
      }
    }
  }

  private static KubeMap removed() {
    return KubeMap.of("unschedulable", KubeNull.NULL);
  }
}
