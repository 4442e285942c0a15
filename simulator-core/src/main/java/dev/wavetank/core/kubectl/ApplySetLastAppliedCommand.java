package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.patch.LastApplied;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl apply set-last-applied}: says that objects were applied with what files hold,
 * without applying it.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_set_last_applied.go (v1.36).
 */
final class ApplySetLastAppliedCommand extends Command {

  private record Change(ResourceInfo info, KubeObject current, Patch patch) {}

  ApplySetLastAppliedCommand() {
    super(
        "set-last-applied",
        "Set the last-applied-configuration annotation on a live object to match the contents of"
            + " a file");
    FileFlags.addTo(flags());
    PrintFlags.addTo(flags());
    DryRun.addFlag(flags());
    flags().bool("create-annotation", "", false, "Also where there is no annotation");
  }

  @Override
  void run(Invocation call) {
    DryRun dryRun = DryRun.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    List<Change> changes = new ArrayList<>();
    call.builder()
        .files(
            call.namespaceGiven(), call.flags().strings("filename"), call.flags().bool("recursive"))
        .build()
        .visit(info -> addChange(call, info, changes));
    for (Change change : changes) {
      KubeObject patched =
          dryRun == DryRun.CLIENT
              ? change.current
              : call.handlers()
                  .patch(change.info.key(), change.patch, Invocation.plainWrite(dryRun));
      teller.tell(patched, "configured");
    }
  }

  private static void addChange(Invocation call, ResourceInfo info, List<Change> changes)
      throws ApiException {
    KubeObject current = call.reader().get(info.key());
    String text = LastApplied.on(info.required()).annotations().string(LastApplied.ANNOTATION, "");
    if (!LastApplied.isOn(current) && !call.flags().bool("create-annotation")) {
      throw CommandException.of(
          "no last-applied-configuration annotation found on resource: "
              + info.name()
              + ", to create the annotation, run the command with --create-annotation");
    }
    if (text.equals(current.annotations().get(LastApplied.ANNOTATION))) {
      call.println("set-last-applied " + info.name() + ": no changes required.");
      return;
    }
    KubeMap patch = KubeMap.EMPTY.withPath(text, "metadata", "annotations", LastApplied.ANNOTATION);
    changes.add(new Change(info, current, Patch.merge(patch)));
  }
}
