package dev.wavetank.core.controller.service;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.cloudprovider.LoadBalancer;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.record.EventRecorder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the cloud for the load balancers of Services, and tells their addresses.
 *
 * <p>One Service is worked on at a time, {@code --concurrent-service-syncs=1}, and the cloud's
 * answer is waited for: others wait as long. Changed nodes are told to all load balancers beside
 * that.
 *
 * <p>Follows staging/src/k8s.io/cloud-provider/controllers/service/controller.go (v1.36).
 */
public final class ServiceController implements Reconciler<ObjectKey> {

  private static final String NAME = "service-controller";
  private static final long RETRY_NANOS_MIN = 5_000_000_000L;
  private static final long RETRY_NANOS_MAX = 300_000_000_000L;
  private static final ObjectKey ALL_NODES = ObjectKey.of(ResourceType.NODES, "", "");

  private final LoadBalancer balancer;
  private final ApiClient client;
  private final EventRecorder recorder;
  private final Controller<ObjectKey> services;
  private final Controller<ObjectKey> nodes;
  private final Informer serviceInformer;
  private final Informer nodeInformer;

  /** The Services that have a load balancer or are to get one, as they were last worked on. */
  private final Map<ObjectKey, KubeObject> cache = new LinkedHashMap<>();

  /** The nodes that the cloud was last told, with their provider's ids, by Service. */
  private final Map<ObjectKey, ImmutableMap<String, String>> lastSyncedNodes =
      new LinkedHashMap<>();

  private final Set<ObjectKey> waiting = new LinkedHashSet<>();
  private @Nullable ObjectKey underWay;

  /** A controller that watches from now on and knows what exists. */
  public ServiceController(ApiServer server, LoadBalancer balancer) {
    this.balancer = balancer;
    this.client = new ApiClient(server, NAME);
    this.recorder = new EventRecorder(server, NAME, "");
    this.services = queue(client, NAME, this);
    this.nodes = queue(new ApiClient(server, NAME), NAME + "/nodes", key -> syncNodes());
    this.serviceInformer = Informer.of(server, ResourceType.SERVICES, NAME, this::serviceChanged);
    this.nodeInformer = Informer.of(server, ResourceType.NODES, NAME, this::nodeChanged);
    serviceInformer.replay();
  }

  private static Controller<ObjectKey> queue(
      ApiClient client, String name, Reconciler<ObjectKey> reconciler) {
    return new Controller<>(
        name,
        1,
        client,
        new RateLimiter(RETRY_NANOS_MIN, RETRY_NANOS_MAX, 0, 0),
        Controller.RETRIES_UNBOUNDED,
        reconciler);
  }

