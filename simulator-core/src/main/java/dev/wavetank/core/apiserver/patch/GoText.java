package dev.wavetank.core.apiserver.patch;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.List;

/** Trees and their types as Go's {@code fmt} prints them: the form of upstream's patch errors. */
public final class GoText {

  private GoText() {}

  /** A value under {@code %v}: {@code map[image:nginx name:web]}, keys sorted. */
  public static String of(Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, Object value) {
    if (value instanceof KubeMap map) {
      List<String> keys = new ArrayList<>(map.size());
      map.keys().forEach(keys::add);
      keys.sort(null);
      out.append("map[");
      for (int i = 0; i < keys.size(); i++) {
        out.append(i == 0 ? "" : " ").append(keys.get(i)).append(':');
        Object child = map.get(keys.get(i));
        append(out, child == null ? "" : child);
      }
      out.append(']');
    } else if (value instanceof Iterable<?> list) {
      out.append('[');
      int i = 0;
      for (Object element : list) {
        out.append(i++ == 0 ? "" : " ");
        append(out, element);
      }
      out.append(']');
    } else if (value instanceof Double number) {
      String text = Json.number(number);
      int exponent = text.indexOf('e');
      boolean short1 = exponent >= 0 && exponent + 3 == text.length();
      out.append(short1 ? text.substring(0, exponent + 2) + "0" : text);
      out.append(short1 ? text.substring(exponent + 2) : "");
    } else if (value instanceof String || value instanceof Long || value instanceof Boolean) {
      out.append(value);
    } else {
      out.append("<nil>");
    }
  }

  /** The name of a value's type in Go, such as {@code map[string]interface {}}. */
  static String type(Object value) {
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
}
