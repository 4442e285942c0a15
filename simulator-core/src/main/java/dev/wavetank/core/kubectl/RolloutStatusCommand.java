package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;

/**
 * {@code kubectl rollout status}: tells how far a rollout is at each change of its Deployment,
 * until it is done.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_status.go (v1.36).
 */
final class RolloutStatusCommand extends Command {

  RolloutStatusCommand() {
    super("status", "Show the status of the rollout");
    FileFlags.addTo(flags());
    flags()
        .string("selector", "l", "", "Selector by labels")
        .bool("watch", "w", true, "Go on until the rollout is done")
        .integer("revision", 0, "The revision that must roll out; 0 for whichever does")
        .duration("timeout", "0s", "How long; zero for as long as it takes");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    RolloutFlags.requireResource(call);
    if (flags.number("revision") < 0) {
      throw CommandException.of("revision must be a positive integer: " + flags.number("revision"));
    }
    int[] found = {0};
    RolloutFlags.find(call)
        .visit(
            info -> {
              found[0]++;
              follow(call, info);
            });
    if (found[0] == 0) {
      RolloutFlags.tellNothingFound(call);
    }
  }

  private static void follow(Invocation call, ResourceInfo info) {
    if (!info.type().equals(ResourceType.DEPLOYMENTS)) {
      String group = info.type().group();
      throw CommandException.of(
          "no status viewer has been implemented for "
              + info.type().kind()
              + (group.isEmpty() ? "" : "." + group));
    }
    Flags flags = call.flags();
    boolean watch = flags.bool("watch");
    long revision = flags.number("revision");
    long timeout = flags.nanos("timeout");
    boolean done =
        new Waiting(call, timeout == 0 ? Invocation.WEEK_NANOS : timeout)
            .until(
                info.key(),
                deployment -> {
                  if (deployment == null) {
                    throw CommandException.of("object has been deleted");
                  }
                  Answer answer = RolloutStatus.of(deployment, revision);
                  if (answer.failed()) {
                    throw CommandException.of(answer.text());
                  }
                  call.print(answer.text());
                  return answer.done() || !watch;
                });
    if (!done) {
      throw CommandException.of(Waiting.TIMED_OUT);
    }
  }
}
