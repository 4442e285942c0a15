package dev.wavetank.core.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Objects in the form in which Go's encoder writes the API's typed structures: fields in the order
 * of the schema, those that are always written also when they are empty, the keys of maps sorted.
 */
public final class TypedJson {

  private TypedJson() {}

  /** The object as compact JSON. */
  public static String write(KubeMap object, SchemaType type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(object, type, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Writes the object as compact JSON in UTF-8: {@link #ordered} without that tree. */
  public static void write(KubeMap object, SchemaType type, ByteArrayOutputStream out) {
    Json.write(out, json -> write(json, object, type));
  }

  /** The object in that form; fields that the schema does not know come last. */
  public static KubeMap ordered(KubeMap object, SchemaType type) {
    FieldOrder order = type.order(object.keySet());
    KubeMap.Builder out = KubeMap.builder();
    for (int i = 0; i < order.size(); i++) {
      FieldOrder.Entry entry = order.at(i);
      Object value = entry.position() < 0 ? entry.zero() : object.valueAt(entry.position());
      out.put(entry.name(), value == null ? null : ordered(value, entry.shape()));
    }
    return out.build();
  }

  private static Object ordered(Object value, @Nullable Shape shape) {
    SchemaType type = shape == null ? null : shape.object();
    Shape element = shape == null ? null : shape.element();
    if (value instanceof KubeMap map) {
      if (type != null) {
        return ordered(map, type);
      }
      int[] sorted = map.keySet().sorted();
      KubeMap.Builder out = KubeMap.builder();
      for (int position : sorted) {
        out.put(map.keyAt(position), ordered(map.valueAt(position), element));
      }
      return out.build();
    }
    if (value instanceof KubeList list) {
      Object[] ordered = new Object[list.size()];
      for (int i = 0; i < ordered.length; i++) {
        ordered[i] = ordered(list.get(i), element);
      }
      return KubeList.of(ordered);
    }
    return value;
  }

  private static void write(JsonGenerator json, KubeMap object, SchemaType type)
      throws IOException {
    FieldOrder order = type.order(object.keySet());
    json.writeStartObject();
    for (int i = 0; i < order.size(); i++) {
      FieldOrder.Entry entry = order.at(i);
      Object value = entry.position() < 0 ? entry.zero() : object.valueAt(entry.position());
      if (value != null) {
        json.writeFieldName(entry.json());
        write(json, value, entry.shape());
      }
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Object value, @Nullable Shape shape)
      throws IOException {
    SchemaType type = shape == null ? null : shape.object();
    Shape element = shape == null ? null : shape.element();
    if (value instanceof KubeMap map && type != null) {
      write(json, map, type);
    } else if (value instanceof KubeMap map) {
      json.writeStartObject();
      for (int position : map.keySet().sorted()) {
        json.writeFieldName(map.keyAt(position));
        write(json, map.valueAt(position), element);
      }
      json.writeEndObject();
    } else if (value instanceof KubeList list) {
      json.writeStartArray();
      for (int i = 0; i < list.size(); i++) {
        write(json, list.get(i), element);
      }
      json.writeEndArray();
    } else {
      Json.writeScalar(json, value);
    }
  }

  /** What is written of a field that is absent and always written. */
  static @Nullable Object zero(Shape shape) {
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
