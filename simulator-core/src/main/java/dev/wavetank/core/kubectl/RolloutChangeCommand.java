package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl rollout pause}, {@code resume} and {@code restart}: each is one change of a
 * Deployment's spec.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_pause.go, rollout_resume.go and
 * rollout_restart.go (v1.36).
 */
final class RolloutChangeCommand extends Command {

  private static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  /** What becomes of a Deployment. */
  @FunctionalInterface
  private interface Change {
    /**
     * The changed Deployment.
     *
     * @throws CommandException when it cannot be changed so
     */
    KubeObject of(Invocation call, KubeObject deployment);
  }

  private final String operation;
  private final String unsupported;
  private final Change change;

  private RolloutChangeCommand(
      String name, String summary, String operation, String unsupported, Change change) {
    super(name, summary);
    this.operation = operation;
    this.unsupported = unsupported;
    this.change = change;
    RolloutFlags.addTo(flags());
    PrintFlags.addTo(flags());
  }

  static Command pause() {
    return new RolloutChangeCommand(
        "pause",
        "Mark the provided resource as paused",
        "paused",
        "pausing is not supported",
        (call, deployment) -> {
          if (paused(deployment)) {
            throw CommandException.of("is already paused");
          }
          return deployment.with(true, "spec", "paused");
        });
  }

  static Command resume() {
    return new RolloutChangeCommand(
        "resume",
        "Resume a paused resource",
        "resumed",
        "resuming is not supported",
        (call, deployment) -> {
          if (!paused(deployment)) {
            throw CommandException.of("is not paused");
          }
          return deployment.with(null, "spec", "paused");
        });
  }

  static Command restart() {
    return new RolloutChangeCommand(
        "restart",
        "Restart a resource",
        "restarted",
        "restarting is not supported",
        (call, deployment) -> {
          if (paused(deployment)) {
            throw CommandException.of("can't restart paused deployment (run rollout resume first)");
          }
          return deployment.with(
              Timestamps.seconds(call.now()),
              "spec",
              "template",
              "metadata",
              "annotations",
              RESTARTED_AT);
        });
  }

  private static boolean paused(KubeObject deployment) {
    return deployment.spec().bool("paused", false);
  }

  @Override
  void run(Invocation call) {
    PrintFlags.Teller teller = PrintFlags.teller(call, DryRun.NONE);
    RolloutFlags.requireResource(call);
    List<RuntimeException> errors = new ArrayList<>();
    List<ResourceInfo> infos = RolloutFlags.find(call).infos(errors);
    if (infos.isEmpty() && errors.isEmpty()) {
      RolloutFlags.tellNothingFound(call);
    }
    for (ResourceInfo info : infos) {
      try {
        teller.tell(changed(call, info), operation);
      } catch (CommandException e) {
        errors.add(e);
      }
    }
    CommandException.throwAll(errors);
  }

  private KubeObject changed(Invocation call, ResourceInfo info) {
    KubeObject before = info.required();
    KubeObject after;
    try {
      if (!info.type().equals(ResourceType.DEPLOYMENTS)) {
        throw CommandException.of(unsupported);
      }
      after = change.of(call, before);
    } catch (CommandException e) {
      String group = info.type().group();
      throw CommandException.of(
          "error: "
              + info.type().plural()
              + (group.isEmpty() ? "" : "." + group)
              + " "
              + GoQuote.quote(info.name())
              + " "
              + e.getMessage());
    }
    if (after.equals(before)) {
      throw CommandException.of(
          "failed to create patch for "
              + info.name()
              + ": if restart has already been triggered within the past second, please wait"
              + " before attempting to trigger another");
    }
    return RolloutFlags.patch(call, info, after);
  }
}
