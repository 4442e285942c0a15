package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of indexes of an Indexed Job, such as {@code 0,2-4}.
 *
 * <p>Follows validateIndexesFormat of pkg/apis/batch/validation/validation.go (v1.36).
 *
 * @param intervals first and last index of each part that can be read
 * @param total how many indexes there are; 0 when the text is wrong
 * @param error what is wrong with the text, in upstream's words; null when it is right
 */
record JobIndexes(ImmutableList<long[]> intervals, long total, @Nullable String error) {

  static JobIndexes parse(String text, long completions) {
    List<long[]> intervals = new ArrayList<>();
    String error = null;
    long last = -1;
    long total = 0;
    for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      String[] limits = part.split("-", -1);
      String wrong = wrong(part, limits, completions);
      if (wrong == null) {
        long first = Long.parseLong(limits[0]);
        long end = Long.parseLong(limits[limits.length - 1]);
        intervals.add(new long[] {first, end});
        wrong = last >= first ? nonIncreasing(last, first) : null;
        last = end;
        total += end - first + 1;
      }
      error = error == null ? wrong : error;
    }
    return new JobIndexes(ImmutableList.copyOf(intervals), error == null ? total : 0, error);
  }

  private static @Nullable String wrong(String part, String[] limits, long completions) {
    if (limits.length > 2) {
      return "the fragment \""
          + part
          + "\" violates the requirement that an index interval can have at most two parts"
          + " separated by '-'";
    }
    for (String limit : limits) {
      if (limit.isEmpty()
          || limit.length() > 9
          || !limit.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return "cannot convert string to integer for index: \"" + limit + "\"";
      }
      if (Long.parseLong(limit) >= completions) {
        return "too large index: \"" + limit + "\"";
      }
    }
    long first = Long.parseLong(limits[0]);
    return limits.length == 2 && first >= Long.parseLong(limits[1])
        ? nonIncreasing(first, Long.parseLong(limits[1]))
        : null;
  }

  private static String nonIncreasing(long previous, long current) {
    return "non-increasing order, previous: " + previous + ", current: " + current;
  }

  /** The first index that two lists share, or -1. */
  long overlap(JobIndexes other) {
    for (long[] mine : intervals) {
      for (long[] theirs : other.intervals) {
        if (mine[0] <= theirs[1] && theirs[0] <= mine[1]) {
          return Math.max(mine[0], theirs[0]);
        }
      }
    }
    return -1;
  }
}
