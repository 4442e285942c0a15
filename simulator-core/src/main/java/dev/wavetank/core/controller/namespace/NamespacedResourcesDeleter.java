package dev.wavetank.core.controller.namespace;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.sim.ChoiceStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Empties one namespace: its pods first, and when they are gone all other types, in no particular
 * order. At last it takes its finalizer out of the namespace, which then is gone unless another one
 * is left.
 *
 * <p>Follows pkg/controller/namespace/deletion/namespaced_resources_deleter.go (v1.36).
 */
final class NamespacedResourcesDeleter {

  private static final String FINALIZER = "kubernetes";

  /** How long objects with finalizers are presumed to take. */
  private static final long FINALIZER_ESTIMATE_SECONDS = 15;

  private final ApiClient client;
  private final ChoiceStream order;

  /**
   * A deleter.
   *
   * @param order of the types, which upstream keeps in a hash map
   */
  NamespacedResourcesDeleter(ApiClient client, ChoiceStream order) {
    this.client = client;
    this.order = order;
  }

  /**
   * Deletes as much as it can.
   *
   * @return seconds that the rest is estimated to take; 0 when nothing is left to do
   * @throws ApiException when something could not be deleted
   */
  long delete(ObjectKey key) {
    KubeObject namespace = client.find(key);
    if (namespace == null || !namespace.terminating()) {
      return 0;
    }
    if (!"Terminating".equals(namespace.status().get("phase"))) {
      namespace =
          client.updateStatus(
              ResourceType.NAMESPACES, namespace.with("Terminating", "status", "phase"));
    }
    if (namespace.spec().listOrEmpty("finalizers").isEmpty()) {
      return 0;
    }
    Remaining remaining = deleteAllContent(namespace);
    if (!remaining.errors.isEmpty()) {
      throw new ApiException(Status.internalError(String.join(", ", remaining.errors)));
    }
    if (remaining.estimateSeconds == 0) {
      finish(key, namespace);
    }
    return remaining.estimateSeconds;
  }

  /** What is left in a namespace after an attempt to empty it. */
  static final class Remaining {
    long estimateSeconds;
    final List<String> errors = new ArrayList<>();
    final List<String> resources = new ArrayList<>();
    final FinalizerCounts finalizers = new FinalizerCounts();
  }

  private Remaining deleteAllContent(KubeObject namespace) {
    Remaining remaining = new Remaining();
    NamespaceConditions conditions = new NamespaceConditions(client.server().timestamp());
    tryDelete(ResourceType.PODS, namespace, remaining, conditions);
    if (remaining.resources.isEmpty()) {
      for (ResourceType type : otherTypes()) {
        tryDelete(type, namespace, remaining, conditions);
      }
      conditions.contentTotals(remaining);
    }
    KubeObject changed = namespace.withStatus(conditions.update(namespace.status()));
    if (!changed.equals(namespace)) {
      try {
        client.updateStatus(ResourceType.NAMESPACES, changed);
      } catch (ApiException refused) {
        // Upstream logs it: conditions only tell, the deletion goes on.
        return remaining;
      }
    }
    return remaining;
  }

  private List<ResourceType> otherTypes() {
    List<ResourceType> found = new ArrayList<>();
    for (ResourceType type : client.server().types()) {
      if (type.namespaced() && !type.equals(ResourceType.PODS)) {
        found.add(order.choose(found.size() + 1), type);
      }
    }
    return found;
  }

  private void tryDelete(
      ResourceType type,
      KubeObject namespace,
      Remaining remaining,
      NamespaceConditions conditions) {
    try {
      deleteAll(type, namespace, remaining);
    } catch (ApiException e) {
      String message = e.status().message();
      conditions.deleteContentError(message);
      remaining.errors.add(
          type.equals(ResourceType.PODS)
              ? "failed to delete pods for namespace: " + namespace.name() + ", err: " + message
              : message);
    }
  }

  private void deleteAll(ResourceType type, KubeObject namespace, Remaining remaining) {
    long graceful = gracefulSeconds(type, namespace);
    List<KubeObject> left;
    try {
      client.deleteCollection(type, namespace.name(), DeleteOptions.BACKGROUND);
      left = client.list(type, namespace.name());
    } catch (ApiException e) {
      remaining.estimateSeconds = Math.max(remaining.estimateSeconds, graceful);
      throw e;
    }
    if (left.isEmpty()) {
      return;
    }
    boolean finalizers = remaining.finalizers.count(left);
    remaining.resources.add(
        type.plural() + "." + type.group() + " has " + left.size() + " resource instances");
    long estimate = graceful == 0 && finalizers ? FINALIZER_ESTIMATE_SECONDS : graceful;
    remaining.estimateSeconds = Math.max(remaining.estimateSeconds, estimate);
    if (estimate == 0) {
      throw new ApiException(
          Status.internalError(
              "unexpected items still remain in namespace: "
                  + namespace.name()
                  + " for gvr: "
                  + type.group()
                  + "/"
                  + type.version()
                  + ", Resource="
                  + type.plural()));
    }
  }

  /** The longest grace period of its pods, as long as it has not passed since the request. */
  private long gracefulSeconds(ResourceType type, KubeObject namespace) {
    if (!type.equals(ResourceType.PODS)) {
      return 0;
    }
    long longest = 0;
    for (KubeObject pod : client.list(type, namespace.name())) {
      String phase = pod.status().string("phase", "");
      if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
        longest = Math.max(longest, pod.spec().number("terminationGracePeriodSeconds", 0));
      }
    }
    Instant asked = Timestamps.parse(namespace.deletionTimestamp());
    Instant now = client.server().simulation().instant();
    return asked == null || !now.isBefore(asked.plusSeconds(longest)) ? 0 : longest;
  }

  private void finish(ObjectKey key, KubeObject namespace) {
    try {
      client.finalizeNamespace(withoutFinalizer(namespace));
    } catch (ApiException e) {
      if (!e.conflict()) {
        throw e;
      }
      KubeObject newest = client.find(key);
      if (newest != null && newest.uid().equals(namespace.uid())) {
        client.finalizeNamespace(withoutFinalizer(newest));
      }
    }
  }

  private static KubeObject withoutFinalizer(KubeObject namespace) {
    KubeList finalizers = namespace.spec().listOrEmpty("finalizers");
    int index = finalizers.indexOf(FINALIZER);
    return index < 0 ? namespace : namespace.with(finalizers.without(index), "spec", "finalizers");
  }
}
