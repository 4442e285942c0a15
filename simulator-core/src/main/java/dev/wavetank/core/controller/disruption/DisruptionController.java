package dev.wavetank.core.controller.disruption;

import dev.wavetank.core.api.IntOrPercent;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DisruptionAllowed;
import dev.wavetank.core.apiserver.DisruptionTarget;
import dev.wavetank.core.controller.Pods;
import dev.wavetank.core.controller.SelectorIndex;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the status of every PodDisruptionBudget: how many pods it selects, how many of them are
 * healthy, how many should be, and so how many evictions are allowed. A pod whose eviction was
 * allowed counts as gone for two minutes, by when its deletion should be seen. A condition {@code
 * DisruptionTarget} that no deletion followed within two minutes is set back.
 *
 * <p>Follows pkg/controller/disruption/disruption.go (v1.36).
 */
public final class DisruptionController implements Reconciler<ObjectKey> {

  /** How long an allowed eviction counts before the pod's deletion is seen. */
  public static final Duration DELETION_TIMEOUT = Duration.ofMinutes(2);

  private static final Duration STALE_POD_DISRUPTION_TIMEOUT = Duration.ofMinutes(2);
  private static final String NAME = "disruption-controller";

  private final Simulation simulation;
  private final ApiServer server;
  private final ApiClient client;
  private final EventRecorder recorder;
  private final Controller<ObjectKey> controller;
  private final Controller<ObjectKey> stalePodDisruptions;
  private final SelectorIndex selectors = new SelectorIndex();
  private final ExpectedPods expectedPods;
  private final Informer budgets;
  private final Informer pods;

  /** A controller that watches from now on and knows what exists. */
  public DisruptionController(ApiServer server) {
    this.simulation = server.simulation();
    this.server = server;
    this.client = new ApiClient(server, NAME);
    this.recorder = new EventRecorder(server, "controllermanager", "");
    this.controller = controller(NAME, this);
    this.stalePodDisruptions = controller(NAME + "/stale-pods", this::syncStalePodDisruption);
    this.expectedPods = new ExpectedPods(server, client);
    this.budgets =
        Informer.of(server, ResourceType.POD_DISRUPTION_BUDGETS, NAME, this::budgetChanged);
    this.pods = Informer.of(server, ResourceType.PODS, NAME, this::matters, this::podChanged);
    budgets.replay();
    pods.replay();
  }

