package dev.wavetank.scheduler.framework;

import org.jspecify.annotations.Nullable;

/**
 * What is known of each node for the pods of one spec: whether the filters that are {@link
 * NodeLocal} let them pass, and the raw scores of node-local plugins. What is known of a node holds
 * until the node changes, its pods and the pods nominated to it included.
 *
 * <p>It gives no answer that asking the plugins would not give; it only saves asking them.
 */
public final class SpecVerdicts {

  private final Framework framework;
  private final SharedLister lister;
  private final ScorePlugin[] localScores;
  private final long[] filtered;
  private final @Nullable Status[] statuses;
  private final byte[] rejectors;
  private final long[] scored;
  private final int[][] scores;

  // The nodes that were scored last.
  private int[] rows = {};
  private int rowCount;

  /** Nothing is known yet of the nodes of a lister. */
  public SpecVerdicts(Framework framework, SharedLister lister) {
    int nodes = lister.nodes().length;
    this.framework = framework;
    this.lister = lister;
    this.localScores = framework.localScorePlugins();
    this.filtered = new long[nodes];
    this.statuses = new Status[nodes];
    this.rejectors = new byte[nodes];
    this.scored = new long[nodes];
    this.scores = new int[localScores.length][nodes];
  }

  /** How many numbers are kept of each node. */
  public static int cellsPerNode(Framework framework) {
    return 4 + framework.localScorePlugins().length;
  }

  /**
   * Filters the node at a position; {@link #rejector} says who refused.
   *
   * @param all whether all filters that take part are node-local, so that the verdict is whole and
   *     pods nominated to the node count; else it is that of the filters before the first that is
   *     not, and no pod may be nominated to the node
   */
  public Status filter(CycleState state, PodInfo pod, int position, boolean all) {
    long generation = lister.generation(position);
    Status known = statuses[position];
    if (filtered[position] == generation && known != null) {
      return known;
    }
    NodeInfo node = lister.nodes()[position];
    Status status =
        all
            ? framework.runFilterPluginsWithNominatedPods(state, pod, node)
            : framework.runLeadingLocalFilters(state, pod, node);
    rejectors[position] = (byte) framework.rejector();
    if (status.success() || status.rejected()) {
      filtered[position] = generation;
      statuses[position] = status;
    }
    return status;
  }

  /** Whether the node at a position is known to pass what {@link #filter} would ask. */
  public boolean passes(int position) {
    return filtered[position] == lister.generation(position)
        && statuses[position] == Status.SUCCESS;
  }

  /** Index of the plugin that refused the node at a position when it was last filtered. */
  public int rejector(int position) {
    return rejectors[position];
  }

  /**
   * Makes the raw scores of node-local plugins known; their pre-score part has run.
   *
   * @param positions of the nodes to be scored; kept, and not to be changed until they are
   */
  public void score(CycleState state, PodInfo pod, int[] positions, int count) {
    rows = positions;
    rowCount = count;
    for (int row = 0; row < count; row++) {
      int position = positions[row];
      long generation = lister.generation(position);
      if (scored[position] != generation) {
        NodeInfo node = lister.nodes()[position];
        for (int i = 0; i < localScores.length; i++) {
          scores[i][position] = framework.rawScore(localScores[i], state, pod, node);
        }
        scored[position] = generation;
      }
    }
  }

  /** Writes the raw scores of a node-local plugin into a column, a row a node scored last. */
  void collect(int localScore, long[] column) {
    int[] known = scores[localScore];
    for (int row = 0; row < rowCount; row++) {
      column[row] = known[rows[row]];
    }
  }
}
