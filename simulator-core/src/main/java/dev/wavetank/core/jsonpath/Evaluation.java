package dev.wavetank.core.jsonpath;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One walk of a template over an object.
 *
 * <p>Follows staging/src/k8s.io/client-go/util/jsonpath/jsonpath.go (v1.36); children of an object
 * come in the order of their keys.
 */
final class Evaluation {

  private final List<Node> nodes;
  private final boolean allowMissingKeys;
  private boolean beginsRange;
  private boolean endsRange;
  private int depth;

  Evaluation(List<Node> nodes, boolean allowMissingKeys) {
    this.nodes = nodes;
    this.allowMissingKeys = allowMissingKeys;
  }

  /** The values that each node finds, ranges repeated. */
  List<List<Object>> run(Object data) {
    List<List<Object>> found = new ArrayList<>();
    run(0, data, found);
    return found;
  }

  /** Runs the nodes from one on; the index of the node that ended the range. */
  private int run(int from, Object data, List<List<Object>> found) {
    List<Object> current = List.of(data);
    for (int i = from; i < nodes.size(); i++) {
      List<Object> results = nodes.get(i).walk(current, this);
      if (endsRange) {
        endsRange = false;
        return i;
      }
      if (!beginsRange) {
        found.add(results);
        continue;
      }
      beginsRange = false;
      depth++;
      int end = results.isEmpty() ? run(i + 1, KubeNull.NULL, new ArrayList<>()) : i;
      for (Object value : results) {
        end = run(i + 1, value, found);
      }
      depth--;
      i = end;
    }
    return nodes.size();
  }

  List<Object> identifier(List<Object> values, String name) {
    switch (name) {
      case "range" -> {
        beginsRange = true;
        return values;
      }
      case "end" -> {
        if (depth == 0) {
          throw new JsonPathException("not in range, nothing to end");
        }
        endsRange = true;
        return List.of();
      }
      default -> throw new JsonPathException("unrecognized identifier " + name);
    }
  }

  List<Object> field(List<Object> values, String name) {
    List<Object> found = new ArrayList<>();
    for (Object value : values) {
      if (value instanceof KubeMap map) {
        Object child = map.get(name);
        if (child != null) {
          found.add(child);
        }
      }
    }
    if (found.isEmpty() && !values.isEmpty() && !allowMissingKeys) {
      throw new JsonPathException(name + " is not found");
    }
    return found;
  }

  List<Object> slice(List<Object> values, Node.Slice slice) {
    List<Object> found = new ArrayList<>();
    for (Object value : values) {
      if (value != KubeNull.NULL) {
        addSlice(list(value, GoText.type(value) + " is not array or slice"), slice, found);
      }
    }
    return found;
  }

  private static void addSlice(KubeList list, Node.Slice slice, List<Object> found) {
    int length = list.size();
    Integer first = slice.from();
    int from = first == null ? 0 : first < 0 ? first + length : first;
    Integer last = slice.to();
    int to = last == null ? length : last < 0 ? last + length : last;
    if (slice.single()) {
      to = (first == null ? 0 : first) + 1;
      to = to <= 0 ? to + length : to;
    }
    if (to == from) {
      return;
    }
    if (from >= length || from < 0) {
      throw outOfBounds(from, length);
    }
    if (to > length || to < 0) {
      throw outOfBounds(to - 1, length);
    }
    if (from > to) {
      throw new JsonPathException("starting index " + from + " is greater than ending index " + to);
    }
    Integer asked = slice.step();
    int step = asked == null ? 1 : asked;
    if (step <= 0) {
      throw new JsonPathException("step must be > 0");
    }
    for (int i = from; i < to; i += step) {
      found.add(list.get(i));
    }
  }

  private static JsonPathException outOfBounds(int index, int length) {
    return new JsonPathException(
        "array index out of bounds: index " + index + ", length " + length);
  }

  List<Object> filter(List<Object> values, Node.Filter filter) {
    List<Object> found = new ArrayList<>();
    for (Object value : values) {
      KubeList list =
          list(value, GoText.of(value) + " is not array or slice and cannot be filtered");
      for (Object element : list) {
        if (passes(element, filter)) {
          found.add(element);
        }
      }
    }
    return found;
  }

  private boolean passes(Object element, Node.Filter filter) {
    if (filter.operator().equals("exists")) {
      try {
        return !filter.left().walk(List.of(element), this).isEmpty();
      } catch (JsonPathException e) {
        return false;
      }
    }
    Object left = one(filter.left().walk(List.of(element), this));
    if (left == null) {
      return false;
    }
    Object right = one(filter.right().walk(List.of(element), this));
    return right != null && Comparison.holds(left, filter.operator(), right);
  }

  private static @Nullable Object one(List<Object> values) {
    if (values.size() > 1) {
      throw new JsonPathException("can only compare one element at a time");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private static KubeList list(Object value, String otherwise) {
    if (value instanceof KubeList list) {
      return list;
    }
    throw new JsonPathException(otherwise);
  }

  /** The children of an object, in the order of their keys, or of a list. */
  static List<Object> children(Object value) {
    List<Object> children = new ArrayList<>();
    if (value instanceof KubeMap map) {
      TreeSet<String> keys = new TreeSet<>();
      map.keys().forEach(keys::add);
      for (String key : keys) {
        Object child = map.get(key);
        children.add(child == null ? KubeNull.NULL : child);
      }
    } else if (value instanceof KubeList list) {
      list.forEach(children::add);
    }
    return children;
  }

  /** All that has something in it, each before what is below it. */
  static List<Object> below(List<Object> values) {
    List<Object> found = new ArrayList<>();
    for (Object value : values) {
      List<Object> children = children(value);
      boolean text = value instanceof String string && !string.isEmpty();
      if (!children.isEmpty() || text) {
        found.add(value);
        found.addAll(below(children));
      }
    }
    return found;
  }
}
