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
    Json.write(out, json -> write(json, object, type, null, 0));
  }

  /**
   * Writes the same, and copies what it shares with a state that was written before.
   *
   * @param before of the state before, or {@link JsonParts#NONE}
   * @return where the parts lie in all that {@code out} holds; see {@link JsonParts#in}
   */
  public static JsonParts write(
      KubeMap object, SchemaType type, ByteArrayOutputStream out, JsonParts before) {
    JsonParts after = new JsonParts();
    Json.write(
        out, json -> write(json, object, type, new PartsWriter(json, out, before, after), 0));
    return after;
  }

  /** Copies what an object shares with a state that was written before. */
  private record PartsWriter(
      JsonGenerator json, ByteArrayOutputStream out, JsonParts before, JsonParts after) {

    private static final int DEPTH = 2;

    /** Writes a value of a field that is not deeper than parts are; false when it is none. */
    boolean wrote(Object value, @Nullable Shape fieldShape, int depth) throws IOException {
      Shape shape = depth == DEPTH ? null : JsonParts.shape(value, fieldShape);
      if (shape == null) {
        return false;
      }
      int known = before.find(value, shape);
      if (known >= 0) {
        json.writeRawValue("");
        json.flush();
        after.take(before, known, out.size());
        out.write(before.text(), before.start(known), before.end(known) - before.start(known));
        return true;
      }
      // What is written next is the colon behind the field's name.
      int part = after.begin(value, shape, out.size() + json.getOutputBuffered() + 1);
      SchemaType type = shape.object();
      if (value instanceof KubeMap map && type != null) {
        TypedJson.write(json, map, type, this, depth + 1);
      } else {
        TypedJson.write(json, value, shape);
      }
      after.end(part, out.size() + json.getOutputBuffered());
      return true;
    }
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

  /**
   * Writes an object.
   *
   * @param parts may copy its fields, and theirs in turn; null to write all of them
   * @param depth how far below the whole it is
   */
  private static void write(
      JsonGenerator json, KubeMap object, SchemaType type, @Nullable PartsWriter parts, int depth)
      throws IOException {
    FieldOrder order = type.order(object.keySet());
    json.writeStartObject();
    for (int i = 0; i < order.size(); i++) {
      FieldOrder.Entry entry = order.at(i);
      Object value = entry.position() < 0 ? entry.zero() : object.valueAt(entry.position());
      if (value != null) {
        json.writeFieldName(entry.json());
        if (parts == null || !parts.wrote(value, entry.shape(), depth)) {
          write(json, value, entry.shape());
        }
      }
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Object value, @Nullable Shape shape)
      throws IOException {
    SchemaType type = shape == null ? null : shape.object();
    Shape element = shape == null ? null : shape.element();
    if (value instanceof KubeMap map && type != null) {
      write(json, map, type, null, 0);
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
