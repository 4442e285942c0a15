package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * Says why a tree does not convert to the API's typed structures, in the words for trees that were
 * never JSON text: those of a strategic merge patch.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/runtime/converter.go (v1.36).
 */
public final class UnstructuredConverter {

  private UnstructuredConverter() {}

  /** What is wrong with the first field of a wrong type, in the order of the schema, or null. */
  public static @Nullable String problem(KubeMap object, SchemaType type) {
    for (SchemaField field : type.fields()) {
      Object value = object.get(field.name());
      String problem = value == null ? null : problem(value, field.shape());
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String problem(Object value, Shape shape) {
    if (value == KubeNull.NULL) {
      return null;
    }
    Shape element = shape.element();
    SchemaType type = shape.object();
    switch (shape.kind()) {
      case OBJECT:
        return type != null && value instanceof KubeMap map
            ? problem(map, type)
            : "cannot restore struct from: " + kindOf(value);
      case MAP:
        return element != null && value instanceof KubeMap map
            ? values(map, element)
            : "cannot restore map from " + kindOf(value);
      case LIST:
        return element != null && value instanceof KubeList list
            ? elements(list, element)
            : "cannot restore slice from " + kindOf(value);
      case BYTES:
        return value instanceof String
            ? prefixed("error decoding from json: ", ObjectDecoding.scalar(value, shape, ""))
            : "cannot restore slice from " + kindOf(value);
      case QUANTITY, TIME, MICRO_TIME:
        return ObjectDecoding.scalar(value, shape, "");
      case INT_OR_STRING:
        return value instanceof String || isInt32(value)
            ? null
            : "json: cannot unmarshal "
                + ObjectDecoding.kindOf(value, true)
                + " into Go value of type int32";
      case ANY:
        return null;
      default:
        return plain(value, shape);
    }
  }

  private static boolean isInt32(Object value) {
    return value instanceof Long number && number == number.intValue();
  }

  private static @Nullable String prefixed(String prefix, @Nullable String problem) {
    return problem == null ? null : prefix + problem;
  }

  private static @Nullable String values(KubeMap map, Shape element) {
    for (int i = 0; i < map.size(); i++) {
      String problem = problem(map.valueAt(i), element);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String elements(KubeList list, Shape element) {
    for (Object value : list) {
      String problem = problem(value, element);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String plain(Object value, Shape shape) {
    boolean whole = value instanceof Double number && number == Math.rint(number);
    switch (shape.kind()) {
      case STRING:
        return value instanceof String
            ? null
            : value instanceof Long
                ? "cannot convert int64 to " + shape.apiName()
                : "unrecognized type: string";
      case BOOL:
        return value instanceof Boolean ? null : "unrecognized type: bool";
      default:
        return value instanceof Long || whole
            ? null
            : value instanceof Double
                ? "cannot convert float64 to " + shape.apiName()
                : "unrecognized type: " + shape.apiName();
    }
  }

  private static String kindOf(Object value) {
    if (value instanceof KubeMap) {
      return "map";
    }
    if (value instanceof KubeList) {
      return "slice";
    }
    if (value instanceof Long) {
      return "int64";
    }
    return value instanceof Double ? "float64" : value instanceof Boolean ? "bool" : "string";
  }
}
