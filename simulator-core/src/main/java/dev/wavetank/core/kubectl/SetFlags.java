package dev.wavetank.core.kubectl;

import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceBuilder;
import dev.wavetank.core.kubectl.resource.ResourceResult;
import java.util.List;

/**
 * The flags of the commands {@code set}, and the objects that they choose.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/set (v1.36).
 */
final class SetFlags {

  private static final String LOCAL_RESOURCE =
      """
      error: you must specify resources by --filename when --local is set.
      Example resource specifications include:
         '-f rsrc.yaml'
         '--filename=rsrc.json'""";

  private SetFlags() {}

  static void addTo(FlagSet flags) {
    PrintFlags.addTo(flags);
    FileFlags.addTo(flags);
    DryRun.addFlag(flags);
    flags
        .bool("all", "", false, "Every object of the types")
        .bool("local", "", false, "Only print what the files would become")
        .string("selector", "l", "", "Selector by labels")
        .string("field-manager", "", "kubectl-set", "Has no effect");
  }

  /** Whether nothing is sent to the server. */
  static boolean local(Invocation call, DryRun dryRun) {
    boolean local = call.flags().bool("local");
    if (local && dryRun == DryRun.SERVER) {
      throw CommandException.of(
          "cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
    }
    return local || dryRun == DryRun.CLIENT;
  }

  static void requireOneSelection(Invocation call) {
    if (call.flags().bool("all") && !call.flags().string("selector").isEmpty()) {
      throw CommandException.of("cannot set --all and --selector at the same time");
    }
  }

  /** The objects of files and of these arguments. */
  static ResourceResult find(Invocation call, List<String> resources) {
    Flags flags = call.flags();
    boolean local = flags.bool("local");
    if (local && !resources.isEmpty()) {
      throw CommandException.of(LOCAL_RESOURCE);
    }
    ResourceBuilder builder =
        call.builder()
            .local(local)
            .continueOnError()
            .files(call.namespaceGiven(), flags.strings("filename"), flags.bool("recursive"));
    if (!local) {
      builder.labels(flags.string("selector")).args(flags.bool("all"), resources).latest();
    }
    return builder.build();
  }
}
