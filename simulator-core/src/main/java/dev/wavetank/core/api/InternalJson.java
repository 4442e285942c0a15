package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * A part of an object as upstream's messages show its internal structures, whose fields have no
 * names of their own in JSON: all of them, by the names of the source, absent ones as null or zero.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go (v1.36).
 */
public final class InternalJson {

  private InternalJson() {}

  /**
   * The text of a part of an object; {@code null} when it is absent.
   *
   * @param type by file and name, such as {@code batch.PodFailurePolicy}
   */
  public static String write(@Nullable KubeMap object, String type) {
    SchemaType schema = Schema.builtIn().type(type);
    return object == null || schema == null ? "null" : Json.write(tree(object, schema));
  }

  private static KubeMap tree(KubeMap object, SchemaType type) {
    KubeMap.Builder out = KubeMap.builder();
    for (SchemaField field : type.fields()) {
      Object value = object.get(field.name());
      SchemaType nested = field.shape().object();
      boolean flat = field.embedded() && nested != null;
      if (flat && value instanceof KubeMap map && nested != null) {
        KubeMap ordered = TypedJson.ordered(map, nested);
        for (int i = 0; i < ordered.size(); i++) {
          out.put(ordered.keyAt(i), ordered.valueAt(i));
        }
      } else if (!flat) {
        out.put(
            field.sourceName(),
            value == null || value == KubeNull.NULL
                ? absent(field)
                : present(value, field.shape()));
      }
    }
    return out.build();
  }

  private static Object present(Object value, Shape shape) {
    SchemaType type = shape.object();
    Shape element = shape.element();
    if (type != null && value instanceof KubeMap map) {
      return type.toString().startsWith("meta.") ? TypedJson.ordered(map, type) : tree(map, type);
    }
    if (element != null && value instanceof KubeList list) {
      Object[] all = new Object[list.size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = present(list.get(i), element);
      }
      return KubeList.of(all);
    }
    if (element != null && value instanceof KubeMap map) {
      KubeMap sorted = (KubeMap) Names.sorted(map);
      KubeMap.Builder out = KubeMap.builder();
      for (int i = 0; i < sorted.size(); i++) {
        out.put(sorted.keyAt(i), present(sorted.valueAt(i), element));
      }
      return out.build();
    }
    return value;
  }

  private static Object absent(SchemaField field) {
    if (field.pointer()) {
      return KubeNull.NULL;
    }
    SchemaType type = field.shape().object();
    return switch (field.shape().kind()) {
      case STRING -> "";
      case BOOL -> false;
      case INT32, INT64, NUMBER, INT_OR_STRING -> 0L;
      case QUANTITY -> "0";
      case OBJECT -> type == null ? KubeNull.NULL : present(KubeMap.EMPTY, field.shape());
      case BYTES, TIME, MICRO_TIME, ANY, LIST, MAP -> KubeNull.NULL;
    };
  }
}
