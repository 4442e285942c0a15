package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pods of a node as {@code drain} judges them: to be removed, left where they are, or a reason
 * not to drain.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/drain/filters.go (v1.36).
 */
final class DrainedPods {

  private static final String MIRROR = "kubernetes.io/config.mirror";

  private final Flags flags;
  private final List<KubeObject> removed = new ArrayList<>();
  private final Map<String, List<String>> warnings = new LinkedHashMap<>();
  private final Map<String, List<String>> errors = new LinkedHashMap<>();

  private DrainedPods(Flags flags) {
    this.flags = flags;
  }

  static DrainedPods on(Invocation call, String node) {
    DrainedPods pods = new DrainedPods(call.flags());
    for (KubeObject pod :
        call.reader()
            .list(
                ResourceType.PODS,
                null,
                call.flags().string("pod-selector"),
                "spec.nodeName=" + node)) {
      pods.judge(call, pod);
    }
    return pods;
  }

  private void judge(Invocation call, KubeObject pod) {
    if (deletedTooLong(call, pod) || pod.annotations().has(MIRROR)) {
      return;
    }
    String phase = pod.status().string("phase", "");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      removed.add(pod);
      return;
    }
    KubeMap controller = pod.controllerRef();
    if (controller != null && ofDaemonSet(controller)) {
      judgeDaemonSetPod(call, pod, controller.string("name", ""));
    } else {
      judgeOther(pod, controller != null);
    }
  }

  private void judgeDaemonSetPod(Invocation call, KubeObject pod, String name) {
    ResourceType type = call.mapper().typeOf("apps/v1", "DaemonSet");
    boolean exists =
        type != null && call.server().find(ObjectKey.of(type, pod.namespace(), name)) != null;
    if (exists && flags.bool("ignore-daemonsets")) {
      add(warnings, "ignoring DaemonSet-managed Pods", pod);
    } else if (exists) {
      add(errors, "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)", pod);
    } else if (flags.bool("force")) {
      judgeOther(pod, true);
    } else {
      add(errors, "daemonsets.apps \"" + name + "\" not found", pod);
    }
  }

  private void judgeOther(KubeObject pod, boolean controlled) {
    if (hasLocalStorage(pod) && !flags.bool("delete-emptydir-data")) {
      add(errors, "Pods with local storage (use --delete-emptydir-data to override)", pod);
    } else if (controlled) {
      removed.add(pod);
    } else if (flags.bool("force")) {
      removed.add(pod);
      add(warnings, "deleting Pods that declare no controller", pod);
    } else {
      add(errors, "Pods that declare no controller (use --force to override)", pod);
    }
  }

  private static void add(Map<String, List<String>> messages, String message, KubeObject pod) {
    messages
        .computeIfAbsent(message, any -> new ArrayList<>())
        .add(pod.namespace() + "/" + pod.name());
  }

  private static boolean ofDaemonSet(KubeMap controller) {
    return "DaemonSet".equals(controller.get("kind"))
        && "apps/v1".equals(controller.get("apiVersion"));
  }

  private static boolean hasLocalStorage(KubeObject pod) {
    for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
      if (volume.has("emptyDir")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a pod is being deleted for longer than the flag lets the command wait. */
  static boolean deletedTooLong(Invocation call, KubeObject pod) {
    long secondsMax = call.flags().number("skip-wait-for-delete-timeout");
    Instant deleted = Timestamps.parse(pod.deletionTimestamp());
    return secondsMax > 0
        && deleted != null
        && Duration.between(deleted, call.now()).toSeconds() > secondsMax;
  }

  /** The pods that are to be removed. */
  List<KubeObject> removed() {
    return removed;
  }

  /** What is done although somebody may not expect it; empty for nothing. */
  String warnings() {
    return String.join("; ", texts(warnings, ""));
  }

  /** Throws when there are pods that must not be removed. */
  void throwErrors() {
    List<CommandException> all = new ArrayList<>();
    texts(errors, "cannot delete ").forEach(text -> all.add(CommandException.of(text)));
    CommandException.throwAll(all);
  }

  private static List<String> texts(Map<String, List<String>> messages, String prefix) {
    List<String> texts = new ArrayList<>();
    messages.forEach(
        (message, pods) -> texts.add(prefix + message + ": " + String.join(", ", pods)));
    return texts;
  }
}
