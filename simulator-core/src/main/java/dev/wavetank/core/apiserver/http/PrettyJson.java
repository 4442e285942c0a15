package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;

/** JSON with two blanks of indentation, as Go's encoder writes it for people. */
final class PrettyJson {

  private final StringBuilder out = new StringBuilder();

  private PrettyJson() {}

  static String write(KubeMap tree) {
    PrettyJson json = new PrettyJson();
    json.value(tree, 0);
    return json.out.toString();
  }

  private void value(Object value, int depth) {
    if (value instanceof KubeMap map && !map.isEmpty()) {
      out.append('{');
      for (int i = 0; i < map.size(); i++) {
        line(i, depth + 1);
        out.append(Json.write(map.keyAt(i))).append(": ");
        value(map.valueAt(i), depth + 1);
      }
      newLine(depth);
      out.append('}');
    } else if (value instanceof KubeList list && !list.isEmpty()) {
      out.append('[');
      for (int i = 0; i < list.size(); i++) {
        line(i, depth + 1);
        value(list.get(i), depth + 1);
      }
      newLine(depth);
      out.append(']');
    } else {
      out.append(Json.write(value));
    }
  }

  private void line(int index, int depth) {
    if (index > 0) {
      out.append(',');
    }
    newLine(depth);
  }

  private void newLine(int depth) {
    out.append('\n').append("  ".repeat(depth));
  }
}
