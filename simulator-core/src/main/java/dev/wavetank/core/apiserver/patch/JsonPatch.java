package dev.wavetank.core.apiserver.patch;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * JSON patch (RFC 6902) with the corner cases of the library that the API server uses: {@code
 * replace} also adds a key, an index may be negative, {@code copy} of what is absent gives null.
 *
 * <p>Follows patch.go of gopkg.in/evanphx/json-patch.v4, which staging/src/k8s.io/apiserver uses
 * (v1.36).
 */
public final class JsonPatch {

  /** Most operations of one patch. */
  public static final int OPERATIONS_MAX = 10_000;

  private static final String MISSING = ": missing value";
  private static final String NO_PATH = ": operation missing path field" + MISSING;
  private static final String NO_FROM = ": operation, missing from field" + MISSING;

  private static final BigInteger INDEX_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger INDEX_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private Object document;

  private JsonPatch(Object document) {
    this.document = document;
  }

  /**
   * The document with the operations applied, one after the other; it shares what does not change.
   *
   * @throws PatchException when the patch is no list of operations, or one does not apply
   */
  public static Object apply(Object document, Object patch) {
    if (!(patch instanceof KubeList operations)) {
      throw notA("jsonpatch.Patch", patch);
    }
    for (Object operation : operations) {
      if (!(operation instanceof KubeMap)) {
        throw notA("jsonpatch.Operation", operation);
      }
    }
    JsonPatch run = new JsonPatch(document);
    for (KubeMap operation : operations.maps()) {
      run.apply(operation);
    }
    return run.document;
  }

  static PatchException notA(String type, Object value) {
    return PatchException.badRequest(
        "json: cannot unmarshal " + jsonType(value) + " into Go value of type " + type);
  }

  /** What Go's JSON decoder calls a value. */
  static String jsonType(Object value) {
    if (value instanceof KubeMap) {
      return "object";
    }
    if (value instanceof KubeList) {
      return "array";
    }
    return value instanceof Boolean ? "bool" : value instanceof String ? "string" : "number";
  }

  private void apply(KubeMap operation) {
    String kind = operation.string("op", "unknown");
    switch (kind) {
      case "add" -> add(operation);
      case "remove" -> remove(operation);
      case "replace" -> replace(operation);
      case "move" -> move(operation);
      case "test" -> test(operation);
      case "copy" -> copy(operation);
      default -> throw wrong("Unexpected kind: " + kind);
    }
  }

  private static PatchException wrong(String message) {
    return PatchException.unprocessable(message);
  }

  /** A path of the operation; {@code failure} is what upstream says when it has none. */
  private static String text(KubeMap operation, String field, String failure) {
    if (operation.get(field) instanceof String path) {
      return path;
    }
    throw wrong(failure);
  }

  private static Object value(KubeMap operation) {
    return orNull(operation.get("value"));
  }

  private static Object orNull(@Nullable Object value) {
    return value == null ? KubeNull.NULL : value;
  }

  private void add(KubeMap operation) {
    String path = text(operation, "path", "add operation failed to decode path" + MISSING);
    String[] keys = keys(path);
    if (container(keys) == null) {
      throw wrong("add operation does not apply: doc is missing path: \"" + path + "\"" + MISSING);
    }
    add(keys, value(operation), "error in add for path: '" + path + "': ");
  }

  private void remove(KubeMap operation) {
    String path = text(operation, "path", "remove operation failed to decode path" + MISSING);
    String[] keys = keys(path);
    if (container(keys) == null) {
      throw wrong(
          "remove operation does not apply: doc is missing path: \"" + path + "\"" + MISSING);
    }
    remove(keys, "error in remove for path: '" + path + "': ");
  }

  private void replace(KubeMap operation) {
    String path = text(operation, "path", "replace operation failed to decode path" + NO_PATH);
    Object value = value(operation);
    if (path.isEmpty()) {
      if (!(value instanceof KubeMap) && !(value instanceof KubeList)) {
        throw wrong("replace operation value must be object or array: %!w(<nil>)");
      }
      document = value;
      return;
    }
    String[] keys = keys(path);
    Object container = container(keys);
    if (container == null) {
      throw wrong("replace operation does not apply: doc is missing path: " + path + MISSING);
    }
    String key = keys[keys.length - 1];
    try {
      get(container, key, "");
    } catch (PatchException e) {
      throw wrong("replace operation does not apply: doc is missing key: " + path + MISSING);
    }
    change(keys, found -> with(found, key, value));
  }

  private void move(KubeMap operation) {
    String from = text(operation, "from", "move operation failed to decode from" + NO_FROM);
    String[] source = keys(from);
    Object container = container(source);
    if (container == null) {
      throw wrong("move operation does not apply: doc is missing from path: " + from + MISSING);
    }
    String key = source[source.length - 1];
    String failure = "error in move for path: '" + key + "': ";
    Object value = orNull(get(container, key, failure));
    remove(source, failure);
    String path = text(operation, "path", "move operation failed to decode path" + NO_PATH);
    add(destination(path, "move"), value, "error in move for path: '" + path + "': ");
  }

