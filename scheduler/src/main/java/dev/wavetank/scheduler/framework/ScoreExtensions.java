package dev.wavetank.scheduler.framework;

/** A score plugin whose raw scores mean something only beside those of the other nodes. */
public interface ScoreExtensions extends ScorePlugin {

  /**
   * Brings the scores of all nodes into 0..100.
   *
   * @param scores raw scores, changed in place
   * @param nodes the scored nodes, in the same order; not to be changed or kept
   * @param count how many of both are in use
   */
  void normalizeScore(CycleState state, PodInfo pod, long[] scores, NodeInfo[] nodes, int count);

  /**
   * Scales scores from 0..max to 0..100.
   *
   * <p>Follows pkg/scheduler/framework/plugins/helper/normalize_score.go (v1.36).
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
