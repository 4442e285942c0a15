package dev.wavetank.core.controller.endpoints;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.PodControl;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the Endpoints of every Service that has a selector, and deletes those of a Service that is
 * gone. Endpoints that somebody else changed are overwritten by the next sync of the Service.
 *
 * <p>Follows pkg/controller/endpoint/endpoints_controller.go and endpoints_tracker.go (v1.36).
 */
public final class EndpointsController implements Reconciler<ObjectKey> {

  /** Label of the Endpoints that this controller keeps; its value is the controller's name. */
  public static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";

  private static final String NAME = "endpoint-controller";
  private static final int WORKERS = 5;
  private static final int RETRIES_MAX = 15;
  private static final String HEADLESS = "service.kubernetes.io/headless";
  private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

  private final ApiClient client;
  private final EventRecorder recorder;
  private final Controller<ObjectKey> controller;
  private final SelectorIndex selectors = new SelectorIndex();
  private final TriggerTimeTracker triggerTimes = new TriggerTimeTracker();
  private final Informer services;
  private final Informer pods;
  private final Informer endpoints;

  /** The version that this controller replaced last: a cache that still shows it is too old. */
  private final Map<ObjectKey, String> staleVersions = new LinkedHashMap<>();

  /** A controller that watches from now on and knows what exists. */
  public EndpointsController(ApiServer server) {
    this.client = new ApiClient(server, NAME);
    this.recorder = new EventRecorder(server, NAME, "");
    this.controller =
        new Controller<>(NAME, WORKERS, client, RateLimiter.controllerDefault(), RETRIES_MAX, this);
    this.services = Informer.of(server, ResourceType.SERVICES, NAME, this::serviceChanged);
    this.pods =
        Informer.of(server, ResourceType.PODS, NAME, ServicePods::matters, this::podChanged);
    this.endpoints = Informer.of(server, ResourceType.ENDPOINTS, NAME, this::endpointsChanged);
    services.replay();
    for (KubeObject found : endpoints.view().list(ResourceType.ENDPOINTS)) {
      if (!found.annotations().has(LEADER)) {
        controller.enqueue(serviceKey(found));
      }
    }
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private static ObjectKey serviceKey(KubeObject found) {
    return found.key(ResourceType.SERVICES);
  }

  private void serviceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    ServicePods.fileSelector(selectors, before, after);
    KubeObject service = after != null ? after : before;
    if (service != null) {
      controller.enqueue(serviceKey(service));
    }
  }

  /**
   * Wakes the Services of a pod. The end of a terminating pod changes nothing where such pods are
   * not published: they left when their deletion began. Upstream syncs in vain there; here, where a
   * sync without a write takes no time, a large Service would be synced for each of its pods.
   */
  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    boolean end = after == null && before != null && before.terminating();
    ServicePods.forEachService(
        selectors,
        before,
        after,
        service -> {
          if (!end || publishesNotReady(service)) {
            controller.enqueue(service);
          }
        });
  }

  private boolean publishesNotReady(ObjectKey key) {
    KubeObject service = services.view().get(key);
    return service != null && service.spec().bool("publishNotReadyAddresses", false);
  }

  private void endpointsChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null && before != null) {
      controller.enqueue(serviceKey(before));
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject service = services.view().get(key);
    if (service == null) {
      serviceGone(key);
      return Result.done();
    }
    KubeMap selector = service.spec().map("selector");
    if (selector == null || "ExternalName".equals(service.spec().get("type"))) {
      return Result.done();
    }
    List<KubeObject> selected =
        pods.view().list(ResourceType.PODS, key.namespace(), LabelSelector.ofLabels(selector));
    String triggerTime = triggerTimes.compute(key, service, selected);
    ObjectKey name = endpointsKey(key);
    KubeObject current = endpoints.view().get(name);
    if (current != null && current.resourceVersion().equals(staleVersions.get(name))) {
      return Result.retry();
    }
    DesiredEndpoints desired = DesiredEndpoints.of(service, selected);
    if (current == null) {
      create(service, desired.write(null, triggerTime));
    } else if (!desired.shownBy(current)) {
      update(current, desired.write(current, triggerTime));
    }
    return Result.done();
  }

  private static ObjectKey endpointsKey(ObjectKey service) {
    return ObjectKey.of(ResourceType.ENDPOINTS, service.namespace(), service.name());
  }

  private void serviceGone(ObjectKey service) {
    ObjectKey key = endpointsKey(service);
    try {
      client.delete(key, DeleteOptions.BACKGROUND);
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
    triggerTimes.deleteService(service);
    staleVersions.remove(key);
  }

  private void create(KubeObject service, KubeObject wanted) {
    try {
      client.create(ResourceType.ENDPOINTS, wanted);
    } catch (ApiException e) {
      if (PodControl.namespaceTerminating(e)) {
        return;
      }
      // Upstream's object has no namespace yet, so that its event lands in the default one.
      recorder.warning(
          wanted.withMetadata(wanted.metadata().without("namespace")),
          "FailedToCreateEndpoint",
          "Failed to create endpoint for service "
              + service.namespace()
              + "/"
              + service.name()
              + ": "
              + e.status().message());
      throw e;
    }
  }

  private void update(KubeObject current, KubeObject wanted) {
    ObjectKey key = current.key(ResourceType.ENDPOINTS);
    try {
      KubeObject updated = client.update(ResourceType.ENDPOINTS, wanted);
      if (!updated.resourceVersion().equals(current.resourceVersion())) {
        staleVersions.put(key, current.resourceVersion());
      }
    } catch (ApiException e) {
      recorder.warning(
          wanted,
          "FailedToUpdateEndpoint",
          "Failed to update endpoint "
              + key.namespace()
              + "/"
              + key.name()
              + ": "
              + e.status().message());
      throw e;
    }
  }

  /** The labels that the Endpoints of a Service carry. */
  static KubeMap labels(KubeObject service) {
    return service
        .labels()
        .with(HEADLESS, ServicePods.headless(service) ? "" : null)
        .with(MANAGED_BY, NAME);
  }

  /** Whether labels say the same as a Service's, those of this controller aside. */
  static boolean labelsCorrect(KubeMap labels, KubeMap ofService) {
    if (!NAME.equals(labels.get(MANAGED_BY))) {
      return false;
    }
    int own = 0;
    for (int i = 0; i < labels.size(); i++) {
      String label = labels.keyAt(i);
      if (label.equals(HEADLESS) || label.equals(MANAGED_BY)) {
        own++;
      } else if (!labels.valueAt(i).equals(ofService.get(label))) {
        return false;
      }
    }
    return ofService.size() == labels.size() - own;
  }
}
