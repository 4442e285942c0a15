package dev.wavetank.core.apiserver.cel;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.values.NullValue;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trees as values of the language, and names of fields as its identifiers.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/cel/escaping.go (v1.36).
 */
public final class CelValues {

  private static final ImmutableSet<String> RESERVED =
      ImmutableSet.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return");

  private CelValues() {}

  /** A tree as a value: maps, lists, texts, numbers, booleans and null. */
  public static Object of(Object tree) {
    if (tree instanceof KubeMap map) {
      Map<String, Object> made = new LinkedHashMap<>();
      map.forEach((name, value) -> made.put(name, of(value)));
      return made;
    }
    if (tree instanceof KubeList list) {
      List<Object> made = new ArrayList<>(list.size());
      list.forEach(value -> made.add(of(value)));
      return made;
    }
    return tree == KubeNull.NULL ? NullValue.NULL_VALUE : tree;
  }

  /**
   * A value as a tree.
   *
   * @throws IllegalArgumentException when it is none, such as a duration
   */
  public static Object tree(Object value) {
    if (value instanceof Map<?, ?> map) {
      KubeMap.Builder made = KubeMap.builder();
      map.forEach((key, element) -> made.put(String.valueOf(key), tree(element)));
      return made.build();
    }
    if (value instanceof Collection<?> collection) {
      List<Object> made = new ArrayList<>(collection.size());
      collection.forEach(element -> made.add(tree(element)));
      return KubeList.copyOf(made);
    }
    if (value instanceof NullValue) {
      return KubeNull.NULL;
    }
    boolean scalar =
        value instanceof String
            || value instanceof Long
            || value instanceof Double
            || value instanceof Boolean;
    if (!scalar) {
      throw new IllegalArgumentException("no value of an object: " + value);
    }
    return value;
  }

  /** The field's name of an identifier, as {@link #identifier} made it. */
  static String field(String identifier) {
    if (identifier.length() > 4
        && identifier.startsWith("__")
        && RESERVED.contains(identifier.substring(2, identifier.length() - 2))) {
      return identifier.substring(2, identifier.length() - 2);
    }
    return identifier
        .replace("__dot__", ".")
        .replace("__dash__", "-")
        .replace("__slash__", "/")
        .replace("__underscores__", "__");
  }

  /** A field's name as an identifier; empty when it has none. */
  public static String identifier(String name) {
    if (RESERVED.contains(name)) {
      return "__" + name + "__";
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_' && i + 1 < name.length() && name.charAt(i + 1) == '_') {
        out.append("__underscores__");
        i++;
      } else if (c == '.') {
        out.append("__dot__");
      } else if (c == '-') {
        out.append("__dash__");
      } else if (c == '/') {
        out.append("__slash__");
      } else if (c == '_' || isLetter(c) || (i > 0 && c >= '0' && c <= '9')) {
        out.append(c);
      } else {
        return "";
      }
    }
    return out.toString();
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
