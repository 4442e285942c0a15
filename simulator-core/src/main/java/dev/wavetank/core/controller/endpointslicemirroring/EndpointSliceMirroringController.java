package dev.wavetank.core.controller.endpointslicemirroring;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.EndpointSliceTracker;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.record.EventRecorder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mirrors the Endpoints of every Service without a selector to EndpointSlices. Endpoints that say
 * {@code endpointslice.kubernetes.io/skip-mirror: "true"} or are a leader's lock are left alone.
 * Those of a Service with a selector are not even looked at.
 *
 * <p>Follows pkg/controller/endpointslicemirroring/endpointslicemirroring_controller.go (v1.36).
 */
public final class EndpointSliceMirroringController implements Reconciler<ObjectKey> {

  private static final String NAME = "endpoint-slice-mirroring-controller";
  private static final String SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";
  private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
  private static final int WORKERS = 5;
  private static final int RETRIES_MAX = 15;
  private static final long SECOND = 1_000_000_000L;

  private final ApiClient client;
  private final Controller<ObjectKey> controller;
  private final EndpointSliceTracker tracker = new EndpointSliceTracker();
  private final MirrorReconciler reconciler;
  private final Informer services;
  private final Informer endpoints;
  private final Informer slices;

  /** A controller that watches from now on and knows what exists. */
  public EndpointSliceMirroringController(ApiServer server) {
    this.client = new ApiClient(server, NAME);
    this.controller =
        new Controller<>(
            NAME,
            WORKERS,
            client,
            new RateLimiter(SECOND, 100 * SECOND, 10, 100),
            RETRIES_MAX,
            this);
    this.reconciler = new MirrorReconciler(client, tracker, new EventRecorder(server, NAME, ""));
    this.services = Informer.of(server, ResourceType.SERVICES, NAME, this::serviceChanged);
    this.slices = Informer.of(server, ResourceType.ENDPOINT_SLICES, NAME, this::sliceChanged);
    this.endpoints = Informer.of(server, ResourceType.ENDPOINTS, NAME, this::endpointsChanged);
    endpoints.replay();
  }

  private static boolean selects(@Nullable KubeObject service) {
    return service != null && service.spec().map("selector") != null;
  }

  private static boolean mirrored(@Nullable KubeObject endpoints) {
    return endpoints != null
        && !"true".equals(endpoints.labels().get(SKIP_MIRROR))
        && !endpoints.annotations().has(LEADER);
  }

  private static ObjectKey key(ResourceType type, KubeObject object) {
    return ObjectKey.of(type, object.namespace(), object.name());
  }

  private void serviceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject service = after != null ? after : before;
    if (service == null) {
      return;
    }
    boolean changed = before != null && after != null;
    boolean concerns = changed ? selects(before) != selects(after) : !selects(service);
    if (concerns) {
      controller.enqueue(key(ResourceType.ENDPOINTS, service));
    }
  }

  private void endpointsChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject changed = after != null ? after : before;
    if (changed == null
        || !(mirrored(before) || mirrored(after))
        || selects(services.view().get(key(ResourceType.SERVICES, changed)))) {
      return;
    }
    controller.enqueue(key(ResourceType.ENDPOINTS, changed));
  }

  private void sliceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      if (before != null && MirroredSlice.managed(before)) {
        ObjectKey owner = mirroredBy(before);
        if (tracker.has(owner, before) && !tracker.handleDeletion(owner, before)) {
          controller.enqueue(owner);
        }
      }
      return;
    }
    ObjectKey owner = mirroredBy(after);
    boolean managed = MirroredSlice.managed(after);
    if (before != null && !mirroredBy(before).equals(owner)) {
      queue(owner);
      queue(mirroredBy(before));
    } else if ((before != null && MirroredSlice.managed(before) != managed)
        || (managed && tracker.shouldSync(owner, after))) {
      queue(owner);
    }
  }

  private void queue(ObjectKey owner) {
    if (!owner.name().isEmpty()) {
      controller.enqueue(owner);
    }
  }

  private static ObjectKey mirroredBy(KubeObject slice) {
    return ObjectKey.of(
        ResourceType.ENDPOINTS,
        slice.namespace(),
        slice.labels().string(MirroredSlice.SERVICE_NAME, ""));
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject found = endpoints.view().get(key);
    KubeObject service =
        services.view().get(ObjectKey.of(ResourceType.SERVICES, key.namespace(), key.name()));
    List<KubeObject> existing =
        slices
            .view()
            .list(
                ResourceType.ENDPOINT_SLICES, key.namespace(), MirroredSlice.selector(key.name()));
    if (found == null || !mirrored(found) || service == null || selects(service)) {
      tracker.deleteService(key);
      for (KubeObject slice : existing) {
        client.delete(slice.key(ResourceType.ENDPOINT_SLICES), DeleteOptions.BACKGROUND);
      }
      return Result.done();
    }
    if (tracker.stale(key, existing)) {
      return Result.retry();
    }
    reconciler.reconcile(found, existing);
    return Result.done();
  }
}
