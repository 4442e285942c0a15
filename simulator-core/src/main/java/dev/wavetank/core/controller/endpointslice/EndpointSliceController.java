package dev.wavetank.core.controller.endpointslice;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.controller.EndpointSliceTracker;
import dev.wavetank.core.controller.SelectorIndex;
import dev.wavetank.core.controller.ServicePods;
import dev.wavetank.core.controller.TriggerTimeTracker;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the EndpointSlices of every Service that has a selector. A sync that finds its cache of
 * slices older than its own last write gives up and comes again a second later.
 *
 * <p>Follows pkg/controller/endpointslice/endpointslice_controller.go (v1.36).
 */
public final class EndpointSliceController implements Reconciler<ObjectKey> {

  /** Default of {@code --max-endpoints-per-slice}. */
  public static final int ENDPOINTS_PER_SLICE_MAX = 100;

  private static final String NAME = "endpoint-slice-controller";
  private static final int WORKERS = 5;
  private static final int RETRIES_MAX = 15;
  private static final long SECOND = 1_000_000_000L;
  private static final long SLICE_CHANGE_DELAY_NANOS = SECOND;

  private final ApiClient client;
  private final EventRecorder recorder;
  private final Controller<ObjectKey> controller;
  private final SelectorIndex selectors = new SelectorIndex();
  private final EndpointSliceTracker tracker = new EndpointSliceTracker();
  private final TriggerTimeTracker triggerTimes = new TriggerTimeTracker();
  private final Simulation simulation;
  private final TopologyCache topology;
  private final SliceReconciler reconciler;
  private final Informer services;
  private final Informer pods;
  private final Informer nodes;
  private final Informer slices;
  private boolean topologyCheckAwaited;

  /** A controller that watches from now on and knows what exists. */
  public EndpointSliceController(ApiServer server) {
    this(server, ENDPOINTS_PER_SLICE_MAX);
  }

  /**
   * A controller with slices of another size.
   *
   * @param endpointsMax most endpoints of a slice
   */
  public EndpointSliceController(ApiServer server, int endpointsMax) {
    this.simulation = server.simulation();
    this.client = new ApiClient(server, NAME);
    this.recorder = new EventRecorder(server, NAME, "");
    this.controller =
        new Controller<>(
            NAME,
            WORKERS,
            client,
            new RateLimiter(SECOND, 1_000 * SECOND, 10, 100),
            RETRIES_MAX,
            this);
    this.nodes =
        Informer.of(
            server,
            ResourceType.NODES,
            NAME,
            EndpointSliceController::topologyChanged,
            (before, after) -> nodeChanged());
    this.topology = new TopologyCache(() -> this.nodes.view().list(ResourceType.NODES));
    this.reconciler =
        new SliceReconciler(client, this::node, endpointsMax, tracker, topology, recorder);
    this.services = Informer.of(server, ResourceType.SERVICES, NAME, this::serviceChanged);
    this.pods =
        Informer.of(
            server,
            ResourceType.PODS,
            NAME,
            ServicePods::matters,
            (before, after) -> podChanged(before, after));
    this.slices = Informer.of(server, ResourceType.ENDPOINT_SLICES, NAME, this::sliceChanged);
    services.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private static boolean topologyChanged(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    return before == null
        || after == null
        || !before.labels().equals(after.labels())
        || TopologyCache.ready(before) != TopologyCache.ready(after);
  }

  /** Services whose hints no longer fit the nodes are synced, once for all nodes of one time. */
  private void nodeChanged() {
    topology.nodesChanged();
    if (topology.inUse() && !topologyCheckAwaited) {
      topologyCheckAwaited = true;
      simulation.after(0, "endpoint-slice-controller/checkNodeTopology", "nodes", this::check);
    }
  }

  private void check() {
    topologyCheckAwaited = false;
    topology.overloadedServices().forEach(controller::enqueue);
  }

  private @Nullable KubeObject node(String name) {
    return nodes.view().get(ObjectKey.of(ResourceType.NODES, "", name));
  }

  private void serviceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    ServicePods.fileSelector(selectors, before, after);
    KubeObject service = after != null ? after : before;
    if (service != null) {
      controller.enqueue(service.key(ResourceType.SERVICES));
    }
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    ServicePods.forEachService(selectors, before, after, controller::enqueue);
  }

  private void sliceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      if (before != null && managed(before)) {
        ObjectKey service = serviceOf(before);
        if (tracker.has(service, before) && !tracker.handleDeletion(service, before)) {
          controller.enqueueAfter(service, SLICE_CHANGE_DELAY_NANOS);
        }
      }
      return;
    }
    ObjectKey service = serviceOf(after);
    if (before != null && !serviceOf(before).equals(service)) {
      queue(service);
      queue(serviceOf(before));
      return;
    }
    boolean changedHands = before != null && managed(before) != managed(after);
    if (changedHands || (managed(after) && tracker.shouldSync(service, after))) {
      queue(service);
    }
  }

  private void queue(ObjectKey service) {
    if (!service.name().isEmpty()) {
      controller.enqueueAfter(service, SLICE_CHANGE_DELAY_NANOS);
    }
  }

  private static boolean managed(KubeObject slice) {
    return SliceDraft.CONTROLLER.equals(slice.labels().get(SliceDraft.MANAGED_BY));
  }

  private static ObjectKey serviceOf(KubeObject slice) {
    return ObjectKey.of(
        ResourceType.SERVICES,
        slice.namespace(),
        slice.labels().string(SliceDraft.SERVICE_NAME, ""));
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject service = services.view().get(key);
    if (service == null) {
      triggerTimes.deleteService(key);
      tracker.deleteService(key);
      topology.deleteService(key);
      return Result.done();
    }
    KubeMap selector = service.spec().map("selector");
    if (selector == null || "ExternalName".equals(service.spec().get("type"))) {
      return Result.done();
    }
    List<KubeObject> selected =
        pods.view().list(ResourceType.PODS, key.namespace(), LabelSelector.ofLabels(selector));
    List<KubeObject> existing =
        slices
            .view()
            .list(
                ResourceType.ENDPOINT_SLICES,
                key.namespace(),
                LabelSelector.ofLabels(
                    KubeMap.of(
                        SliceDraft.SERVICE_NAME,
                        service.name(),
                        SliceDraft.MANAGED_BY,
                        SliceDraft.CONTROLLER)));
    existing.removeIf(KubeObject::terminating);
    if (tracker.stale(key, existing)) {
      return Result.retry();
    }
    String triggerTime = triggerTimes.compute(key, service, selected);
    try {
      reconciler.reconcile(service, selected, existing, triggerTime);
    } catch (ApiException e) {
      recorder.warning(
          service,
          "FailedToUpdateEndpointSlices",
          "Error updating Endpoint Slices for Service "
              + key.namespace()
              + "/"
              + key.name()
              + ": "
              + e.status().message());
      throw e;
    }
    return Result.done();
  }
}
