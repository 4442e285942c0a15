package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Status;

/**
 * Assigns pods to nodes.
 *
 * <p>Follows the binding of pkg/registry/core/pod/storage/storage.go (v1.36).
 */
final class Binding {

  private Binding() {}

  /**
   * The pod as it is when it is assigned.
   *
   * @throws ApiException 409 when it is assigned already or is being deleted
   */
  static KubeObject bound(ObjectKey pod, KubeObject old, String node, String now) {
    String assigned = old.spec().string("nodeName", "");
    if (old.terminating()) {
      throw refused(pod, "is being deleted, cannot be assigned to a host");
    }
    if (!assigned.isEmpty()) {
      throw refused(pod, "is already assigned to node \"" + assigned + "\"");
    }
    KubeObject bound = old.withSpec(old.spec().with("nodeName", node));
    KubeMap scheduled =
        KubeMap.of(
            "type",
            "PodScheduled",
            "observedGeneration",
            old.generation(),
            "status",
            "True",
            "lastTransitionTime",
            now);
    return bound.withStatus(Conditions.with(old.status(), scheduled));
  }

  private static ApiException refused(ObjectKey pod, String why) {
    String name = pod.name();
    String message =
        "Operation cannot be fulfilled on pods/binding \"" + name + "\": pod " + name + " " + why;
    return new ApiException(
        new Status(409, "Conflict", message, pod.type(), pod.name(), ImmutableList.of()));
  }
}
