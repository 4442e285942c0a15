package dev.wavetank.core.controller.deployment;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.controller.ControllerRefManager;
import dev.wavetank.core.controller.Orphans;
import dev.wavetank.core.controller.PodControl;
import dev.wavetank.core.controller.SelectorIndex;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Moves each Deployment one step towards its template and size, and says in its status how far it
 * is.
 *
 * <p>Follows pkg/controller/deployment/deployment_controller.go (v1.36).
 */
public final class DeploymentController implements Reconciler<ObjectKey> {

  private static final String NAME = "deployment-controller";
  private static final int WORKERS = 5;
  private static final int RETRIES_MAX = 15;
  private static final long SECOND = 1_000_000_000L;

  private final Simulation simulation;
  private final ApiClient client;
  private final EventRecorder recorder;
  private final Controller<ObjectKey> controller;
  private final Orphans orphans = new Orphans(ResourceType.REPLICA_SETS);
  private final SelectorIndex selectors = new SelectorIndex();
  private final Informer deployments;
  private final Informer replicaSets;
  private final Informer pods;

  /** A controller that watches from now on and knows what exists. */
  public DeploymentController(ApiServer server) {
    this.simulation = server.simulation();
    this.client = new ApiClient(server, NAME);
    this.recorder = new EventRecorder(server, NAME, "");
    this.controller =
        new Controller<>(NAME, WORKERS, client, RateLimiter.controllerDefault(), RETRIES_MAX, this);
    this.deployments = Informer.of(server, ResourceType.DEPLOYMENTS, NAME, this::deploymentChanged);
    this.replicaSets =
        Informer.of(server, ResourceType.REPLICA_SETS, NAME, this::replicaSetChanged);
    this.pods =
        Informer.of(
            server,
            ResourceType.PODS,
            NAME,
            commit -> commit.after() == null,
            (before, after) -> podDeleted(before));
    deployments.replay();
    replicaSets.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private void deploymentChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject deployment = after != null ? after : before;
    if (deployment == null) {
      return;
    }
    ObjectKey key = deployment.key(ResourceType.DEPLOYMENTS);
    if (after == null) {
      selectors.remove(key);
    } else if (before == null || before.spec() != after.spec()) {
      LabelSelector selector = LabelSelector.of(after.spec().map("selector"));
      selectors.put(key, selector.empty() ? LabelSelector.nothing() : selector);
    }
    controller.enqueue(key);
  }

