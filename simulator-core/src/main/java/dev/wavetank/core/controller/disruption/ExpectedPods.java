package dev.wavetank.core.controller.disruption;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.ApiClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many pods a workload should have: the sum of the scales of all controllers of its pods. A
 * ReplicaSet of a Deployment counts as that Deployment, whose scale is what it will come to.
 *
 * <p>Follows {@code getExpectedScale} and the finders of pkg/controller/disruption/disruption.go
 * (v1.36).
 */
final class ExpectedPods {

  /**
   * The sum over the controllers of some pods.
   *
   * @param count of pods that all the controllers ask for
   * @param unmanaged whether some pod has no controller
   */
  record Scale(int count, boolean unmanaged) {}

  /** A pod has a controller whose scale cannot be found; the message says which. */
  static final class NoScaleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoScaleException(String message) {
      super(message, null, false, false);
    }
  }

  private final ApiServer server;
  private final ApiClient client;

  ExpectedPods(ApiServer server, ApiClient client) {
    this.server = server;
    this.client = client;
  }

  /**
   * The scale of the controllers of some pods.
   *
   * @throws NoScaleException when the scale of a controller cannot be found
   */
  Scale of(List<KubeObject> pods) {
    Map<String, Long> scales = new LinkedHashMap<>();
    boolean unmanaged = false;
    for (KubeObject pod : pods) {
      KubeMap controller = pod.controllerRef();
      if (controller == null) {
        unmanaged = true;
      } else if (!scales.containsKey(controller.string("uid", ""))) {
        add(scales, controller, pod);
      }
    }
    long sum = scales.values().stream().mapToLong(Long::longValue).sum();
    return new Scale((int) Math.min(sum, Integer.MAX_VALUE), unmanaged);
  }

  private void add(Map<String, Long> scales, KubeMap reference, KubeObject pod) {
    KubeObject controller = resolve(pod.namespace(), reference);
    if (controller != null && isReplicaSet(reference)) {
      KubeMap owner = controller.controllerRef();
      if (owner != null && "Deployment".equals(owner.get("kind"))) {
        controller = resolve(pod.namespace(), owner);
      }
    }
    if (controller == null) {
      throw new NoScaleException("found no controllers for pod \"" + pod.name() + "\"");
    }
    scales.put(controller.uid(), controller.spec().number("replicas", 1));
  }

  private static boolean isReplicaSet(KubeMap reference) {
    return "ReplicaSet".equals(reference.get("kind"))
        && reference.string("apiVersion", "").startsWith("apps/");
  }

  private @Nullable KubeObject resolve(String namespace, KubeMap reference) {
    String apiVersion = reference.string("apiVersion", "");
    String kind = reference.string("kind", "");
    ResourceType type = server.typeOf(apiVersion, kind);
    if (type == null) {
      throw new NoScaleException(
          "no matches for kind \"" + kind + "\" in version \"" + apiVersion + "\"");
    }
    ObjectKey key = ObjectKey.of(type, namespace, reference.string("name", ""));
    KubeObject found = find(type, key);
    if (found != null && !found.spec().has("replicas")) {
      throw new NoScaleException(
          type.groupResource() + " does not implement the scale subresource");
    }
    return found == null || !found.uid().equals(reference.get("uid")) ? null : found;
  }

  /** Upstream has ReplicaSets and Deployments in a cache, and asks the server for others. */
  private @Nullable KubeObject find(ResourceType type, ObjectKey key) {
    boolean cached =
        type.equals(ResourceType.REPLICA_SETS) || type.equals(ResourceType.DEPLOYMENTS);
    return cached ? server.find(key) : client.find(key);
  }
}
