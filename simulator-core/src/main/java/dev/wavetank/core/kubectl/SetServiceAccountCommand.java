package dev.wavetank.core.kubectl;

import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.List;

/**
 * {@code kubectl set serviceaccount}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/set/set_serviceaccount.go (v1.36).
 */
final class SetServiceAccountCommand extends Command {

  SetServiceAccountCommand() {
    super("serviceaccount", "Update the service account of a resource", "sa");
    SetFlags.addTo(flags());
    Recorder.addFlag(flags());
  }

  @Override
  void run(Invocation call) {
    DryRun dryRun = DryRun.of(call);
    SetFlags.local(call, dryRun);
    PodSpecs specs = new PodSpecs(call, dryRun);
    if (call.args().isEmpty()) {
      throw CommandException.of("serviceaccount is required");
    }
    int last = call.args().size() - 1;
    String account = call.args().get(last);
    List<ResourceInfo> infos = SetFlags.find(call, call.args().subList(0, last)).infos();
    specs.change(
        infos,
        "failed to patch ServiceAccountName ",
        "serviceaccount updated",
        (info, podSpec) -> podSpec.with("serviceAccountName", account.isEmpty() ? null : account),
        object -> Recorder.record(call, object));
    specs.throwErrors();
  }
}
