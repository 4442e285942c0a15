package dev.wavetank.core.apiserver.managedfields;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Names;
import org.jspecify.annotations.Nullable;

/**
 * One step from a value to a part of it: a field of a map, the element of a list that has certain
 * keys, or an element of a set.
 *
 * <p>Follows the vendored sigs.k8s.io/structured-merge-diff/v6/fieldpath/element.go (v1.36).
 */
final class PathElement implements Comparable<PathElement> {

  private enum Kind {
    FIELD,
    KEY,
    VALUE
  }

  private final Kind kind;
  private final Object value;
  private final String text;

  private PathElement(Kind kind, Object value, String text) {
    this.kind = kind;
    this.value = value;
    this.text = text;
  }

  static PathElement field(String name) {
    return new PathElement(Kind.FIELD, name, "f:" + name);
  }

  static PathElement key(KubeMap keys) {
    KubeMap sorted = (KubeMap) Names.sorted(keys);
    return new PathElement(Kind.KEY, sorted, "k:" + Json.write(sorted));
  }

  static PathElement value(Object scalar) {
    return new PathElement(Kind.VALUE, scalar, "v:" + Json.write(scalar));
  }

  /** The element of a text such as {@code f:spec}; null for one that is none. */
  static @Nullable PathElement parse(String text) {
    if (text.startsWith("f:")) {
      return field(text.substring(2));
    }
    if (!text.startsWith("k:") && !text.startsWith("v:")) {
      return null;
    }
    Object read;
    try {
      read = Json.read(text.substring(2));
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (text.startsWith("v:")) {
      return value(read);
    }
    return read instanceof KubeMap keys ? key(keys) : null;
  }

  /** The name of a field; null for an element of a list. */
  @Nullable String fieldName() {
    return kind == Kind.FIELD ? (String) value : null;
  }

  /** As managed fields write it. */
  String text() {
    return text;
  }

  /** As messages show it: {@code .spec}, {@code [name="c"]} or {@code [="x"]}. */
  String shown() {
    if (kind == Kind.FIELD) {
      return "." + value;
    }
    if (kind == Kind.VALUE) {
      return "[=" + Json.write(value) + "]";
    }
    StringBuilder out = new StringBuilder("[");
    ((KubeMap) value)
        .forEach(
            (name, key) ->
                out.append(out.length() > 1 ? "," : "")
                    .append(name)
                    .append('=')
                    .append(Json.write(key)));
    return out.append(']').toString();
  }

  @Override
  public int compareTo(PathElement other) {
    if (kind != other.kind) {
      return kind.compareTo(other.kind);
    }
    if (value instanceof KubeMap mine && other.value instanceof KubeMap theirs) {
      return compare(mine, theirs);
    }
    return compare(value, other.value);
  }

  private static int compare(KubeMap mine, KubeMap theirs) {
    for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
      int names = mine.keyAt(i).compareTo(theirs.keyAt(i));
      int values = names != 0 ? names : compare(mine.valueAt(i), theirs.valueAt(i));
      if (values != 0) {
        return values;
      }
    }
    return Integer.compare(mine.size(), theirs.size());
  }

  private static int compare(Object mine, Object theirs) {
    if (mine instanceof Long a && theirs instanceof Long b) {
      return Long.compare(a, b);
    }
    return Json.write(mine).compareTo(Json.write(theirs));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathElement that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
