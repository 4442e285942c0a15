package dev.wavetank.core.apiserver.apiextensions.schema;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Items of lists of type {@code set} are there once, and those of type {@code map} once for each
 * key.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go
 * (v1.36).
 */
public final class ListTypes {

  private final FieldErrors errors;

  private ListTypes(FieldErrors errors) {
    this.errors = errors;
  }

  /** Adds what is wrong with the lists of an object. */
  public static void validate(KubeMap object, StructuralSchema schema, FieldErrors errors) {
    new ListTypes(errors).map(object, schema, "");
  }

  private void map(KubeMap map, StructuralSchema schema, String path) {
    for (int i = 0; i < map.size(); i++) {
      String name = map.keyAt(i);
      StructuralSchema declared = schema.properties().get(name);
      StructuralSchema additional = schema.additionalProperties();
      if (declared != null) {
        value(map.valueAt(i), declared, path.isEmpty() ? name : path + "." + name);
      } else if (additional != null) {
        value(map.valueAt(i), additional, path + "[" + name + "]");
      }
    }
  }

  private void value(Object value, StructuralSchema schema, String path) {
    if (value instanceof KubeMap map) {
      map(map, schema, path);
    } else if (value instanceof KubeList list) {
      if (schema.listType().equals("set")) {
        duplicates(list.iterator(), path);
      } else if (schema.listType().equals("map")) {
        keyed(list, schema, path);
      }
      StructuralSchema items = schema.items();
      for (int i = 0; items != null && i < list.size(); i++) {
        value(list.get(i), items, path + "[" + i + "]");
      }
    }
  }

  private void keyed(KubeList list, StructuralSchema schema, String path) {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Object item = list.get(i);
      if (item != KubeNull.NULL && !(item instanceof KubeMap)) {
        errors.invalid(
            path + "[" + i + "]", item, "must be an object for an array of list-type map");
        return;
      }
      KubeMap key = KubeMap.EMPTY;
      for (String field : schema.listMapKeys()) {
        key = key.with(field, item instanceof KubeMap map ? map.get(field) : null);
      }
      keys.add(key);
    }
    duplicates(keys.iterator(), path);
  }

  /** Tells of the first repetition of each value. */
  private void duplicates(java.util.Iterator<?> values, String path) {
    Map<Object, Integer> seen = new LinkedHashMap<>();
    for (int i = 0; values.hasNext(); i++) {
      Object value = values.next();
      if (seen.merge(value, 1, Integer::sum) == 2) {
        errors.duplicate(path + "[" + i + "]", value);
      }
    }
  }
}
