package dev.wavetank.scheduler.framework;

/**
 * A pre-filter plugin whose state depends on the pods in the cluster: it is told when a pod is
 * supposed to come to a node or to leave it, before the node is filtered again.
 */
public interface PreFilterExtensions extends PreFilterPlugin {

  /** Brings the state of the pod that is scheduled up to date: another is supposed on the node. */
  Status addPod(CycleState state, PodInfo podToSchedule, PodInfo podToAdd, NodeInfo node);

  /** The same for one that is supposed to be gone from the node. */
  Status removePod(CycleState state, PodInfo podToSchedule, PodInfo podToRemove, NodeInfo node);
}
