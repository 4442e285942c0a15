package dev.wavetank.core.api;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In which order the fields of maps with one key set are written as a type of the schema: the
 * type's fields first, also those that are absent and always written, then the others.
 */
final class FieldOrder {

  /**
   * One field to write.
   *
   * @param position in the map; negative: the map has no such key
   * @param shape null when the schema does not know the field
   * @param zero what is written when the map has no such key
   */
  record Entry(
      String name,
      SerializableString json,
      int position,
      @Nullable Shape shape,
      @Nullable Object zero) {}

  private final Entry[] entries;

  private FieldOrder(Entry[] entries) {
    this.entries = entries;
  }

  static FieldOrder of(SchemaType type, Keys keys) {
    List<Entry> entries = new ArrayList<>();
    for (SchemaField field : type.fields()) {
      int position = keys.indexOf(field.name());
      boolean written = !field.pointer() && (field.always() || field.required());
      Object zero = position < 0 && written ? TypedJson.zero(field.shape()) : null;
      if (position >= 0 || zero != null) {
        entries.add(entry(field.name(), position, field.shape(), zero));
      }
    }
    for (int i = 0; i < keys.size(); i++) {
      if (type.field(keys.names[i]) == null) {
        entries.add(entry(keys.names[i], i, null, null));
      }
    }
    return new FieldOrder(entries.toArray(new Entry[0]));
  }

  private static Entry entry(
      String name, int position, @Nullable Shape shape, @Nullable Object zero) {
    return new Entry(name, new SerializedString(name), position, shape, zero);
  }

  int size() {
    return entries.length;
  }

  Entry at(int i) {
    return entries[i];
  }
}
