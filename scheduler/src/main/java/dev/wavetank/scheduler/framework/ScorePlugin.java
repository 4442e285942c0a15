package dev.wavetank.scheduler.framework;

/** Ranks the feasible nodes. */
public interface ScorePlugin extends Plugin {

  /** The largest normalized score. */
  long MAX_NODE_SCORE = 100;

  /** The score of a node; after {@link #normalizeScore} it lies in 0..100. */
  long score(CycleState state, PodInfo pod, NodeInfo node);

  /**
   * Brings the scores of all nodes into 0..100; by default they stay as they are.
   *
   * @param scores raw scores, changed in place
   * @param count how many of them are in use
   */
  default void normalizeScore(CycleState state, PodInfo pod, long[] scores, int count) {}

  /**
   * Scales scores from 0..max to 0..100.
   *
   * @param reverse whether the smallest raw score is the best
   */
  static void defaultNormalizeScore(boolean reverse, long[] scores, int count) {
    long max = 0;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, scores[i]);
    }
    for (int i = 0; i < count; i++) {
      long score = max == 0 ? 0 : MAX_NODE_SCORE * scores[i] / max;
      scores[i] = reverse ? MAX_NODE_SCORE - score : score;
    }
  }
}
