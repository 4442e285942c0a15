package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * Objects in the form in which Go's encoder writes the API's typed structures: fields in the order
 * of the schema, those that are always written also when they are empty, the keys of maps sorted.
 */
public final class TypedJson {

  private TypedJson() {}

  /** The object as compact JSON. */
  public static String write(KubeMap object, SchemaType type) {
    return Json.write(ordered(object, type));
  }

  /** The object in that form; fields that the schema does not know come last. */
  public static KubeMap ordered(KubeMap object, SchemaType type) {
    KubeMap.Builder out = KubeMap.builder();
    for (SchemaField field : type.fields()) {
      Object value = object.get(field.name());
      if (value != null) {
        out.put(field.name(), ordered(value, field.shape()));
      } else if (!field.pointer() && (field.always() || field.required())) {
        out.put(field.name(), zero(field.shape()));
      }
    }
    for (int i = 0; i < object.size(); i++) {
      if (type.field(object.keyAt(i)) == null) {
        out.put(object.keyAt(i), Names.sorted(object.valueAt(i)));
      }
    }
    return out.build();
  }

  private static Object ordered(Object value, Shape shape) {
    SchemaType type = shape.object();
    Shape element = shape.element();
    if (type != null && value instanceof KubeMap map) {
      return ordered(map, type);
    }
    if (element != null && value instanceof KubeMap map) {
      KubeMap sorted = (KubeMap) Names.sorted(map);
      KubeMap.Builder out = KubeMap.builder();
      for (int i = 0; i < sorted.size(); i++) {
        out.put(sorted.keyAt(i), ordered(sorted.valueAt(i), element));
      }
      return out.build();
    }
    if (element != null && value instanceof KubeList list) {
      Object[] ordered = new Object[list.size()];
      for (int i = 0; i < ordered.length; i++) {
        ordered[i] = ordered(list.get(i), element);
      }
      return KubeList.of(ordered);
    }
    return Names.sorted(value);
  }

  private static @Nullable Object zero(Shape shape) {
    SchemaType type = shape.object();
    return switch (shape.kind()) {
      case STRING -> "";
      case BOOL -> false;
      case INT32, INT64, NUMBER -> 0L;
      case OBJECT -> type == null ? null : ordered(KubeMap.EMPTY, type);
      case QUANTITY -> "0";
      case INT_OR_STRING -> 0L;
      case BYTES, TIME, MICRO_TIME, ANY, LIST, MAP -> KubeNull.NULL;
    };
  }
}
