package dev.wavetank.core.controller.replicaset;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.controller.ControllerExpectations;
import dev.wavetank.core.controller.ControllerRefManager;
import dev.wavetank.core.controller.Orphans;
import dev.wavetank.core.controller.PodControl;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps as many active pods as each ReplicaSet asks for. A pod that terminates is replaced at once;
 * nothing is created or deleted while earlier creations and deletions are still unseen.
 *
 * <p>Follows pkg/controller/replicaset/replica_set.go (v1.36).
 */
public final class ReplicaSetController implements Reconciler<ObjectKey> {

  /** Most pods that one sync creates or deletes. */
  public static final int BURST_REPLICAS = 500;

  private static final String NAME = "replicaset-controller";
  private static final int WORKERS = 5;
  private static final int SLOW_START_INITIAL_BATCH_SIZE = 1;
  private static final long SECOND = 1_000_000_000L;

  private final Simulation simulation;
  private final ApiServer server;
  private final ApiClient client;
  private final PodControl podControl;
  private final Controller<ObjectKey> controller;
  private final ControllerExpectations expectations = new ControllerExpectations();
  private final Orphans orphans = new Orphans(ResourceType.PODS);
  private final SelectorIndex selectors = new SelectorIndex();
  private final Map<String, ReplicaCounts> counts = new LinkedHashMap<>();
  private final Informer replicaSets;
  private final Informer pods;

  /** A controller that watches from now on and knows what exists. */
  public ReplicaSetController(ApiServer server) {
    this.simulation = server.simulation();
    this.server = server;
    this.client = new ApiClient(server, NAME);
    this.podControl = new PodControl(client, new EventRecorder(server, NAME, ""));
    this.controller =
        new Controller<>(
            NAME,
            WORKERS,
            client,
            RateLimiter.controllerDefault(),
            Controller.RETRIES_UNBOUNDED,
            this);
    this.replicaSets =
        Informer.of(server, ResourceType.REPLICA_SETS, NAME, this::replicaSetChanged);
    this.pods =
        Informer.of(
            server, ResourceType.PODS, NAME, ReplicaSetController::matters, this::podChanged);
    replicaSets.replay();
    pods.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  /** Whether a change of a pod can change what a ReplicaSet does or says. */
  private static boolean matters(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    KubeObject pod = commit.object();
    if (before == null || after == null) {
      KubeMap owner = pod.controllerRef();
      return owner == null || "ReplicaSet".equals(owner.get("kind"));
    }
    if (before.metadata() != after.metadata()
        && (before.terminating() != after.terminating()
            || !before.labels().equals(after.labels())
            || !before.ownerReferences().equals(after.ownerReferences()))) {
      return true;
    }
    return before.status() != after.status()
        && (Pods.ready(before) != Pods.ready(after)
            || Pods.terminal(before) != Pods.terminal(after));
  }

  private void replicaSetChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject replicaSet = after != null ? after : before;
    if (replicaSet == null) {
      return;
    }
    ObjectKey key = replicaSet.key(ResourceType.REPLICA_SETS);
    if (after == null) {
      expectations.delete(key);
      selectors.remove(key);
      counts.remove(replicaSet.uid());
    } else if (before == null || before.spec() != after.spec()) {
      selectors.put(key, LabelSelector.of(after.spec().map("selector")));
    }
    controller.enqueue(key);
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    orphans.changed(before, after);
    recount(before, after);
    if (after == null) {
      if (before != null) {
        deletePod(before);
      }
    } else if (after.terminating()) {
      deletePod(after);
    } else if (before == null) {
      addPod(after);
    } else {
      updatePod(before, after);
    }
  }

  private void recount(@Nullable KubeObject before, @Nullable KubeObject after) {
    ReplicaCounts old = before == null ? null : countsOf(before);
    if (old != null && before != null) {
      old.remove(before);
    }
    ReplicaCounts next = after == null ? null : countsOf(after);
    if (next != null && after != null) {
      next.add(after);
    }
  }

  private @Nullable ReplicaCounts countsOf(KubeObject pod) {
    KubeMap owner = pod.controllerRef();
    return owner == null ? null : counts.get(owner.string("uid", ""));
  }

  private void addPod(KubeObject pod) {
    KubeMap owner = pod.controllerRef();
    if (owner != null) {
      KubeObject replicaSet = resolve(pod.namespace(), owner);
      if (replicaSet != null) {
        ObjectKey key = replicaSet.key(ResourceType.REPLICA_SETS);
        expectations.creationObserved(key);
        controller.enqueue(key);
      }
    } else {
      enqueueMatching(pod);
    }
  }

