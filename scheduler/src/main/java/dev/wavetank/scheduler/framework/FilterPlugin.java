package dev.wavetank.scheduler.framework;

/** Decides whether a pod can run on a node. */
public interface FilterPlugin extends Plugin {

  /**
   * The verdict on one node. Called for very many nodes: it should allocate nothing and answer with
   * shared constants.
   */
  Status filter(CycleState state, PodInfo pod, NodeInfo node);
}
