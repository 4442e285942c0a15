package dev.wavetank.scheduler.plugins;

import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Domains;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.plugins.topology.SpreadCounts;

/**
 * What scoring one pod by its topology spread constraints needs to know: how much each domain
 * weighs among the feasible nodes, and which of these are left out.
 *
 * <p>Follows pkg/scheduler/framework/plugins/podtopologyspread/scoring.go (v1.36).
 */
final class SpreadScores implements CycleState.StateData {

  private final SpreadCounts counts;
  private final boolean allTopologies;
  private final double[] weights;

  SpreadScores(SpreadCounts counts, boolean allTopologies, NodeInfo[] nodes, int count) {
    this.counts = counts;
    this.allTopologies = allTopologies;
    this.weights = new double[counts.size()];
    int scored = 0;
    for (int row = 0; row < count; row++) {
      scored += ignored(nodes[row]) ? 0 : 1;
    }
    for (int i = 0; i < weights.length; i++) {
      int size = hostname(i) ? scored : topologySize(i, nodes, count);
      weights[i] = Math.log(size + 2.0);
    }
  }

  private boolean hostname(int constraint) {
    return counts.constraint(constraint).topologyKey().equals(SpreadCounts.HOSTNAME);
  }

  /** How many values the topology key has among the feasible nodes; none counts as one. */
  private int topologySize(int constraint, NodeInfo[] nodes, int count) {
    Domains domains = counts.constraint(constraint).counts().domains();
    boolean[] seen = new boolean[domains.count() + 1];
    int size = 0;
    for (int row = 0; row < count; row++) {
      if (!ignored(nodes[row])) {
        int domain = domains.of(nodes[row]);
        int index = domain == Domains.NONE ? domains.count() : domain;
        if (!seen[index]) {
          seen[index] = true;
          size++;
        }
      }
    }
    return size;
  }

  /** Whether a feasible node is left out since it is in no domain of some constraint. */
  private boolean ignored(NodeInfo node) {
    if (!allTopologies) {
      return false;
    }
    for (int i = 0; i < counts.size(); i++) {
      if (counts.constraint(i).counts().domains().of(node) == Domains.NONE) {
        return true;
      }
    }
    return false;
  }

  @Override
  public SpreadScores copy() {
    return this;
  }

  /** The raw score of a node: the fewer matching pods around it, the less. */
  long of(NodeInfo node) {
    if (ignored(node)) {
      return 0;
    }
    double score = 0;
    for (int i = 0; i < weights.length; i++) {
      SpreadCounts.Constraint constraint = counts.constraint(i);
      int domain = constraint.counts().domains().of(node);
      if (domain != Domains.NONE) {
        int matching = hostname(i) ? constraint.onNode(node) : constraint.counts().in(domain);
        score += matching * weights[i] + (constraint.maxSkew() - 1);
      }
    }
    return rounded(score);
  }

  /** Half away from zero, as Go rounds; no score is negative. */
  private static long rounded(double score) {
    double floor = Math.floor(score);
    return (long) (score - floor >= 0.5 ? floor + 1 : floor);
  }

  void normalize(long[] scores, NodeInfo[] nodes, int count) {
    long min = Long.MAX_VALUE;
    long max = 0;
    for (int row = 0; row < count; row++) {
      if (!ignored(nodes[row])) {
        min = Math.min(min, scores[row]);
        max = Math.max(max, scores[row]);
      }
    }
    for (int row = 0; row < count; row++) {
      if (ignored(nodes[row])) {
        scores[row] = 0;
      } else if (max == 0) {
        scores[row] = ScorePlugin.MAX_NODE_SCORE;
      } else {
        scores[row] = ScorePlugin.MAX_NODE_SCORE * (max + min - scores[row]) / max;
      }
    }
  }
}
