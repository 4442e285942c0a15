package dev.wavetank.scheduler;

import dev.wavetank.scheduler.framework.ScoreSheet;
import java.util.Arrays;
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

  private final int plugin;
  private final int weight;
  private final Numbers raw;
  private final Numbers normalized;

  ScoreColumn(ScoreSheet sheet, int plugin) {
    this.plugin = plugin;
    this.weight = sheet.weight(plugin);
    int rows = sheet.allZero(plugin) ? 0 : sheet.rows();
    this.raw = keep(sheet.rawScores(plugin), rows);
    this.normalized = sheet.normalizes(plugin) ? keep(sheet.normalizedScores(plugin), rows) : raw;
  }

  private static Numbers keep(long[] column, int rows) {
    Numbers numbers = new Numbers();
    numbers.same = rows == 0 ? 0 : column[0];
    long same = numbers.same;
    long differing = 0;
    for (int row = 0; row < rows; row++) {
      differing |= column[row] ^ same;
    }
    if (differing != 0) {
      numbers.bytes = bytes(column, rows);
      numbers.longs = numbers.bytes == null ? Arrays.copyOf(column, rows) : null;
    }
    return numbers;
  }

  /** The numbers as bytes, or null when one does not fit. */
  private static byte @Nullable [] bytes(long[] column, int rows) {
    byte[] bytes = new byte[rows];
    long lost = 0;
    for (int row = 0; row < rows; row++) {
      long number = column[row];
      bytes[row] = (byte) number;
      lost |= number ^ bytes[row];
    }
    return lost == 0 ? bytes : null;
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
