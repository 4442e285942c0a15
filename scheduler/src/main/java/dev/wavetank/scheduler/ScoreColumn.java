package dev.wavetank.scheduler;

import dev.wavetank.scheduler.framework.ScoreSheet;
import org.jspecify.annotations.Nullable;

/** What one plugin said of each feasible node, kept in as few bytes as it takes. */
final class ScoreColumn {

  /** Numbers by row: none when all are the same, bytes when they fit. */
  private static final class Numbers {
    private long same;
    private byte @Nullable [] bytes;
    private long @Nullable [] longs;

    long at(int row) {
      return bytes != null ? bytes[row] : longs != null ? longs[row] : same;
    }

    int size() {
      return bytes != null ? bytes.length : longs != null ? 8 * longs.length : 0;
    }
  }

  private interface Source {
    long at(int row);
  }

  private final int plugin;
  private final int weight;
  private final Numbers raw;
  private final Numbers normalized;

  ScoreColumn(ScoreSheet sheet, int plugin) {
    this.plugin = plugin;
    this.weight = sheet.weight(plugin);
    int rows = sheet.allZero(plugin) ? 0 : sheet.rows();
    this.raw = keep(rows, row -> sheet.rawScore(plugin, row));
    this.normalized =
        sheet.normalizes(plugin) ? keep(rows, row -> sheet.normalizedScore(plugin, row)) : raw;
  }

  private static Numbers keep(int rows, Source source) {
    Numbers numbers = new Numbers();
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int row = 0; row < rows; row++) {
      long number = source.at(row);
      min = Math.min(min, number);
      max = Math.max(max, number);
    }
    if (rows == 0 || min == max) {
      numbers.same = rows == 0 ? 0 : min;
    } else if (min >= Byte.MIN_VALUE && max <= Byte.MAX_VALUE) {
      byte[] bytes = new byte[rows];
      for (int row = 0; row < rows; row++) {
        bytes[row] = (byte) source.at(row);
      }
      numbers.bytes = bytes;
    } else {
      long[] longs = new long[rows];
      for (int row = 0; row < rows; row++) {
        longs[row] = source.at(row);
      }
      numbers.longs = longs;
    }
    return numbers;
  }

  /** Index of the plugin. */
  int plugin() {
    return plugin;
  }

  int weight() {
    return weight;
  }

  long raw(int row) {
    return raw.at(row);
  }

  long normalized(int row) {
    return normalized.at(row);
  }

  /** How many bytes it takes, about. */
  int bytes() {
    return raw.size() + (normalized == raw ? 0 : normalized.size()) + 64;
  }
}
