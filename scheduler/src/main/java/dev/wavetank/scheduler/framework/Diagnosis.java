package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Writes the message of a pod that fits no node: {@code 0/3 nodes are available: 3 Insufficient
 * cpu.}
 *
 * <p>Follows {@code FitError} of pkg/scheduler/framework/types.go (v1.36).
 */
public final class Diagnosis {

  /** The message when there is no node at all. */
  public static final String NO_NODES_AVAILABLE = "no nodes available to schedule pods";

  /** Longest note of an event, in bytes. */
  private static final int NOTE_BYTES_MAX = 1024;

  private static final String CUT = " ...";

  private Diagnosis() {}

  /**
   * The whole message.
   *
   * @param preFilterMessage empty when every pre-filter plugin let the pod pass
   * @param postFilterMessage empty for none
   */
  public static String message(
      NodeToStatus statuses, String preFilterMessage, String postFilterMessage) {
    StringBuilder text = new StringBuilder("0/").append(statuses.nodes());
    text.append(" nodes are available:");
    if (!preFilterMessage.isEmpty()) {
      text.append(' ').append(preFilterMessage).append('.');
    } else {
      String reasons = String.join(", ", histogram(statuses));
      if (!reasons.isEmpty()) {
        text.append(' ').append(reasons).append('.');
      }
    }
    if (!postFilterMessage.isEmpty()) {
      text.append(' ').append(postFilterMessage);
    }
    return text.toString();
  }

  /** The reasons with how many nodes each has, sorted as text: {@code 10 a} before {@code 2 b}. */
  static ImmutableList<String> histogram(NodeToStatus statuses) {
    Map<Status, Integer> nodes = new LinkedHashMap<>();
    Status last = null;
    int run = 0;
    for (int i = 0; i < statuses.nodes(); i++) {
      Status status = statuses.explicit(i);
      if (status == null) {
        continue;
      }
      // Neighbours mostly share their status: one look-up a run of them.
      if (last != null && status != last) {
        nodes.merge(last, run, Integer::sum);
        run = 0;
      }
      last = status;
      run++;
    }
    if (last != null) {
      nodes.merge(last, run, Integer::sum);
    }
    int absent = statuses.nodes() - statuses.size();
    if (absent > 0) {
      nodes.merge(statuses.absentNodesStatus(), absent, Integer::sum);
    }
    Map<String, Integer> reasons = new LinkedHashMap<>();
    nodes.forEach(
        (status, count) -> {
          for (String reason : status.reasons()) {
            reasons.merge(reason, count, Integer::sum);
          }
        });
    TreeSet<String> sorted = new TreeSet<>();
    reasons.forEach((reason, count) -> sorted.add(count + " " + reason));
    return ImmutableList.copyOf(sorted);
  }

  /** The message as an event can carry it: cut at 1024 bytes. */
  public static String note(String message) {
    return message.length() <= NOTE_BYTES_MAX
        ? message
        : message.substring(0, NOTE_BYTES_MAX - CUT.length()) + CUT;
  }
}