  private void updatePod(KubeObject before, KubeObject after) {
    KubeMap oldOwner = before.controllerRef();
    KubeMap owner = after.controllerRef();
    boolean ownerChanged = oldOwner == null ? owner != null : !oldOwner.equals(owner);
    if (ownerChanged && oldOwner != null) {
      KubeObject former = resolve(before.namespace(), oldOwner);
      if (former != null) {
        controller.enqueue(former.key(ResourceType.REPLICA_SETS));
      }
    }
    if (owner == null) {
      if (ownerChanged || !before.labels().equals(after.labels())) {
        enqueueMatching(after);
      }
      return;
    }
    KubeObject replicaSet = resolve(after.namespace(), owner);
    if (replicaSet == null) {
      return;
    }
    ObjectKey key = replicaSet.key(ResourceType.REPLICA_SETS);
    controller.enqueue(key);
    long minReadySeconds = replicaSet.spec().number("minReadySeconds", 0);
    if (minReadySeconds > 0 && Pods.ready(after) && !Pods.ready(before)) {
      controller.enqueueAfter(key, minReadySeconds * SECOND);
    }
  }

  private void deletePod(KubeObject pod) {
    KubeMap owner = pod.controllerRef();
    KubeObject replicaSet = owner == null ? null : resolve(pod.namespace(), owner);
    if (replicaSet != null) {
      ObjectKey key = replicaSet.key(ResourceType.REPLICA_SETS);
      expectations.deletionObserved(key, pod.key(ResourceType.PODS));
      controller.enqueue(key);
    }
  }

  private void enqueueMatching(KubeObject orphan) {
    if (!orphan.labels().isEmpty()) {
      selectors.forEachMatch(orphan.namespace(), orphan.labels(), controller::enqueue);
    }
  }

  private @Nullable KubeObject resolve(String namespace, KubeMap owner) {
    if (!"ReplicaSet".equals(owner.get("kind"))) {
      return null;
    }
    ObjectKey key = ObjectKey.of(ResourceType.REPLICA_SETS, namespace, owner.string("name", ""));
    KubeObject replicaSet = replicaSets.view().get(key);
    return replicaSet != null && replicaSet.uid().equals(owner.get("uid")) ? replicaSet : null;
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject replicaSet = replicaSets.view().get(key);
    if (replicaSet == null) {
      expectations.delete(key);
      return Result.done();
    }
    ReplicaCounts known = counts.get(replicaSet.uid());
    if (known != null && known.countFor(replicaSet) && countsSuffice(key, replicaSet, known)) {
      new ReplicaSetStatus(
              known.active,
              known.fullyLabeled,
              known.ready,
              known.ready,
              known.terminating,
              ReplicaSetStatus.conditions(replicaSet, null, 0, server.timestamp()))
          .write(client, replicaSet);
      return Result.done();
    }
    List<KubeObject> owned = pods.view().ownedBy(ResourceType.PODS, replicaSet.uid());
    if (replicaSet.spec().number("minReadySeconds", 0) == 0) {
      count(replicaSet, owned);
    }
    orphans.addTo(owned, key.namespace(), pods.view());
    return syncReplicaSet(replicaSet, owned);
  }

  /** Whether a sync would neither claim, create nor delete a pod, nor look at its age. */
  private boolean countsSuffice(ObjectKey key, KubeObject replicaSet, ReplicaCounts known) {
    return known.strays == 0
        && !orphans.any(key.namespace())
        && (known.active == replicaSet.spec().number("replicas", 1)
            || replicaSet.terminating()
            || !expectations.satisfied(key, simulation.now()));
  }

  private void count(KubeObject replicaSet, List<KubeObject> owned) {
    ReplicaCounts fresh =
        new ReplicaCounts(replicaSet, LabelSelector.of(replicaSet.spec().map("selector")));
    for (KubeObject pod : owned) {
      if (pod.controlledBy(replicaSet.uid())) {
        fresh.add(pod);
      }
    }
    counts.put(replicaSet.uid(), fresh);
  }

  /**
   * One sync of a ReplicaSet.
   *
   * @param candidates pods with an owner reference to it, and orphans of its namespace
   * @throws ApiException when pods could not be claimed, created or deleted, or the status not be
   *     written; the sync is to be retried
   */
  public Result syncReplicaSet(KubeObject replicaSet, List<KubeObject> candidates) {
    ObjectKey key = replicaSet.key(ResourceType.REPLICA_SETS);
    boolean needsSync = expectations.satisfied(key, simulation.now());
    LabelSelector selector = LabelSelector.of(replicaSet.spec().map("selector"));
    List<KubeObject> active = new ArrayList<>(candidates.size());
    long terminating = 0;
    for (KubeObject pod : candidates) {
      if (Pods.active(pod)) {
        active.add(pod);
      } else if (Pods.terminating(pod)
          && pod.controlledBy(replicaSet.uid())
          && selector.matches(pod.labels())) {
        terminating++;
      }
    }
    List<KubeObject> claimed =
        new ControllerRefManager(client, ResourceType.REPLICA_SETS, replicaSet, selector)
            .claim(ResourceType.PODS, active);
    ApiException failure = null;
    if (needsSync && !replicaSet.terminating()) {
      failure = manageReplicas(key, replicaSet, claimed);
    }
    ReplicaSetStatus status = status(replicaSet, claimed, terminating, failure);
    status.write(client, replicaSet);
    if (failure != null) {
      throw failure;
    }
    return nextCheck(replicaSet, claimed, status);
  }

