package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * Objects in the form in which Go's encoder writes the API's typed structures: fields in the order
 * of the schema, those that are always written also when they are empty, the keys of maps sorted.
 */
public final class TypedJson {

  /** What is nearer to the whole, such as its status, is rarely the same again. */
  private static final int KEPT_DEPTH_MIN = 2;

  private TypedJson() {}

  /** The object as compact JSON. */
  public static String write(KubeMap object, SchemaType type) {
    JsonBuffer out = new JsonBuffer();
    write(object, type, out);
    return out.toString();
  }

  /** Writes the object as compact JSON: {@link #ordered} without that tree. */
  public static void write(KubeMap object, SchemaType type, JsonBuffer out) {
    object(out, object, type, null, 0);
  }

  /** Writes the same; values that were written before are copied from their texts. */
  public static void write(KubeMap object, SchemaType type, JsonBuffer out, JsonTexts texts) {
    object(out, object, type, texts, 0);
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

  private static void object(
      JsonBuffer out, KubeMap object, SchemaType type, @Nullable JsonTexts texts, int depth) {
    FieldOrder order = type.order(object.keySet());
    int start = out.size();
    for (int i = 0; i < order.size(); i++) {
      FieldOrder.Entry entry = order.at(i);
      if (entry.position() < 0) {
        entry.writeName(out);
        continue;
      }
      Object value = object.valueAt(entry.position());
      if (texts != null && entry.copy(out, value)) {
        continue;
      }
      int before = out.size();
      entry.writeName(out);
      value(out, value, entry.shape(), texts, depth + 1);
      if (texts != null) {
        entry.written(out, before, value);
      }
    }
    out.enclose(start, "{}");
  }

  /**
   * Writes a value.
   *
   * @param texts null when each value is written from nothing
   * @param depth how far below the whole it is
   */
  private static void value(
      JsonBuffer out, Object value, @Nullable Shape shape, @Nullable JsonTexts texts, int depth) {
    boolean composite = value instanceof KubeMap || value instanceof KubeList;
    if (!composite) {
      out.scalar(value);
    } else if (texts == null || shape == null || depth < KEPT_DEPTH_MIN) {
      composite(out, value, shape, texts, depth);
    } else {
      kept(out, value, shape, texts, depth);
    }
  }

  private static void kept(JsonBuffer out, Object value, Shape shape, JsonTexts texts, int depth) {
    int place = texts.place(value);
    if (!texts.knows(place, value, shape)) {
      composite(out, value, shape, texts, depth);
      texts.note(place, value, shape);
      return;
    }
    byte[] text = texts.text(place);
    if (text == null) {
      int start = out.size();
      composite(out, value, shape, texts, depth);
      texts.keep(place, value, shape, out.from(start));
    } else {
      out.raw(text);
    }
  }

  private static void composite(
      JsonBuffer out, Object value, @Nullable Shape shape, @Nullable JsonTexts texts, int depth) {
    SchemaType type = shape == null ? null : shape.object();
    Shape element = shape == null ? null : shape.element();
    if (value instanceof KubeMap map && type != null) {
      object(out, map, type, texts, depth);
    } else if (value instanceof KubeMap map) {
      int start = out.size();
      for (int position : map.keySet().sorted()) {
        out.name(map.keyAt(position));
        value(out, map.valueAt(position), element, texts, depth + 1);
      }
      out.enclose(start, "{}");
    } else if (value instanceof KubeList list) {
      int start = out.size();
      for (int i = 0; i < list.size(); i++) {
        out.comma();
        value(out, list.get(i), element, texts, depth + 1);
      }
      out.enclose(start, "[]");
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
