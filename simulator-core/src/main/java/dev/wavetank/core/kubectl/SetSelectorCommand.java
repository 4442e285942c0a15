package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.patch.MergePatch;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.kubectl.errors.CommandException;

/**
 * {@code kubectl set selector}: of Services.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/set/set_selector.go (v1.36).
 */
final class SetSelectorCommand extends Command {

  SetSelectorCommand() {
    super("selector", "Set the selector on a resource");
    SetFlags.addTo(flags());
    Recorder.addFlag(flags());
    flags().string("resource-version", "", "", "The version that the object must have");
  }

  @Override
  void run(Invocation call) {
    DryRun dryRun = DryRun.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    if (call.args().isEmpty()) {
      throw CommandException.of("one selector is required");
    }
    int last = call.args().size() - 1;
    KubeMap selector = selector(call.args().get(last));
    SetFlags.find(call, call.args().subList(0, last))
        .visit(
            info -> {
              if (!info.type().equals(ResourceType.SERVICES)) {
                throw CommandException.of("setting a selector is only supported for Services");
              }
              KubeObject before = info.required();
              KubeObject changed = Recorder.record(call, before.with(selector, "spec", "selector"));
              String version = call.flags().string("resource-version");
              KubeMap patch = MergePatch.between(before.root(), changed.root());
              if (!version.isEmpty()) {
                patch = patch.withPath(version, "metadata", "resourceVersion");
              }
              teller.tell(
                  SetFlags.local(call, dryRun)
                      ? changed
                      : call.handlers()
                          .patch(info.key(), Patch.merge(patch), Invocation.plainWrite(dryRun)),
                  "selector updated");
            });
  }

  private static KubeMap selector(String text) {
    KubeMap.Builder labels = KubeMap.builder();
    try {
      for (LabelSelector.Requirement requirement : LabelSelector.parse(text).requirements()) {
        if (requirement.operator() != LabelSelector.Operator.EQUALS
            && requirement.operator() != LabelSelector.Operator.DOUBLE_EQUALS) {
          throw CommandException.of(
              "match expression " + requirement + " not supported on this object");
        }
        labels.put(requirement.key(), requirement.values().get(0));
      }
    } catch (IllegalArgumentException e) {
      throw CommandException.of(
          "couldn't parse the selector string \"" + text + "\": " + e.getMessage());
    }
    return labels.build();
  }
}
