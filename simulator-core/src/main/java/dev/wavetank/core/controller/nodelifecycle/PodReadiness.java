package dev.wavetank.core.controller.nodelifecycle;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;

/**
 * Marks pods of a silent node as not ready, so that they leave their endpoints.
 *
 * <p>Follows pkg/controller/util/node/controller_utils.go (v1.36).
 */
final class PodReadiness {

  private final ApiClient client;
  private final EventRecorder recorder;

  PodReadiness(ApiClient client, EventRecorder recorder) {
    this.client = client;
    this.recorder = recorder;
  }

  /** Marks those of the pods that say to be ready; false when one could not be marked. */
  boolean markNotReady(Iterable<KubeObject> pods) {
    boolean all = true;
    for (KubeObject pod : pods) {
      KubeMap ready = Conditions.find(pod.status(), "Ready");
      if (ready != null && !"False".equals(ready.get("status"))) {
        all &= mark(pod, ready);
      }
    }
    return all;
  }

  private boolean mark(KubeObject pod, KubeMap ready) {
    KubeMap notReady =
        ready.with("status", "False").with("lastTransitionTime", client.server().timestamp());
    boolean marked = true;
    try {
      client.updateStatus(
          ResourceType.PODS, pod.withStatus(Conditions.with(pod.status(), notReady)));
    } catch (ApiException refused) {
      if (refused.notFound()) {
        return true;
      }
      marked = false;
    }
    recorder.warning(pod, "NodeNotReady", "Node is not ready");
    return marked;
  }
}