  private ReplicaSetStatus status(
      KubeObject replicaSet,
      List<KubeObject> claimed,
      long terminating,
      @Nullable ApiException failure) {
    KubeMap spec = replicaSet.spec();
    KubeMap templateLabels =
        spec.mapOrEmpty("template").mapOrEmpty("metadata").mapOrEmpty("labels");
    long minReadySeconds = spec.number("minReadySeconds", 0);
    Instant now = simulation.instant();
    long fullyLabeled = 0;
    long ready = 0;
    long available = 0;
    for (KubeObject pod : claimed) {
      fullyLabeled += ReplicaCounts.carries(pod.labels(), templateLabels) ? 1 : 0;
      if (Pods.ready(pod)) {
        ready++;
        available += Pods.available(pod, minReadySeconds, now) ? 1 : 0;
      }
    }
    long difference = claimed.size() - spec.number("replicas", 1);
    return new ReplicaSetStatus(
        claimed.size(),
        fullyLabeled,
        ready,
        available,
        terminating,
        ReplicaSetStatus.conditions(replicaSet, failure, difference, server.timestamp()));
  }

  private Result nextCheck(
      KubeObject replicaSet, List<KubeObject> claimed, ReplicaSetStatus status) {
    long minReadySeconds = replicaSet.spec().number("minReadySeconds", 0);
    if (minReadySeconds <= 0 || status.ready() == status.available()) {
      return Result.done();
    }
    Instant now = simulation.instant();
    long next = -1;
    for (KubeObject pod : claimed) {
      long nanos = Pods.availableInNanos(pod, minReadySeconds, now);
      next = nanos > 0 && (next < 0 || nanos < next) ? nanos : next;
    }
    return Result.after(next < 0 ? minReadySeconds * SECOND : next);
  }

  private @Nullable ApiException manageReplicas(
      ObjectKey key, KubeObject replicaSet, List<KubeObject> active) {
    long difference = active.size() - replicaSet.spec().number("replicas", 1);
    int burst = (int) Math.min(Math.abs(difference), BURST_REPLICAS);
    if (difference < 0) {
      return createPods(key, replicaSet, burst);
    }
    return difference == 0 ? null : deletePods(key, replicaSet, active, burst);
  }

  private @Nullable ApiException createPods(ObjectKey key, KubeObject replicaSet, int count) {
    expectations.expectCreations(key, count, simulation.now());
    KubeObject pod =
        PodControl.podFromTemplate(
            replicaSet.spec().mapOrEmpty("template"),
            replicaSet,
            ControllerRefManager.controllerRef(ResourceType.REPLICA_SETS, replicaSet));
    SlowStart done =
        SlowStart.batch(count, SLOW_START_INITIAL_BATCH_SIZE, () -> createPod(pod, replicaSet));
    expectations.creationsObserved(key, count - done.successes());
    return done.failure();
  }

  private void createPod(KubeObject pod, KubeObject replicaSet) {
    try {
      podControl.create(pod, replicaSet);
    } catch (ApiException e) {
      if (!PodControl.namespaceTerminating(e)) {
        throw e;
      }
    }
  }

  private @Nullable ApiException deletePods(
      ObjectKey key, KubeObject replicaSet, List<KubeObject> active, int count) {
    List<KubeObject> ordered =
        count == active.size()
            ? active
            : ActivePodsWithRanks.deletionOrder(
                active, indirectlyRelatedPods(replicaSet), simulation.instant());
    List<ObjectKey> doomed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      doomed.add(ordered.get(i).key(ResourceType.PODS));
    }
    expectations.expectDeletions(key, doomed, simulation.now());
    ApiException failure = null;
    for (ObjectKey pod : doomed) {
      try {
        podControl.delete(pod, replicaSet);
      } catch (ApiException e) {
        expectations.deletionObserved(key, pod);
        if (!e.notFound()) {
          failure = failure == null ? e : failure;
        }
      }
    }
    return failure;
  }

  /** Pods that any ReplicaSet with the same owner selects. */
  private List<KubeObject> indirectlyRelatedPods(KubeObject replicaSet) {
    List<KubeObject> related = new ArrayList<>();
    KubeMap owner = replicaSet.controllerRef();
    if (owner == null) {
      return related;
    }
    Set<String> seen = new LinkedHashSet<>();
    String uid = owner.string("uid", "");
    for (KubeObject other : replicaSets.view().ownedBy(ResourceType.REPLICA_SETS, uid)) {
      if (!other.controlledBy(uid)) {
        continue;
      }
      LabelSelector selector = LabelSelector.of(other.spec().map("selector"));
      for (KubeObject pod : pods.view().list(ResourceType.PODS, other.namespace(), selector)) {
        if (seen.add(pod.uid())) {
          related.add(pod);
        }
      }
    }
    return related;
  }
}
