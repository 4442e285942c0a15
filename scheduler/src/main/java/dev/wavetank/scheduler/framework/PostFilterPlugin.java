package dev.wavetank.scheduler.framework;

/** Tries to make a pod schedulable that fits no node. */
public interface PostFilterPlugin extends Plugin {

  /**
   * Looks for something that helps, and does it.
   *
   * @param statuses why each node was turned down
   */
  PostFilterResult postFilter(CycleState state, PodInfo pod, NodeToStatus statuses);
}
