package dev.wavetank.core.kubectl;

import dev.wavetank.core.apiserver.patch.LastApplied;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;

/**
 * {@code kubectl rollout undo}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_undo.go (v1.36).
 */
final class RolloutUndoCommand extends Command {

  RolloutUndoCommand() {
    super("undo", "Undo a previous rollout");
    FileFlags.addTo(flags());
    PrintFlags.addTo(flags());
    DryRun.addFlag(flags());
    flags()
        .string("selector", "l", "", "Selector by labels")
        .integer("to-revision", 0, "The revision to go back to; 0 for the one before");
  }

  @Override
  void run(Invocation call) {
    DryRun dryRun = DryRun.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    RolloutFlags.requireResource(call);
    RolloutFlags.find(call).visit(info -> teller.tell(info.required(), undo(call, info, dryRun)));
  }

  private static String undo(Invocation call, ResourceInfo info, DryRun dryRun) {
    Flags flags = call.flags();
    if (LastApplied.isOn(info.required())) {
      call.printError(
          "Warning: resource "
              + info.objectName()
              + " was previously managed with 'kubectl apply'. Rolling back will not update the "
              + LastApplied.ANNOTATION
              + " annotation, which may cause unexpected behavior on future 'kubectl apply'"
              + " operations. Consider using 'kubectl apply' with your previous configuration"
              + " file instead.\n");
    }
    RolloutFlags.requireDeployment(info, "rollbacker");
    Answer answer =
        RolloutUndo.undo(
            call.server(), info.namespace(), info.name(), flags.number("to-revision"), dryRun);
    if (answer.failed()) {
      throw CommandException.of(answer.text());
    }
    return answer.text();
  }
}
