package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;

/**
 * The difference of two specs as one hunk of a unified diff: what lies between their common
 * beginning and their common end, with three lines around it. Upstream prints its internal
 * structures, which name every field; this prints the API's fields that are set.
 */
final class SpecDifference {

  private static final int CONTEXT = 3;

  private SpecDifference() {}

  /** The hunk, after a line break. */
  static String of(KubeMap old, KubeMap next) {
    String[] before = Json.writePretty(old).split("\n");
    String[] after = Json.writePretty(next).split("\n");
    int shorter = Math.min(before.length, after.length);
    int head = 0;
    while (head < shorter && before[head].equals(after[head])) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && before[before.length - 1 - tail].equals(after[after.length - 1 - tail])) {
      tail++;
    }
    int start = Math.max(head - CONTEXT, 0);
    int rest = Math.min(tail, CONTEXT);
    int beforeEnd = before.length - tail;
    int afterEnd = after.length - tail;
    StringBuilder text = new StringBuilder("\n@@ -").append(start + 1);
    text.append(',').append(beforeEnd + rest - start).append(" +").append(start + 1);
    text.append(',').append(afterEnd + rest - start).append(" @@\n");
    append(text, ' ', before, start, head);
    append(text, '-', before, head, beforeEnd);
    append(text, '+', after, head, afterEnd);
    append(text, ' ', before, beforeEnd, beforeEnd + rest);
    return text.toString();
  }

  private static void append(StringBuilder text, char sign, String[] lines, int from, int to) {
    for (int i = from; i < to; i++) {
      text.append(sign).append(lines[i]).append('\n');
    }
  }
}