  private void replicaSetChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    orphans.changed(before, after);
    KubeObject replicaSet = after != null ? after : before;
    if (replicaSet == null) {
      return;
    }
    KubeMap owner = replicaSet.controllerRef();
    KubeMap oldOwner = before == null || after == null ? owner : before.controllerRef();
    boolean ownerChanged = oldOwner == null ? owner != null : !oldOwner.equals(owner);
    if (ownerChanged && oldOwner != null) {
      enqueueOwner(replicaSet.namespace(), oldOwner);
    }
    if (owner != null) {
      enqueueOwner(replicaSet.namespace(), owner);
      return;
    }
    boolean unclaimed =
        after != null
            && !after.labels().isEmpty()
            && (before == null || ownerChanged || !after.labels().equals(before.labels()));
    if (unclaimed && !replicaSet.terminating()) {
      selectors.forEachMatch(replicaSet.namespace(), replicaSet.labels(), controller::enqueue);
    }
  }

  private void enqueueOwner(String namespace, KubeMap owner) {
    KubeObject deployment = resolve(namespace, owner);
    if (deployment != null) {
      controller.enqueue(deployment.key(ResourceType.DEPLOYMENTS));
    }
  }

  private @Nullable KubeObject resolve(String namespace, KubeMap owner) {
    if (!"Deployment".equals(owner.get("kind"))) {
      return null;
    }
    ObjectKey key = ObjectKey.of(ResourceType.DEPLOYMENTS, namespace, owner.string("name", ""));
    KubeObject deployment = deployments.view().get(key);
    return deployment != null && deployment.uid().equals(owner.get("uid")) ? deployment : null;
  }

  /** Wakes a Deployment that waits for the last of its old pods to be gone. */
  private void podDeleted(@Nullable KubeObject pod) {
    KubeMap owner = pod == null ? null : pod.controllerRef();
    if (pod == null || owner == null || !"ReplicaSet".equals(owner.get("kind"))) {
      return;
    }
    KubeObject replicaSet =
        replicaSets
            .view()
            .get(
                ObjectKey.of(ResourceType.REPLICA_SETS, pod.namespace(), owner.string("name", "")));
    if (replicaSet == null || !replicaSet.uid().equals(owner.get("uid"))) {
      return;
    }
    KubeMap above = replicaSet.controllerRef();
    KubeObject deployment = above == null ? null : resolve(pod.namespace(), above);
    if (deployment == null || !"Recreate".equals(deployment.at("spec", "strategy", "type"))) {
      return;
    }
    for (KubeObject other : owned(deployment)) {
      if (!podsOf(other).isEmpty()) {
        return;
      }
    }
    controller.enqueue(deployment.key(ResourceType.DEPLOYMENTS));
  }

  private List<KubeObject> owned(KubeObject deployment) {
    List<KubeObject> owned =
        replicaSets.view().ownedBy(ResourceType.REPLICA_SETS, deployment.uid());
    owned.removeIf(replicaSet -> !replicaSet.controlledBy(deployment.uid()));
    return owned;
  }

  private List<KubeObject> podsOf(KubeObject replicaSet) {
    List<KubeObject> owned = pods.view().ownedBy(ResourceType.PODS, replicaSet.uid());
    owned.removeIf(pod -> !pod.controlledBy(replicaSet.uid()));
    return owned;
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject deployment = deployments.view().get(key);
    if (deployment == null) {
      return Result.done();
    }
    List<KubeObject> candidates = new ArrayList<>(owned(deployment));
    orphans.addTo(candidates, key.namespace(), replicaSets.view());
    try {
      return syncDeployment(deployment, candidates, this::podsOf);
    } catch (ApiException e) {
      if (PodControl.namespaceTerminating(e)) {
        return Result.done();
      }
      throw e;
    }
  }

  /**
   * One sync of a Deployment.
   *
   * @param candidates ReplicaSets that it controls, and orphans of its namespace
   * @param podsOf the pods that a ReplicaSet controls
   * @throws ApiException when a write was refused; the sync is to be retried
   */
  public Result syncDeployment(
      KubeObject deployment,
      List<KubeObject> candidates,
      Function<KubeObject, List<KubeObject>> podsOf) {
    Sync sync = new Sync(client, recorder, replicaSets.view(), deployment);
    if (KubeMap.EMPTY.equals(deployment.spec().map("selector"))) {
      return selectingAll(sync);
    }
    LabelSelector selector = LabelSelector.of(deployment.spec().map("selector"));
    List<KubeObject> claimed =
        new ControllerRefManager(client, ResourceType.DEPLOYMENTS, deployment, selector)
            .claim(ResourceType.REPLICA_SETS, candidates);
    if (deployment.terminating()) {
      sync.statusOnly(claimed);
      return Result.done();
    }
    sync.checkPausedConditions();
    if (deployment.spec().bool("paused", false)) {
      sync.sync(claimed);
      return Result.done();
    }
    Long rollbackTo = Rollback.to(sync.deployment());
    if (rollbackTo != null) {
      Rollback.rollback(sync, claimed, rollbackTo);
      return Result.done();
    }
    if (sync.scalingEvent(claimed)) {
      sync.sync(claimed);
      return Result.done();
    }
    return rollout(sync, claimed, podsOf);
  }

  private Result rollout(
      Sync sync, List<KubeObject> claimed, Function<KubeObject, List<KubeObject>> podsOf) {
    Object strategy = sync.deployment().at("spec", "strategy", "type");
    ReplicaSets sorted;
    if ("Recreate".equals(strategy)) {
      sorted = new Recreate(sync, podsOf).rollout(claimed);
    } else if ("RollingUpdate".equals(strategy)) {
      sorted = new RollingUpdate(sync).rollout(claimed);
    } else {
      throw new ApiException(
          Status.internalError(
              "unexpected deployment strategy type: " + (strategy == null ? "" : strategy)));
    }
    long check = Progress.syncRolloutStatus(sync, sorted, simulation.instant());
    if (check == 0) {
      controller.enqueueRateLimited(sync.deployment().key(ResourceType.DEPLOYMENTS));
    }
    return check > 0 ? Result.after(check + SECOND) : Result.done();
  }

  private Result selectingAll(Sync sync) {
    KubeObject deployment = sync.deployment();
    recorder.warning(
        deployment,
        "SelectingAll",
        "This deployment is selecting all pods. A non-empty selector is required.");
    if (deployment.status().number("observedGeneration", 0) < deployment.generation()) {
      sync.change(
          deployment.withStatus(
              deployment.status().with("observedGeneration", deployment.generation())));
      try {
        sync.writeStatus();
      } catch (ApiException e) {
        return Result.done();
      }
    }
    return Result.done();
  }
}
