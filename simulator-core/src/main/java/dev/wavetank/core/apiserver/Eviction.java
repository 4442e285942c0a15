package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes pods as far as the PodDisruptionBudgets that select them allow. A budget hears of an
 * eviction before the pod is deleted, so that two evictions never use up the same allowance.
 *
 * <p>A request is one step of the simulation, so nothing can change between its reads and writes
 * and upstream's retries after conflicts have no counterpart.
 *
 * <p>Follows pkg/registry/core/pod/storage/eviction.go (v1.36).
 */
final class Eviction {

  /** So many evictions may be on their way at once. */
  private static final int DISRUPTED_PODS_MAX = 2000;

  private static final int STALE_RETRY_SECONDS = 10;
  private static final String VIOLATION =
      "Cannot evict pod as it would violate the pod's disruption budget.";
  private static final Status SEVERAL_BUDGETS =
      new Status(
          500,
          "",
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
              + " support.",
          null,
          "",
          ImmutableList.of());

  private final ApiServer server;

  Eviction(ApiServer server) {
    this.server = server;
  }

  void evict(ObjectKey key, DeleteOptions options, boolean dryRun) {
    KubeObject pod = server.get(key);
    KubeObject budget = exempt(pod) ? null : budget(pod);
    if (budget != null && !spare(pod, budget)) {
      decrement(budget, pod.name(), dryRun);
    }
    if (dryRun) {
      server.delete(key, options, true);
      return;
    }
    Preconditions.require(key.type(), pod, options);
    KubeMap target =
        DisruptionTarget.because(
            0, "EvictionByEvictionAPI", "Eviction API: evicting", server.timestamp());
    KubeObject marked = server.patchStatus(key, status -> Conditions.with(status, target));
    boolean versioned = !options.resourceVersion().isEmpty();
    server.delete(key, versioned ? options.withResourceVersion(marked.resourceVersion()) : options);
  }

  /** Whether the pod's end disrupts nothing that a budget could protect. */
  private static boolean exempt(KubeObject pod) {
    String phase = pod.status().string("phase", "");
    return pod.terminating()
        || phase.equals("Succeeded")
        || phase.equals("Failed")
        || phase.equals("Pending");
  }

  private @Nullable KubeObject budget(KubeObject pod) {
    List<KubeObject> found = new ArrayList<>();
    for (KubeObject budget :
        server.list(ResourceType.POD_DISRUPTION_BUDGETS, pod.namespace(), labels -> true)) {
      if (LabelSelector.ofOrNothing(budget.spec().map("selector")).matches(pod.labels())) {
        found.add(budget);
      }
    }
    if (found.size() > 1) {
      throw new ApiException(SEVERAL_BUDGETS);
    }
    return found.isEmpty() ? null : found.get(0);
  }

  /** Whether the pod is not ready, and the budget lets such a pod go without counting it. */
  private static boolean spare(KubeObject pod, KubeObject budget) {
    if (Conditions.isTrue(pod.status(), "Ready")) {
      return false;
    }
    long desired = budget.status().number("desiredHealthy", 0);
    return "AlwaysAllow".equals(budget.spec().get("unhealthyPodEvictionPolicy"))
        || (desired > 0 && budget.status().number("currentHealthy", 0) >= desired);
  }

  private void decrement(KubeObject budget, String pod, boolean dryRun) {
    KubeMap status = budget.status();
    if (status.number("observedGeneration", 0) < budget.generation()) {
      throw refused(
          "The disruption budget " + budget.name() + " is still being processed by the server.",
          STALE_RETRY_SECONDS);
    }
    long allowed = status.number("disruptionsAllowed", 0);
    KubeMap disrupted = status.mapOrEmpty("disruptedPods");
    if (allowed < 0) {
      throw forbidden(budget, "pdb disruptions allowed is negative");
    }
    if (disrupted.size() > DISRUPTED_PODS_MAX) {
      throw forbidden(
          budget, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
    if (allowed == 0) {
      throw refused(why(budget), 0);
    }
    if (dryRun) {
      return;
    }
    String now = server.timestamp();
    KubeMap next =
        status
            .with("disruptionsAllowed", allowed - 1)
            .with("disruptedPods", disrupted.with(pod, now));
    KubeMap written = allowed == 1 ? DisruptionAllowed.updated(next, now) : next;
    server.patchStatus(budget.key(ResourceType.POD_DISRUPTION_BUDGETS), old -> written);
  }

  private static String why(KubeObject budget) {
    KubeMap status = budget.status();
    @Nullable KubeMap condition = Conditions.find(status, DisruptionAllowed.TYPE);
    String message = condition == null ? "" : condition.string("message", "");
    String reason =
        condition != null && "False".equals(condition.get("status")) && !message.isEmpty()
            ? condition.string("reason", "")
            : "";
    String start = "The disruption budget " + budget.name();
    long desired = status.number("desiredHealthy", 0);
    long current = status.number("currentHealthy", 0);
    if (reason.equals(DisruptionAllowed.SYNC_FAILED)) {
      return start + " does not allow evicting pods currently because it failed sync: " + message;
    }
    if (current <= desired) {
      return start + " needs " + desired + " healthy pods and has " + current + " currently";
    }
    String refused = start + " does not allow evicting pods currently";
    return !reason.isEmpty() ? refused + " (" + reason + "): " + message : refused;
  }

  private static ApiException refused(String cause, int retryAfterSeconds) {
    return new ApiException(
        new Status(
            429,
            "TooManyRequests",
            VIOLATION,
            null,
            "",
            ImmutableList.of(new Status.Cause("DisruptionBudget", cause, "")),
            retryAfterSeconds));
  }

  private static ApiException forbidden(KubeObject budget, String why) {
    String message = "poddisruptionbudget.policy \"" + budget.name() + "\" is forbidden: " + why;
    ResourceType type = ResourceType.POD_DISRUPTION_BUDGETS;
    return new ApiException(
        new Status(403, "Forbidden", message, type, budget.name(), ImmutableList.of()));
  }
}
