package dev.wavetank.scheduler.framework;

/** Tries to make a pod schedulable that fits no node. */
public interface PostFilterPlugin extends Plugin {

  /** Success when the pod may fit later because of what was done; else why it does not help. */
  Status postFilter(CycleState state, PodInfo pod, NodeToStatus statuses);
}
