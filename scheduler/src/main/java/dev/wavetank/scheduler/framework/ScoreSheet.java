package dev.wavetank.scheduler.framework;

import dev.wavetank.core.sim.SimulationBug;

/**
 * The weighted scores of one cycle: a column a plugin, a row a feasible node, and the totals. It is
 * used again for every cycle.
 */
public final class ScoreSheet {

  private final long[][] columns;
  private final boolean[] used;
  private long[] totals = new long[0];
  private int rows;

  /** A sheet for that many plugins. */
  public ScoreSheet(int plugins) {
    this.columns = new long[plugins][];
    this.used = new boolean[plugins];
  }

  void reset(int count) {
    rows = count;
    java.util.Arrays.fill(used, false);
    if (totals.length < count) {
      totals = new long[count];
    } else {
      java.util.Arrays.fill(totals, 0, count, 0);
    }
  }

  long[] column(int plugin) {
    long[] column = columns[plugin];
    if (column == null || column.length < rows) {
      column = new long[totals.length];
      columns[plugin] = column;
    }
    used[plugin] = true;
    return column;
  }

  void add(long[] column, int weight, Plugin plugin) {
    for (int i = 0; i < rows; i++) {
      long score = column[i];
      if (score < 0 || score > ScorePlugin.MAX_NODE_SCORE) {
        throw new SimulationBug(
            "plugin \""
                + plugin.name()
                + "\" returns an invalid score "
                + score
                + ", it should in the range of [0, 100] after normalizing");
      }
      score *= weight;
      column[i] = score;
      totals[i] += score;
    }
  }

  /** How many nodes were scored. */
  public int rows() {
    return rows;
  }

  /** The sum of a node's weighted scores. */
  public long total(int row) {
    return totals[row];
  }

  /** Whether the plugin scored this pod. */
  public boolean scored(int plugin) {
    return used[plugin];
  }

  /** The weighted score of one plugin for a node. */
  public long score(int plugin, int row) {
    return columns[plugin][row];
  }
}
