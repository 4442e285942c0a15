package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl drain}: marks nodes and evicts their pods, or deletes them with {@code
 * --disable-eviction}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go and pkg/drain/drain.go (v1.36).
 */
final class DrainCommand extends Command {

  DrainCommand() {
    super("drain", "Drain node in preparation for maintenance");
    NodeSelection.addFlags(flags());
    flags()
        .bool("force", "", false, "Also pods that declare no controller")
        .bool("ignore-daemonsets", "", false, "Leave the pods of DaemonSets")
        .bool("delete-emptydir-data", "", false, "Also pods with emptyDir volumes")
        .integer("grace-period", -1, "Seconds given to end; negative for the pod's own")
        .duration("timeout", "0s", "How long to wait; zero for as long as it takes")
        .string("pod-selector", "", "", "Only pods that these labels select")
        .bool("disable-eviction", "", false, "Delete the pods")
        .integer(
            "skip-wait-for-delete-timeout", 0, "Pods that are being deleted for so long are left")
        .integer("chunk-size", 500, "Has no effect");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    DryRun dryRun = DryRun.of(call);
    try {
      LabelSelector.parse(flags.string("pod-selector"));
    } catch (IllegalArgumentException e) {
      throw CommandException.of("--pod-selector=<pod_selector> must be a valid label selector");
    }
    List<ResourceInfo> nodes = NodeSelection.find(call, "drain NODE");
    NodeSelection.mark(call, nodes, true, dryRun);
    List<RuntimeException> fatal = new ArrayList<>();
    List<String> pending = new ArrayList<>();
    for (ResourceInfo node : nodes) {
      try {
        drain(call, node.name(), dryRun);
        call.report(node.required(), "drained" + dryRun.suffix());
      } catch (ApiException | CommandException e) {
        call.printError(
            "error: unable to drain node "
                + GoQuote.quote(node.name())
                + " due to error: "
                + ErrorText.bare(e)
                + ", continuing command...\n");
        fatal.add(e);
        pending.add(node.name());
      }
    }
    if (!pending.isEmpty()) {
      call.printError("There are pending nodes to be drained:\n");
      pending.forEach(name -> call.printError(" " + name + "\n"));
    }
    CommandException.throwAll(fatal);
  }

  private static void drain(Invocation call, String node, DryRun dryRun) {
    DrainedPods pods = DrainedPods.on(call, node);
    pods.throwErrors();
    String warnings = pods.warnings();
    if (!warnings.isEmpty()) {
      call.printError("Warning: " + warnings + "\n");
    }
    if (dryRun == DryRun.CLIENT) {
      for (KubeObject pod : pods.removed()) {
        call.println("evicting pod " + pod.namespace() + "/" + pod.name() + " (dry run)");
      }
      return;
    }
    if (pods.removed().isEmpty()) {
      return;
    }
    try {
      if (call.flags().bool("disable-eviction")) {
        delete(call, pods.removed(), dryRun);
      } else {
        new PodEvictions(call, dryRun).evict(pods.removed());
      }
    } catch (ApiException | CommandException e) {
      reportPending(call, node, e);
      throw e;
    }
  }

  private static void reportPending(Invocation call, String node, RuntimeException error) {
    List<KubeObject> pending = DrainedPods.on(call, node).removed();
    if (!pending.isEmpty()) {
      call.printError(
          "There are pending pods in node "
              + GoQuote.quote(node)
              + " when an error occurred: "
              + ErrorText.bare(error)
              + "\n");
      pending.forEach(pod -> call.printError("pod/" + pod.name() + "\n"));
    }
  }

  /** How a pod of the node is to be deleted, by whichever way. */
  static DeleteOptions options(Invocation call) {
    return DeleteOptions.grace(Math.max(call.flags().number("grace-period"), -1));
  }

  private static void delete(Invocation call, List<KubeObject> pods, DryRun dryRun) {
    Flags flags = call.flags();
    DeleteOptions options = options(call);
    for (KubeObject pod : pods) {
      try {
        call.handlers().delete(pod.key(ResourceType.PODS), options, dryRun == DryRun.SERVER);
      } catch (ApiException e) {
        if (!e.notFound()) {
          throw e;
        }
      }
    }
    if (dryRun == DryRun.SERVER) {
      return;
    }
    List<KubeObject> pending = new ArrayList<>(pods);
    long timeout = flags.nanos("timeout");
    boolean gone =
        call.waitFor(
            () -> {
              pending.removeIf(pod -> finished(call, pod, "deleted"));
              return pending.isEmpty();
            },
            timeout == 0 ? Invocation.WEEK_NANOS : timeout);
    if (!gone) {
      throw CommandException.of("context deadline exceeded");
    }
  }

  /**
   * Whether there is no more to wait for: the pod is gone, or left alone.
   *
   * @param how it went, in kubectl's words
   */
  static boolean finished(Invocation call, KubeObject pod, String how) {
    ObjectKey key = pod.key(ResourceType.PODS);
    KubeObject found = call.server().find(key);
    if (found == null || !found.uid().equals(pod.uid())) {
      call.report(pod, how);
      return true;
    }
    if (DrainedPods.deletedTooLong(call, found)) {
      call.print(
          "pod "
              + GoQuote.quote(pod.name())
              + " has DeletionTimestamp older than "
              + call.flags().number("skip-wait-for-delete-timeout")
              + " seconds, skipping\n");
      return true;
    }
    return false;
  }
}
