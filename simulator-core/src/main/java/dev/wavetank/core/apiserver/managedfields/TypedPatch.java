package dev.wavetank.core.apiserver.managedfields;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that an object which is applied is of its type, and finds the fields that it has.
 *
 * <p>Follows the vendored sigs.k8s.io/structured-merge-diff/v6/typed/validate.go and tofieldset.go
 * (v1.36).
 */
final class TypedPatch {

  private final List<String> problems = new ArrayList<>();

  private TypedPatch() {}

  /** What is wrong with an object; null when nothing is. */
  static @Nullable String problem(KubeMap object, FieldType type) {
    TypedPatch check = new TypedPatch();
    check.value(object, type, "");
    if (check.problems.isEmpty()) {
      return null;
    }
    return check.problems.size() == 1
        ? check.problems.get(0)
        : "errors:\n  " + String.join("\n  ", check.problems);
  }

  private void value(Object value, FieldType type, String path) {
    if (value == KubeNull.NULL) {
      return;
    }
    switch (type.kindFor(value)) {
      case STRUCT, MAP, ATOMIC_MAP -> {
        if (value instanceof KubeMap map) {
          map(map, type, path);
        } else {
          problems.add(path + ": expected map, got " + shown(value));
        }
      }
      case LIST_MAP, LIST_SET -> {
        if (value instanceof KubeList list) {
          list(list, type, path);
        } else {
          problems.add(path + ": expected list, got " + shown(value));
        }
      }
      case ATOMIC_LIST -> {
        if (!(value instanceof KubeList)) {
          problems.add(path + ": expected list, got " + shown(value));
        }
      }
      default -> {
        if (value instanceof KubeMap || value instanceof KubeList) {
          problems.add(path + ": expected scalar, got " + shown(value));
        }
      }
    }
  }

  private static String shown(Object value) {
    return "&{" + value + "}";
  }

  private void map(KubeMap map, FieldType type, String path) {
    for (int i = 0; i < map.size(); i++) {
      String name = map.keyAt(i);
      String child = path + "." + name;
      if (type.kind() == FieldType.Kind.STRUCT && !type.allows(name)) {
        problems.add(child + ": field not declared in schema");
      } else {
        value(map.valueAt(i), type.field(name), child);
      }
    }
  }

  private void list(KubeList list, FieldType type, String path) {
    Set<PathElement> seen = new LinkedHashSet<>();
    for (int i = 0; i < list.size(); i++) {
      PathElement element;
      try {
        element = type.item(list.get(i));
      } catch (TypeMismatch e) {
        problems.add(path + ": element " + i + ": " + e.getMessage());
        continue;
      }
      if (!seen.add(element)) {
        problems.add(path + ": duplicate entries for key " + element.shown());
      }
      value(list.get(i), type.element(), path + element.shown());
    }
  }

  /** The fields that an object has. */
  static FieldSet fields(Object value, FieldType type) {
    FieldSet.Builder set = new FieldSet.Builder();
    switch (type.kindFor(value)) {
      case STRUCT, MAP -> {
        if (value instanceof KubeMap map) {
          mapFields(map, type, set);
        }
      }
      case LIST_MAP, LIST_SET -> {
        if (value instanceof KubeList list) {
          for (Object item : list) {
            PathElement element = type.item(item);
            set.member(element);
            set.child(element, fields(item, type.element()));
          }
        }
      }
      default -> {}
    }
    return set.build();
  }

  private static void mapFields(KubeMap map, FieldType type, FieldSet.Builder set) {
    for (int i = 0; i < map.size(); i++) {
      Object value = map.valueAt(i);
      PathElement element = PathElement.field(map.keyAt(i));
      FieldType below = type.field(map.keyAt(i));
      boolean nothing = value == KubeNull.NULL || value.equals(KubeMap.EMPTY);
      if (isLeaf(value, below) || nothing || !type.declares(map.keyAt(i))) {
        set.member(element);
      }
      set.child(element, fields(value, below));
    }
  }

  static boolean isLeaf(@Nullable Object value, FieldType type) {
    return switch (type.kindFor(value)) {
      case LEAF, ATOMIC_LIST, ATOMIC_MAP -> true;
      default -> false;
    };
  }
}
