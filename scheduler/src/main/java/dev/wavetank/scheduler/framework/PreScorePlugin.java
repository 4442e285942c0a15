package dev.wavetank.scheduler.framework;

/** Looks at the pod and the feasible nodes once, before they are scored. */
public interface PreScorePlugin extends Plugin {

  /**
   * Success, or {@link Status#SKIP} when the plugin does not score this pod.
   *
   * @param nodes the feasible nodes; not to be changed or kept
   * @param count how many of the array are in use
   */
  Status preScore(CycleState state, PodInfo pod, NodeInfo[] nodes, int count);
}
