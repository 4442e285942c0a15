package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.kubectl.describe.Describer;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.printers.ObjectPrinter;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl rollout history}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_history.go (v1.36).
 */
final class RolloutHistoryCommand extends Command {

  RolloutHistoryCommand() {
    super("history", "View rollout history");
    FileFlags.addTo(flags());
    PrintFlags.addTo(flags());
    flags()
        .string("selector", "l", "", "Selector by labels")
        .integer("revision", 0, "The revision whose pod template is shown");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    long revision = flags.number("revision");
    RolloutFlags.requireResource(call);
    if (revision < 0) {
      throw CommandException.of("revision must be a positive integer: " + revision);
    }
    ObjectPrinter printer = PrintFlags.printer(call);
    RolloutFlags.find(call)
        .visit(
            info -> {
              RolloutFlags.requireDeployment(info, "history viewer");
              if (printer == null) {
                call.report(info.required(), history(call, info, revision));
              } else {
                print(call, info, revision, printer);
              }
            });
  }

  private static String history(Invocation call, ResourceInfo info, long revision) {
    KubeObject deployment = info.required();
    if (revision == 0) {
      return "\n" + RolloutHistory.table(call.server(), deployment);
    }
    if (RolloutHistory.revisions(call.server(), deployment).isEmpty()) {
      return "with revision #" + revision + "\nNo rollout history found.";
    }
    KubeMap template = RolloutHistory.template(call.server(), deployment, revision);
    if (template == null) {
      throw CommandException.of("unable to find the specified revision");
    }
    return "with revision #" + revision + "\n" + Describer.podTemplate(template);
  }

  private static void print(
      Invocation call, ResourceInfo info, long revision, ObjectPrinter printer) {
    Map<Long, KubeObject> revisions = RolloutHistory.revisions(call.server(), info.required());
    if (revision == 0) {
      revisions.values().forEach(replicaSet -> call.print(printer.print(replicaSet)));
      return;
    }
    @Nullable KubeObject replicaSet = revisions.get(revision);
    if (replicaSet == null) {
      throw CommandException.of("unable to find the specified revision");
    }
    call.print(printer.print(replicaSet));
  }
}