  private Controller<ObjectKey> controller(String name, Reconciler<ObjectKey> reconciler) {
    return new Controller<>(
        name, 1, client, RateLimiter.controllerDefault(), Controller.RETRIES_UNBOUNDED, reconciler);
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  /**
   * Whether a change of a pod can change what is said of a budget or of the pod itself. A budget
   * that is still to come looks for its pods by itself.
   */
  private boolean matters(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    if (before == null || after == null) {
      return !selectors.empty();
    }
    if (selectors.empty()) {
      return before.status() != after.status() && targeted(before) != targeted(after);
    }
    return before.terminating() != after.terminating()
        || !before.labels().equals(after.labels())
        || !before.ownerReferences().equals(after.ownerReferences())
        || (before.status() != after.status()
            && (Pods.ready(before) != Pods.ready(after) || targeted(before) != targeted(after)));
  }

  private static boolean targeted(KubeObject pod) {
    return Conditions.isTrue(pod.status(), DisruptionTarget.TYPE);
  }

  private void budgetChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after != null) {
      ObjectKey key = after.key(ResourceType.POD_DISRUPTION_BUDGETS);
      if (before == null || before.spec() != after.spec()) {
        selectors.put(key, selector(after));
      }
      controller.enqueue(key);
    } else if (before != null) {
      selectors.remove(before.key(ResourceType.POD_DISRUPTION_BUDGETS));
    }
  }

  private static LabelSelector selector(KubeObject budget) {
    return LabelSelector.ofOrNothing(budget.spec().map("selector"));
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject pod = after != null ? after : before;
    if (pod == null) {
      return;
    }
    List<ObjectKey> found = new ArrayList<>();
    selectors.forEachMatch(pod.namespace(), pod.labels(), found::add);
    if (!found.isEmpty()) {
      if (found.size() > 1) {
        warnOfSeveral(pod, found.get(0));
      }
      controller.enqueue(found.get(0));
    }
    if (after != null && staleAfterNanos(after) >= 0) {
      stalePodDisruptions.enqueueAfter(after.key(ResourceType.PODS), staleAfterNanos(after));
    }
  }

  private void warnOfSeveral(KubeObject pod, ObjectKey chosen) {
    recorder.warning(
        pod,
        "MultiplePodDisruptionBudgets",
        "Pod \""
            + pod.namespace()
            + "\"/\""
            + pod.name()
            + "\" matches multiple PodDisruptionBudgets.  Chose \""
            + chosen.name()
            + "\" arbitrarily.");
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject budget = budgets.view().get(key);
    if (budget == null) {
      return Result.done();
    }
    try {
      return sync(key, budget);
    } catch (ExpectedPods.NoScaleException e) {
      String message = String.valueOf(e.getMessage());
      recorder.warning(
          budget,
          "CalculateExpectedPodCountFailed",
          "Failed to calculate the number of expected pods: " + message);
      failSafe(key, budget, message);
      return Result.done();
    }
  }

  private Result sync(ObjectKey key, KubeObject budget) {
    List<KubeObject> selected =
        pods.view().list(ResourceType.PODS, key.namespace(), selector(budget));
    if (selected.isEmpty()) {
      recorder.normal(budget, "NoPods", "No matching pods found");
    }
    KubeMap spec = budget.spec();
    int expected = 0;
    int desired = 0;
    boolean unmanaged = false;
    Object minAvailable = spec.get("minAvailable");
    Object maxUnavailable = spec.get("maxUnavailable");
    if (maxUnavailable == null && minAvailable instanceof Long number) {
      expected = selected.size();
      desired = number.intValue();
    } else if (maxUnavailable != null || minAvailable != null) {
      ExpectedPods.Scale scale = expectedPods.of(selected);
      expected = scale.count();
      unmanaged = scale.unmanaged();
      desired =
          maxUnavailable != null
              ? Math.max(0, expected - roundedUp(maxUnavailable, expected))
              : roundedUp(minAvailable, expected);
    }
    if (unmanaged) {
      warnOfUnmanaged(budget);
    }
    KubeMap disrupted = disruptedPods(budget, selected);
    update(key, budget, new Counts(healthy(selected, disrupted), desired, expected), disrupted);
    Duration next = firstTimeout(disrupted);
    return next == null ? Result.done() : Result.after(next.toNanos());
  }

  private static int roundedUp(@Nullable Object intOrPercent, int of) {
    return (int) IntOrPercent.of(intOrPercent).roundUp(of);
  }

  private void warnOfUnmanaged(KubeObject budget) {
    recorder.warning(
        budget,
        "UnmanagedPods",
        "Pods selected by this PodDisruptionBudget (selector: "
            + SelectorText.of(budget.spec().map("selector"))
            + ") were found to be unmanaged. As a result, the status of the PDB cannot be calculated"
            + " correctly, which may result in undefined behavior. To account for these pods please"
            + " set \".spec.minAvailable\" field of the PDB to an integer value.");
  }

  /** What is counted of a budget. */
  private record Counts(int healthy, int desired, int expected) {

    /** Without expected pods nothing is allowed: their controller may not have been seen yet. */
    int allowed() {
      return expected <= 0 ? 0 : Math.max(0, healthy - desired);
    }
  }

  /** The evictions on their way: those of pods whose deletion is neither seen nor overdue. */
  private KubeMap disruptedPods(KubeObject budget, List<KubeObject> selected) {
    KubeMap recorded = budget.status().mapOrEmpty("disruptedPods");
    if (recorded.isEmpty()) {
      return recorded;
    }
    KubeMap kept = KubeMap.EMPTY;
    Instant now = simulation.instant();
    for (KubeObject pod : selected) {
      String time = recorded.string(pod.name());
      if (time == null || pod.terminating()) {
        continue;
      }
      Instant at = Timestamps.parse(time);
      if (at != null && !at.plus(DELETION_TIMEOUT).isBefore(now)) {
        kept = kept.with(pod.name(), time);
      } else {
        // Upstream names the namespace twice.
        recorder.warning(
            pod,
            "NotDeleted",
            "Pod was expected by PDB "
                + budget.namespace()
                + "/"
                + budget.namespace()
                + " to be deleted but it wasn't");
      }
    }
    return kept;
  }

  private static int healthy(List<KubeObject> selected, KubeMap disrupted) {
    int healthy = 0;
    for (KubeObject pod : selected) {
      if (!pod.terminating() && !disrupted.has(pod.name()) && Pods.ready(pod)) {
        healthy++;
      }
    }
    return healthy;
  }

  /** How long until the first of the evictions on their way is overdue; null for none. */
  private @Nullable Duration firstTimeout(KubeMap disrupted) {
    Duration first = null;
    for (int i = 0; i < disrupted.size(); i++) {
      Instant at = Timestamps.parse(String.valueOf(disrupted.valueAt(i)));
      if (at != null) {
        // One step later, since an eviction is overdue after its time and not at it.
        Duration left =
            Duration.between(simulation.instant(), at.plus(DELETION_TIMEOUT)).plusNanos(1);
        first = first == null || left.compareTo(first) < 0 ? left : first;
      }
    }
    return first;
  }

  private void update(ObjectKey key, KubeObject budget, Counts counts, KubeMap disrupted) {
    KubeMap old = budget.status();
    KubeMap next =
        old.with("currentHealthy", counts.healthy())
            .with("desiredHealthy", counts.desired())
            .with("expectedPods", counts.expected())
            .with("disruptionsAllowed", counts.allowed())
            .with("disruptedPods", disrupted.isEmpty() ? null : disrupted)
            .with("observedGeneration", budget.generation());
    if (next.equals(old) && DisruptionAllowed.upToDate(budget)) {
      return;
    }
    write(key, budget, DisruptionAllowed.updated(next, server.timestamp()));
  }

  private void failSafe(ObjectKey key, KubeObject budget, String message) {
    KubeMap stopped = budget.status().with("disruptionsAllowed", 0);
    KubeMap next = DisruptionAllowed.syncFailed(stopped, message, server.timestamp());
    if (!next.equals(budget.status())) {
      write(key, budget, next);
    }
  }

  /** A conflict with a newer version is left to the next look. */
  private void write(ObjectKey key, KubeObject budget, KubeMap status) {
    client.updateStatus(key.type(), budget.withStatus(status));
  }

  /** How long until the pod's condition is out of date; negative when it never is. */
  private long staleAfterNanos(KubeObject pod) {
    KubeMap condition = Conditions.find(pod.status(), DisruptionTarget.TYPE);
    if (pod.terminating()
        || condition == null
        || !"True".equals(condition.get("status"))
        || "TerminationByKubelet".equals(condition.get("reason"))
        || Pods.terminal(pod)) {
      return -1;
    }
    Instant since = Timestamps.parse(condition.string("lastTransitionTime", ""));
    Instant due = since == null ? simulation.instant() : since.plus(STALE_POD_DISRUPTION_TIMEOUT);
    return Math.max(0, Duration.between(simulation.instant(), due).toNanos());
  }

  private Result syncStalePodDisruption(ObjectKey key) {
    KubeObject pod = pods.view().get(key);
    long nanos = pod == null ? -1 : staleAfterNanos(pod);
    if (pod == null || nanos < 0) {
      return Result.done();
    }
    if (nanos > 0) {
      return Result.after(nanos);
    }
    KubeMap condition =
        KubeMap.of(
            "type",
            DisruptionTarget.TYPE,
            "observedGeneration",
            pod.generation() == 0 ? null : pod.generation(),
            "status",
            "False",
            "lastTransitionTime",
            server.timestamp());
    client.updateStatus(
        ResourceType.PODS, pod.withStatus(Conditions.with(pod.status(), condition)));
    return Result.done();
  }
}
