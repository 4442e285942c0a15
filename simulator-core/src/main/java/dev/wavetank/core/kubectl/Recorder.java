package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.flags.Flags;

/**
 * The flag {@code --record}: it keeps the command line in the annotation of change causes.
 *
 * <p>Follows staging/src/k8s.io/cli-runtime/pkg/genericclioptions/record_flags.go (v1.36).
 */
final class Recorder {

  private static final String CHANGE_CAUSE = "kubernetes.io/change-cause";

  private Recorder() {}

  static void addFlag(FlagSet flags) {
    flags.deprecatedBool(
        "record", "--record will be removed in the future", "Keep the command as change cause");
  }

  /** The object with this command as its change cause, if that is asked for. */
  static KubeObject record(Invocation call, KubeObject object) {
    return call.flags().bool("record")
        ? object.with(commandLine(call), "metadata", "annotations", CHANGE_CAUSE)
        : object;
  }

  /** Keeps this command as the change cause of an object, if that is asked for. */
  static void patch(Invocation call, ObjectKey key) {
    if (call.flags().bool("record")) {
      KubeMap annotations = KubeMap.of(CHANGE_CAUSE, commandLine(call));
      KubeMap change = KubeMap.of("metadata", KubeMap.of("annotations", annotations));
      call.handlers().patch(key, Patch.merge(change), Invocation.plainWrite(DryRun.NONE));
    }
  }

  private static String commandLine(Invocation call) {
    StringBuilder line = new StringBuilder(call.path());
    call.args().forEach(word -> line.append(' ').append(word));
    for (Flags.Given given : call.flags().given()) {
      line.append(" --").append(given.flag().name()).append('=').append(given.value());
    }
    return line.toString();
  }
}
