package dev.wavetank.core.api;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Values of a tree as Go prints them, by {@code fmt} and by {@code encoding/json}. */
public final class GoText {

  private GoText() {}

  /** As {@code %v} prints it: {@code map[a:1 b:[x y]]}, keys sorted. A list may be a Java one. */
  public static String of(Object value) {
    if (value instanceof KubeMap map) {
      TreeSet<String> keys = new TreeSet<>();
      map.keys().forEach(keys::add);
      List<String> entries = new ArrayList<>();
      for (String key : keys) {
        Object child = map.get(key);
        entries.add(key + ":" + of(child == null ? KubeNull.NULL : child));
      }
      return "map[" + String.join(" ", entries) + "]";
    }
    if (value instanceof Iterable<?> list) {
      List<String> elements = new ArrayList<>();
      list.forEach(element -> elements.add(of(element)));
      return "[" + String.join(" ", elements) + "]";
    }
    if (value == KubeNull.NULL) {
      return "<nil>";
    }
    return value instanceof Double number ? Json.general(number) : value.toString();
  }

  /** The name of a value's type in Go, such as {@code map[string]interface {}}. */
  public static String type(Object value) {
    if (value instanceof KubeMap) {
      return "map[string]interface {}";
    }
    if (value instanceof KubeList) {
      return "[]interface {}";
    }
    if (value instanceof String) {
      return "string";
    }
    if (value instanceof Long) {
      return "int64";
    }
    if (value instanceof Double) {
      return "float64";
    }
    return value instanceof Boolean ? "bool" : "%!s(<nil>)";
  }

  /** As {@code encoding/json} writes it: sorted keys, and what HTML would read is escaped. */
  public static String json(Object value) {
    return escaped(Json.write(Names.sorted(value)));
  }

  /** {@link #json} with four blanks of indentation. */
  public static String jsonIndented(Object value) {
    return escaped(Json.writePretty(Names.sorted(value)));
  }

  /** {@link #json} of a Go structure, whose fields keep their order. */
  public static String jsonOfStruct(Object value) {
    return escaped(Json.write(value));
  }

  /** {@link #jsonOfStruct} with two blanks of indentation. */
  public static String jsonOfStructIndented(Object value) {
    StringBuilder out = new StringBuilder();
    for (String line : Json.writePretty(value).split("\n", -1)) {
      String text = line.stripLeading();
      out.append(" ".repeat((line.length() - text.length()) / 2)).append(text).append('\n');
    }
    return escaped(out.substring(0, out.length() - 1));
  }

  private static String escaped(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }
}
