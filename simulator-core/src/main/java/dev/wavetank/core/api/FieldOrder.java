package dev.wavetank.core.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In which order the fields of maps with one key set are written as a type of the schema: the
 * type's fields first, also those that are absent and always written, then the others.
 */
final class FieldOrder {

  /** One field to write. */
  static final class Entry {

    /** Longer texts are not kept with the field. */
    private static final int KNOWN_BYTES_MAX = 4096;

    private final byte[] json;

    private final String name;
    private final int position;
    private final @Nullable Shape shape;
    private final @Nullable Object zero;

    /**
     * A value that two objects in a row had, such as a template's containers, with its text. It is
     * immutable and tells nothing but what is written anyway: whoever reads an older one writes the
     * same.
     */
    private @Nullable Known known;

    private @Nullable Object last;

    Entry(String name, int position, @Nullable Shape shape, @Nullable Object zero) {
      JsonBuffer out = new JsonBuffer();
      out.name(name);
      if (zero != null) {
        out.raw(Json.write(zero).getBytes(StandardCharsets.UTF_8));
      }
      this.json = out.toByteArray();
      this.name = name;
      this.position = position;
      this.shape = shape;
      this.zero = zero;
    }

    String name() {
      return name;
    }

    /** Writes a comma, the name and a colon, and the zero value when the map has no such key. */
    void writeName(JsonBuffer out) {
      out.raw(json);
    }

    /** Copies the field as it was written before if its value is that very one. */
    @SuppressWarnings(
        "ReferenceEquality") // equal values that are not shared are worth no comparison
    boolean copy(JsonBuffer out, Object value) {
      Known same = known;
      if (same == null || same.value != value) {
        return false;
      }
      out.raw(same.text);
      return true;
    }

    /** The field was written behind a place, and was not copied. */
    @SuppressWarnings(
        "ReferenceEquality") // equal values that are not shared are worth no comparison
    void written(JsonBuffer out, int start, Object value) {
      if (last != value) {
        last = value;
      } else if (out.size() - start <= KNOWN_BYTES_MAX) {
        known = new Known(value, out.from(start));
      }
    }

    /** The field's position in the map; negative when the map has no such key. */
    int position() {
      return position;
    }

    /** Null when the schema does not know the field. */
    @Nullable Shape shape() {
      return shape;
    }

    /** What is written when the map has no such key. */
    @Nullable Object zero() {
      return zero;
    }
  }

  /** A value and the text of its field, which must not be changed. */
  private static final class Known {
    private final Object value;
    private final byte[] text;

    Known(Object value, byte[] text) {
      this.value = value;
      this.text = text;
    }
  }

  private final SchemaType type;
  private final Entry[] entries;

  private FieldOrder(SchemaType type, Entry[] entries) {
    this.type = type;
    this.entries = entries;
  }

  static FieldOrder of(SchemaType type, Keys keys) {
    List<Entry> entries = new ArrayList<>();
    for (SchemaField field : type.fields()) {
      int position = keys.indexOf(field.name());
      boolean written = !field.pointer() && (field.always() || field.required());
      Object zero = position < 0 && written ? TypedJson.zero(field.shape()) : null;
      if (position >= 0 || zero != null) {
        entries.add(new Entry(field.name(), position, field.shape(), zero));
      }
    }
    for (int i = 0; i < keys.size(); i++) {
      if (type.field(keys.names[i]) == null) {
        entries.add(new Entry(keys.names[i], i, null, null));
      }
    }
    return new FieldOrder(type, entries.toArray(new Entry[0]));
  }

  /** As what the maps are written. */
  SchemaType type() {
    return type;
  }

  int size() {
    return entries.length;
  }

  Entry at(int i) {
    return entries[i];
  }
}
