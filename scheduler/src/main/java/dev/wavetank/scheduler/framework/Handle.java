package dev.wavetank.scheduler.framework;

import dev.wavetank.core.informer.ApiClient;

/**
 * What a plugin is given when it is built.
 *
 * <p>Follows {@code Handle} of staging/src/k8s.io/kube-scheduler/framework/interface.go (v1.36).
 */
public interface Handle {

  SharedLister snapshotSharedLister();

  /** The scheduler's connection to the API server. */
  ApiClient client();

  /** Runs the filter plugins on a node, real or supposed. */
  Status runFilterPlugins(CycleState state, PodInfo pod, NodeInfo node);

  /** Lets a pod go on that a permit plugin told to wait. */
  void allowWaitingPod(PodInfo pod, String plugin);

  /** Rejects a pod that waits for a permit plugin. */
  void rejectWaitingPod(PodInfo pod, String plugin, String message);
}
