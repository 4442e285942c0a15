package dev.wavetank.scheduler;

import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.framework.Status;

/** What the plugins of a scheduler may use of it. */
record PluginHandle(
    SchedulerCache cache, ApiClient client, SchedulingAlgorithm algorithm, WaitingPods waiting)
    implements Handle {

  @Override
  public SharedLister snapshotSharedLister() {
    return cache;
  }

  @Override
  public Status runFilterPlugins(CycleState state, PodInfo pod, NodeInfo node) {
    return algorithm.framework().runFilterPlugins(state, pod, node);
  }

  @Override
  public void allowWaitingPod(PodInfo pod, String plugin) {
    waiting.allow(pod, plugin);
  }

  @Override
  public void rejectWaitingPod(PodInfo pod, String plugin, String message) {
    waiting.reject(pod, plugin, message);
  }
}
