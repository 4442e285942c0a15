package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.List;

/**
 * Evicts pods and waits until they are gone. A pod whose budget allows no disruption is asked for
 * again every five seconds. kubectl asks for all pods at once, in no particular order; here they
 * take turns in the order given.
 *
 * <p>Follows {@code evictPods} of staging/src/k8s.io/kubectl/pkg/drain/drain.go (v1.36).
 */
final class PodEvictions {

  private static final long RETRY_NANOS = 5_000_000_000L;

  /** A pod on its way out. */
  private static final class Turn {
    private final KubeObject pod;
    private long dueNanos;
    private boolean evicted;

    Turn(KubeObject pod, long dueNanos) {
      this.pod = pod;
      this.dueNanos = dueNanos;
    }
  }

  private final Invocation call;
  private final DryRun dryRun;
  private final long deadlineNanos;
  private final String timeoutText;
  private final List<Turn> turns = new ArrayList<>();
  private final List<RuntimeException> errors = new ArrayList<>();

  PodEvictions(Invocation call, DryRun dryRun) {
    this.call = call;
    this.dryRun = dryRun;
    long timeout = call.flags().nanos("timeout");
    this.deadlineNanos = now() + (timeout == 0 ? Invocation.WEEK_NANOS : timeout);
    this.timeoutText = "global timeout reached: " + call.flags().string("timeout");
  }

  private long now() {
    return call.server().simulation().now();
  }

  /**
   * Evicts the pods.
   *
   * @throws CommandException with all that went wrong, when all is over
   */
  void evict(List<KubeObject> pods) {
    pods.forEach(pod -> turns.add(new Turn(pod, now())));
    while (!turns.isEmpty()) {
      turns.removeIf(this::take);
      if (!turns.isEmpty()) {
        call.waitFor(this::takeGone, next() - now());
      }
    }
    CommandException.throwAll(errors);
  }

  /** When something is to be done although no pod went. */
  private long next() {
    long next = Long.MAX_VALUE;
    for (Turn turn : turns) {
      next = Math.min(next, turn.evicted ? deadlineNanos : turn.dueNanos);
    }
    return next;
  }

  /** Takes the pods off whose eviction is over. Returns whether there were any. */
  private boolean takeGone() {
    return turns.removeIf(turn -> turn.evicted && DrainCommand.finished(call, turn.pod, "evicted"));
  }

  /** Goes on with a pod as far as it goes now. Returns whether that is all. */
  private boolean take(Turn turn) {
    if (turn.evicted) {
      if (now() < deadlineNanos) {
        return false;
      }
      errors.add(
          CommandException.of(
              "error when waiting for pod "
                  + GoQuote.quote(turn.pod.name())
                  + " in namespace "
                  + GoQuote.quote(turn.pod.namespace())
                  + " to terminate: "
                  + timeoutText));
      return true;
    }
    return turn.dueNanos <= now() && attempt(turn);
  }

  private boolean attempt(Turn turn) {
    KubeObject pod = turn.pod;
    ObjectKey key = pod.key(ResourceType.PODS);
    call.println("evicting pod " + pod.namespace() + "/" + pod.name() + dryRun.suffix());
    if (now() >= deadlineNanos) {
      errors.add(failed(pod, timeoutText));
      return true;
    }
    try {
      call.handlers().evict(key, DrainCommand.options(call), dryRun == DryRun.SERVER);
    } catch (ApiException e) {
      return refused(turn, e);
    }
    turn.evicted = true;
    return dryRun == DryRun.SERVER;
  }

  private boolean refused(Turn turn, ApiException refusal) {
    if (refusal.notFound()) {
      return true;
    }
    if (refusal.status().code() != 429) {
      errors.add(failed(turn.pod, refusal.status().message()));
      return true;
    }
    call.printError(
        error(turn.pod) + " (will retry after 5s): " + refusal.status().message() + "\n");
    turn.dueNanos = now() + RETRY_NANOS;
    return false;
  }

  private static RuntimeException failed(KubeObject pod, String why) {
    return CommandException.of(error(pod) + ": " + why);
  }

  private static String error(KubeObject pod) {
    return "error when evicting pods/"
        + GoQuote.quote(pod.name())
        + " -n "
        + GoQuote.quote(pod.namespace());
  }
}
