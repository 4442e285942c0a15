package dev.wavetank.scheduler.framework;

/** Ranks the feasible nodes. */
public interface ScorePlugin extends Plugin {

  /** The largest normalized score. */
  long MAX_NODE_SCORE = 100;

  /**
   * The score of a node: 0 to 100, or any number when the plugin brings the scores of all nodes
   * into that range, see {@link ScoreExtensions}.
   */
  long score(CycleState state, PodInfo pod, NodeInfo node);

  /**
   * Whether the score of every node is 0 for this pod, so that none need be asked for it. It may
   * say no where that is not easily known.
   */
  default boolean scoresNothing(CycleState state, PodInfo pod) {
    return false;
  }
}
