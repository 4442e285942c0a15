package dev.wavetank.core.apiserver.apiextensions.schema;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills in the defaults of a schema. A null where the schema allows none is as if it were absent.
 *
 * <p>Follows
 * staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/algorithm.go and
 * prune.go (v1.36).
 */
public final class SchemaDefaults {

  private SchemaDefaults() {}

  /** The object with the defaults of its schema. */
  public static KubeMap fill(KubeMap object, StructuralSchema schema) {
    return map(object, schema);
  }

  private static Object value(Object value, @Nullable StructuralSchema schema) {
    if (schema == null) {
      return value;
    }
    if (value instanceof KubeMap map) {
      return map(map, schema);
    }
    if (value instanceof KubeList list) {
      KubeList made = list;
      for (int i = 0; i < list.size(); i++) {
        Object element = filled(list.get(i), schema.items());
        Object after = value(element, schema.items());
        made = after == list.get(i) ? made : made.with(i, after);
      }
      return made;
    }
    return value;
  }

  private static Object filled(Object value, @Nullable StructuralSchema schema) {
    Object otherwise = schema == null ? null : schema.defaultValue();
    return value == KubeNull.NULL && schema != null && !schema.nullable() && otherwise != null
        ? otherwise
        : value;
  }

  private static KubeMap map(KubeMap map, StructuralSchema schema) {
    KubeMap made = map;
    for (int i = 0; i < map.size(); i++) {
      StructuralSchema declared = schema.properties().get(map.keyAt(i));
      boolean wrongNull =
          map.valueAt(i) == KubeNull.NULL && declared != null && !declared.nullable();
      if (wrongNull && declared != null && declared.defaultValue() != null) {
        made = made.without(map.keyAt(i));
      }
    }
    for (Map.Entry<String, StructuralSchema> property : schema.properties().entrySet()) {
      Object otherwise = property.getValue().defaultValue();
      if (otherwise != null && !made.has(property.getKey())) {
        made = made.with(property.getKey(), otherwise);
      }
    }
    KubeMap complete = made;
    for (int i = 0; i < complete.size(); i++) {
      String name = complete.keyAt(i);
      StructuralSchema property = schema.property(name);
      Object before = complete.valueAt(i);
      Object after = value(filled(before, property), property);
      made = after == before ? made : made.with(name, after);
    }
    return made;
  }
}