  private void serviceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      // One that had a load balancer goes by way of its finalizer.
      return;
    }
    boolean matters =
        before == null
            ? ServiceChanges.wantsLoadBalancer(after)
            : ServiceChanges.needsUpdate(before, after);
    if (matters || ServiceChanges.needsCleanup(after)) {
      services.enqueue(after.key(ResourceType.SERVICES));
    }
  }

  private void nodeChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (LoadBalancerNodes.shouldSync(before, after)) {
      nodes.enqueue(ALL_NODES);
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    if (underWay != null) {
      waiting.add(key);
      return Result.remaining(-1);
    }
    KubeObject service = serviceInformer.view().get(key);
    KubeObject known = cache.get(key);
    if (service == null) {
      if (known != null && ServiceChanges.wantsLoadBalancer(known)) {
        remove(key, known, () -> forget(key));
      }
    } else if (known != null && !known.uid().equals(service.uid())) {
      remove(key, known, () -> services.enqueue(key));
      forget(key);
    } else {
      cache.put(key, service);
      sync(key, service);
    }
    return Result.remaining(-1);
  }

  private void sync(ObjectKey key, KubeObject service) {
    if (!ServiceChanges.wantsLoadBalancer(service) || ServiceChanges.needsCleanup(service)) {
      cleanUp(key, service);
      return;
    }
    recorder.normal(service, "EnsuringLoadBalancer", "Ensuring load balancer");
    if (!finalizer(service, true)) {
      return;
    }
    ImmutableList<KubeObject> behind = behind();
    if (behind.isEmpty()) {
      unavailable(service);
    }
    lastSyncedNodes.put(key, names(behind));
    underWay = key;
    balancer.ensure(service, behind, (ingress, error) -> ensured(key, service, ingress, error));
  }

  private void ensured(ObjectKey key, KubeObject service, KubeList ingress, String error) {
    String failure = error.isEmpty() ? "" : "failed to ensure load balancer: " + error;
    if (failure.isEmpty()) {
      recorder.normal(service, "EnsuredLoadBalancer", "Ensured load balancer");
      failure = status(service, ingress);
    }
    ended(key, service, failure);
  }

  private void cleanUp(ObjectKey key, KubeObject service) {
    if (balancer.exists(service)) {
      recorder.normal(service, "DeletingLoadBalancer", "Deleting load balancer");
      underWay = key;
      balancer.ensureDeleted(service, () -> ended(key, service, cleanedUp(key, service)));
    } else {
      failed(key, service, cleanedUp(key, service));
    }
  }

  private String cleanedUp(ObjectKey key, KubeObject service) {
    if (!finalizer(service, false)) {
      return "";
    }
    recorder.normal(service, "DeletedLoadBalancer", "Deleted load balancer");
    String failure = status(service, KubeList.EMPTY);
    if (failure.isEmpty()) {
      forget(key);
    }
    return failure;
  }

  /** Removes the load balancer of a Service that is gone. */
  private void remove(ObjectKey key, KubeObject service, Runnable then) {
    recorder.normal(service, "DeletingLoadBalancer", "Deleting load balancer");
    underWay = key;
    balancer.ensureDeleted(
        service,
        () -> {
          recorder.normal(service, "DeletedLoadBalancer", "Deleted load balancer");
          then.run();
          ended(key, service, "");
        });
  }

  private void forget(ObjectKey key) {
    cache.remove(key);
    lastSyncedNodes.remove(key);
  }

  /** The cloud has answered: whoever waited has its turn. */
  private void ended(ObjectKey key, KubeObject service, String failure) {
    underWay = null;
    client.takeElapsedNanos();
    failed(key, service, failure);
    ImmutableList.copyOf(waiting).forEach(services::enqueue);
    waiting.clear();
  }

  private void failed(ObjectKey key, KubeObject service, String failure) {
    if (failure.isEmpty()) {
      services.forget(key);
    } else {
      recorder.warning(
          service, "SyncLoadBalancerFailed", "Error syncing load balancer: " + failure);
      services.enqueueRateLimited(key);
    }
  }

  /** Adds the finalizer, or takes it off; false when the Service is gone. */
  private boolean finalizer(KubeObject service, boolean wanted) {
    KubeList all = service.finalizers();
    if (all.contains(ServiceChanges.FINALIZER) == wanted) {
      return true;
    }
    try {
      client.patch(service.key(ResourceType.SERVICES), current -> withFinalizer(current, wanted));
      return true;
    } catch (ApiException e) {
      if (e.notFound()) {
        return !wanted;
      }
      throw e;
    }
  }

  private static KubeObject withFinalizer(KubeObject service, boolean wanted) {
    KubeList all = service.finalizers();
    boolean there = all.contains(ServiceChanges.FINALIZER);
    if (there == wanted) {
      return service;
    }
    KubeList changed =
        wanted
            ? all.plus(ServiceChanges.FINALIZER)
            : all.without(all.indexOf(ServiceChanges.FINALIZER));
    return service.withMetadata(
        service.metadata().with("finalizers", changed.isEmpty() ? null : changed));
  }

  /** Writes the status if it differs; why that failed, or the empty text. */
  private String status(KubeObject service, KubeList ingress) {
    KubeMap written = service.status().mapOrEmpty("loadBalancer");
    if (written.listOrEmpty("ingress").equals(ingress)) {
      return "";
    }
    KubeMap changed = ingress.isEmpty() ? KubeMap.EMPTY : KubeMap.of("ingress", ingress);
    try {
      client.patchStatus(
          service.key(ResourceType.SERVICES), status -> status.with("loadBalancer", changed));
    } catch (ApiException e) {
      return e.notFound() ? "" : "failed to update load balancer status: " + e.getMessage();
    }
    return "";
  }

  private ImmutableList<KubeObject> behind() {
    return LoadBalancerNodes.of(nodeInformer.view().list(ResourceType.NODES));
  }

  private static ImmutableMap<String, String> names(ImmutableList<KubeObject> nodes) {
    ImmutableMap.Builder<String, String> names = ImmutableMap.builder();
    nodes.forEach(node -> names.put(node.name(), LoadBalancerNodes.providerId(node)));
    return names.buildOrThrow();
  }

  private void unavailable(KubeObject service) {
    recorder.warning(
        service, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer");
  }

  /** Tells the cloud which nodes there are, for each Service whose were others. */
  private Result syncNodes() {
    ImmutableList<KubeObject> behind = behind();
    ImmutableMap<String, String> names = names(behind);
    for (Map.Entry<ObjectKey, KubeObject> entry : ImmutableMap.copyOf(cache).entrySet()) {
      KubeObject service = entry.getValue();
      boolean changed = !names.equals(lastSyncedNodes.get(entry.getKey()));
      if (changed && ServiceChanges.wantsLoadBalancer(service)) {
        lastSyncedNodes.put(entry.getKey(), names);
        balancer.update(service, behind, () -> updated(service, behind.isEmpty()));
      }
    }
    return Result.done();
  }

  private void updated(KubeObject service, boolean none) {
    if (none) {
      unavailable(service);
    } else {
      recorder.normal(service, "UpdatedLoadBalancer", "Updated load balancer with new hosts");
    }
  }
}