  private void copy(KubeMap operation) {
    String from = text(operation, "from", "copy operation failed to decode from" + NO_FROM);
    String[] source = keys(from);
    Object container = container(source);
    if (container == null) {
      throw wrong("copy operation does not apply: doc is missing from path: " + from + MISSING);
    }
    String failure = "error in copy for from: '" + from + "': ";
    Object value = orNull(get(container, source[source.length - 1], failure));
    String path = text(operation, "path", "copy operation failed to decode path" + MISSING);
    add(destination(path, "copy"), value, "error while adding value during copy: ");
  }

  private String[] destination(String path, String operation) {
    String[] keys = keys(path);
    if (container(keys) == null) {
      throw wrong(
          operation
              + " operation does not apply: doc is missing destination path: "
              + path
              + MISSING);
    }
    return keys;
  }

  private void test(KubeMap operation) {
    String path = text(operation, "path", "test operation failed to decode path" + NO_PATH);
    Object found = document;
    if (!path.isEmpty()) {
      String[] keys = keys(path);
      Object container = container(keys);
      if (container == null) {
        throw wrong("test operation does not apply: is missing path: " + path + MISSING);
      }
      String failure = "error in test for path: '" + path + "': ";
      found = orNull(get(container, keys[keys.length - 1], failure));
    }
    if (!found.equals(value(operation))) {
      throw wrong("testing value " + path + " failed: test failed");
    }
  }

  /** The keys of a path; none when it has no slash. */
  private static String[] keys(String path) {
    String[] parts = path.split("/", -1);
    String[] keys = new String[parts.length - 1];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = parts[i + 1].replace("~1", "/").replace("~0", "~");
    }
    return keys;
  }

  /** The map or list that the last key is in; null when something on the way is absent. */
  private @Nullable Object container(String[] keys) {
    if (keys.length == 0) {
      return null;
    }
    Object node = document;
    for (int i = 0; i < keys.length - 1; i++) {
      Object next;
      try {
        next = get(node, keys[i], "");
      } catch (PatchException e) {
        return null;
      }
      if (!(next instanceof KubeMap) && !(next instanceof KubeList)) {
        return null;
      }
      node = next;
    }
    return node;
  }

  private void change(String[] keys, UnaryOperator<Object> change) {
    document = changed(document, keys, 0, change);
  }

  private static Object changed(
      Object node, String[] keys, int depth, UnaryOperator<Object> change) {
    if (depth == keys.length - 1) {
      return change.apply(node);
    }
    Object child = orNull(get(node, keys[depth], ""));
    return with(node, keys[depth], changed(child, keys, depth + 1, change));
  }

  private void add(String[] keys, Object value, String failure) {
    String key = keys[keys.length - 1];
    change(
        keys,
        found -> {
          if (!(found instanceof KubeList list)) {
            return with(found, key, value);
          }
          List<Object> elements = new ArrayList<>();
          list.forEach(elements::add);
          String prefix = failure + "value was not a proper array index: '" + key + "': ";
          boolean last = key.equals("-");
          int at = last ? list.size() : index(key, list.size() + 1, failure, prefix);
          elements.add(at, value);
          return KubeList.copyOf(elements);
        });
  }

  private void remove(String[] keys, String failure) {
    String key = keys[keys.length - 1];
    change(
        keys,
        found -> {
          if (found instanceof KubeList list) {
            return list.without(index(key, list.size(), failure, failure));
          }
          KubeMap map = (KubeMap) found;
          if (!map.has(key)) {
            throw wrong(failure + "Unable to remove nonexistent key: " + key + MISSING);
          }
          return map.without(key);
        });
  }

  /** The value of a key; null when a map lacks it. */
  private static @Nullable Object get(Object container, String key, String failure) {
    return container instanceof KubeList list
        ? list.get(index(key, list.size(), failure, failure))
        : ((KubeMap) container).get(key);
  }

  private static Object with(Object container, String key, Object value) {
    return container instanceof KubeList list
        ? list.with(index(key, list.size(), "", ""), value)
        : ((KubeMap) container).with(key, value);
  }

  /** The index that a key means, from 0 to below the size; a negative one counts from the end. */
  private static int index(String key, int size, String failure, String noNumber) {
    if (!key.matches("[+-]?[0-9]+")) {
      throw wrong(noNumber + "strconv.Atoi: parsing " + GoQuote.quote(key) + ": invalid syntax");
    }
    long index = new BigInteger(key).max(INDEX_MIN).min(INDEX_MAX).longValue();
    if (index >= size || index < -size) {
      throw wrong(
          failure + "Unable to access invalid index: " + index + ": invalid index referenced");
    }
    return (int) (index < 0 ? index + size : index);
  }
}
