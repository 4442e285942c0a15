package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The fields of one object type of the API, such as {@code core.PodSpec}. */
public final class SchemaType {

  /** One member of the API's source: a field, or a type all of whose fields stand here. */
  public record Member(@Nullable SchemaField field, @Nullable SchemaType inline) {}

  /** Most key sets whose order is remembered; a type's maps have few forms. */
  private static final int ORDERS_MAX = 500;

  private final String file;
  private final String name;
  private final boolean atomic;
  private final boolean open;
  private ImmutableList<Member> members = ImmutableList.of();
  private final Map<String, SchemaField> fields = new LinkedHashMap<>();
  private final Map<String, String> inlinedFrom = new LinkedHashMap<>();
  private final ConcurrentHashMap<Keys, FieldOrder> orders = new ConcurrentHashMap<>(2);

  SchemaType(String file, String name, boolean atomic) {
    this(file, name, atomic, false);
  }

  private SchemaType(String file, String name, boolean atomic, boolean open) {
    this.file = file;
    this.name = name;
    this.atomic = atomic;
    this.open = open;
  }

  /**
   * A type that is made at run time, such as that of a custom resource.
   *
   * @param file the group of the type, as {@link #toString} names it
   * @param atomic whether server-side apply owns such an object as a whole
   * @param open whether fields that are not declared may be there
   */
  public static SchemaType of(
      String file, String name, boolean atomic, boolean open, Iterable<SchemaField> declared) {
    SchemaType made = new SchemaType(file, name, atomic, open);
    ImmutableList.Builder<Member> all = ImmutableList.builder();
    for (SchemaField field : declared) {
      all.add(new Member(field, null));
    }
    made.setMembers(all.build());
    made.flatten();
    return made;
  }

  void setMembers(ImmutableList<Member> made) {
    members = made;
  }

  /** Gathers the fields of inlined types, which must be done by then. */
  void flatten() {
    if (!fields.isEmpty()) {
      return;
    }
    for (Member member : members) {
      if (member.field != null) {
        fields.put(member.field.name(), member.field);
      } else if (member.inline != null) {
        SchemaType inline = member.inline;
        inline.flatten();
        fields.putAll(inline.fields);
        for (String inlined : inline.fields.keySet()) {
          String deeper = inline.inlinedFrom.get(inlined);
          inlinedFrom.put(inlined, deeper == null ? inline.name : inline.name + "." + deeper);
        }
      }
    }
  }

  /** The name without its group, such as {@code PodSpec}. */
  public String name() {
    return name;
  }

  /** The name in messages of the API, such as {@code v1.PodSpec}. */
  public String apiName() {
    return "v1." + name;
  }

  /** Whether server-side apply owns such an object as a whole. */
  public boolean atomic() {
    return atomic;
  }

  /** Whether fields that are not declared may be there; nothing is known of their values. */
  public boolean open() {
    return open;
  }

  /** The field of that name, or null when the type has none. */
  public @Nullable SchemaField field(String field) {
    return fields.get(field);
  }

  /** The inlined types that a field stands in, such as {@code ProbeHandler}; null for none. */
  public @Nullable String inlinedFrom(String field) {
    return inlinedFrom.get(field);
  }

  /** All fields, in the order of the API's source. */
  public Iterable<SchemaField> fields() {
    return fields.values();
  }

  /** In which order maps with these keys are written as this type. */
  FieldOrder order(Keys keys) {
    FieldOrder last = keys.order;
    if (last != null && last.type() == this) {
      return last;
    }
    FieldOrder known = orders.get(keys);
    if (known == null) {
      known = FieldOrder.of(this, keys);
      if (orders.size() < ORDERS_MAX) {
        orders.put(keys, known);
      }
    }
    keys.order = known;
    return known;
  }

  /** The names of all fields, in the order of the API's source. */
  public Iterable<String> fieldNames() {
    return fields.keySet();
  }

  /** The members as the API's source has them, with inlined types apart. */
  public ImmutableList<Member> members() {
    return members;
  }

  /** {@code core.PodSpec}. */
  @Override
  public String toString() {
    return file + "." + name;
  }
}
