package dev.wavetank.scheduler.framework;

import java.util.Arrays;

/**
 * The scores of one cycle: for each plugin a column of raw and one of normalized scores, a row a
 * feasible node, and the weighted totals. It is used again for every cycle.
 */
public final class ScoreSheet {

  /** What {@link #add} answers when every score lies in 0..100. */
  static final long IN_RANGE = -1L << 62;

  private static final byte SKIPPED = 0;
  private static final byte NOTHING = 1;
  private static final byte RAW = 2;
  private static final byte NORMALIZED = 3;

  private final long[][] raw;
  private final long[][] normalized;
  private final int[] weights;
  private final byte[] kinds;
  private long[] totals = new long[0];
  private int rows;

  /** A sheet for that many plugins. */
  public ScoreSheet(int plugins) {
    this.raw = new long[plugins][0];
    this.normalized = new long[plugins][0];
    this.weights = new int[plugins];
    this.kinds = new byte[plugins];
  }

  void reset(int count) {
    rows = count;
    Arrays.fill(kinds, SKIPPED);
    if (totals.length < count) {
      totals = new long[count];
    } else {
      Arrays.fill(totals, 0, count, 0);
    }
  }

  /** The column for the raw scores of a plugin. */
  long[] raw(int plugin) {
    if (raw[plugin].length < rows) {
      raw[plugin] = new long[totals.length];
    }
    kinds[plugin] = RAW;
    return raw[plugin];
  }

  /** The raw score of every node is 0. */
  void nothing(int plugin) {
    kinds[plugin] = NOTHING;
  }

  /** The column for the normalized scores of a plugin, which holds its raw ones. */
  long[] toNormalize(int plugin) {
    if (normalized[plugin].length < rows) {
      normalized[plugin] = new long[totals.length];
    }
    long[] column = normalized[plugin];
    if (kinds[plugin] == NOTHING) {
      Arrays.fill(raw(plugin), 0, rows, 0);
    }
    System.arraycopy(raw[plugin], 0, column, 0, rows);
    kinds[plugin] = NORMALIZED;
    return column;
  }

  /**
   * Adds a plugin's scores to the totals.
   *
   * @return {@link #IN_RANGE}, or a score that is out of range
   */
  long add(int plugin, int weight) {
    weights[plugin] = weight;
    if (kinds[plugin] == NOTHING) {
      return IN_RANGE;
    }
    long[] column = column(plugin);
    long[] sums = totals;
    for (int i = 0; i < rows; i++) {
      long score = column[i];
      if (score < 0 || score > ScorePlugin.MAX_NODE_SCORE) {
        return score;
      }
      sums[i] += score * weight;
    }
    return IN_RANGE;
  }

  private long[] column(int plugin) {
    return kinds[plugin] == NORMALIZED ? normalized[plugin] : raw[plugin];
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
    return kinds[plugin] != SKIPPED;
  }

  /** Whether the raw score of every node is 0 and so is its normalized one. */
  public boolean allZero(int plugin) {
    return kinds[plugin] == NOTHING;
  }

  /** Whether the plugin's normalized scores may differ from its raw ones. */
  public boolean normalizes(int plugin) {
    return kinds[plugin] == NORMALIZED;
  }

  /** What the normalized scores of a plugin count. */
  public int weight(int plugin) {
    return weights[plugin];
  }

  /**
   * The raw scores of a plugin by row, for whoever reads them all: the sheet's own array, only its
   * first {@link #rows()} count, and until the next cycle. Not for a plugin that is {@link
   * #allZero}.
   */
  public long[] rawScores(int plugin) {
    return raw[plugin];
  }

  /** The normalized ones, in the same way. */
  public long[] normalizedScores(int plugin) {
    return column(plugin);
  }

  /** The normalized score of one node times the plugin's weight. */
  public long score(int plugin, int row) {
    return allZero(plugin) ? 0 : column(plugin)[row] * weights[plugin];
  }
}
