package dev.wavetank.core.apiserver.managedfields;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.SchemaField;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.Shape;
import org.jspecify.annotations.Nullable;

/**
 * How server-side apply treats a value: as a whole, field by field, or element by element.
 *
 * <p>Follows the vendored sigs.k8s.io/structured-merge-diff/v6/schema (v1.36).
 */
final class FieldType {

  /** The ways of treatment. */
  enum Kind {
    /** Owned as a whole. */
    LEAF,
    /** A list that is owned as a whole. */
    ATOMIC_LIST,
    /** A map or an object that is owned as a whole. */
    ATOMIC_MAP,
    /** An object with declared fields. */
    STRUCT,
    /** A map with any keys. */
    MAP,
    /** A list of objects that are told apart by keys. */
    LIST_MAP,
    /** A list of scalars, each there once. */
    LIST_SET,
    /** Nothing is known: maps go field by field, and everything else as a whole. */
    DEDUCED
  }

  /** A value of a type that nobody declared, such as a custom resource without a schema. */
  static final FieldType DEDUCED = new FieldType(Kind.DEDUCED, null, null, ImmutableList.of());

  private static final FieldType LEAF = new FieldType(Kind.LEAF, null, null, ImmutableList.of());

  private final Kind kind;
  private final @Nullable SchemaType struct;
  private final @Nullable Shape element;
  private final ImmutableList<String> keys;

  private FieldType(
      Kind kind, @Nullable SchemaType struct, @Nullable Shape element, ImmutableList<String> keys) {
    this.kind = kind;
    this.struct = struct;
    this.element = element;
    this.keys = keys;
  }

  /** The type of objects of a kind; null for one without a schema. */
  static FieldType of(@Nullable SchemaType schema) {
    return schema == null ? DEDUCED : object(schema, false);
  }

  private static FieldType object(SchemaType schema, boolean atomic) {
    return new FieldType(
        atomic || schema.atomic() ? Kind.ATOMIC_MAP : Kind.STRUCT,
        schema,
        null,
        ImmutableList.of());
  }

  private static FieldType of(SchemaField field) {
    Shape shape = field.shape();
    if (shape.kind() != Shape.Kind.LIST) {
      return of(shape, field.atomic());
    }
    Kind kind =
        switch (field.listType()) {
          case ATOMIC -> Kind.ATOMIC_LIST;
          case SET -> Kind.LIST_SET;
          case MAP -> Kind.LIST_MAP;
        };
    return new FieldType(kind, null, shape.element(), field.listKeys());
  }

  private static FieldType of(@Nullable Shape shape, boolean atomic) {
    if (shape == null) {
      return DEDUCED;
    }
    SchemaType object = shape.object();
    if (object != null) {
      return object(object, atomic);
    }
    return switch (shape.kind()) {
      case MAP ->
          new FieldType(
              atomic ? Kind.ATOMIC_MAP : Kind.MAP, null, shape.element(), ImmutableList.of());
      case LIST -> new FieldType(Kind.ATOMIC_LIST, null, shape.element(), ImmutableList.of());
      case ANY -> DEDUCED;
      default -> LEAF;
    };
  }

  Kind kind() {
    return kind;
  }

  /** The kind for a value, where nothing is declared. */
  Kind kindFor(@Nullable Object value) {
    if (kind != Kind.DEDUCED) {
      return kind;
    }
    return value instanceof KubeMap
        ? Kind.MAP
        : value instanceof KubeList ? Kind.ATOMIC_LIST : Kind.LEAF;
  }

  boolean declares(String field) {
    return struct != null && kind == Kind.STRUCT && struct.field(field) != null;
  }

  /** Whether an object may have that field: it is declared, or others are welcome. */
  boolean allows(String field) {
    return declares(field) || (struct != null && struct.open());
  }

  FieldType field(String name) {
    if (kind == Kind.STRUCT && struct != null) {
      SchemaField field = struct.field(name);
      return field == null ? DEDUCED : of(field);
    }
    return kind == Kind.MAP ? of(element, false) : DEDUCED;
  }

  FieldType element() {
    return of(element, false);
  }

  /** The type of what an element of a path leads to. */
  FieldType below(PathElement path) {
    String name = path.fieldName();
    return name != null ? field(name) : element();
  }

  /**
   * The element of a path that an item of a list is found by.
   *
   * @throws TypeMismatch when it has not what that takes
   */
  PathElement item(Object item) {
    if (kind == Kind.LIST_SET) {
      if (item instanceof KubeMap || item instanceof KubeList) {
        throw new TypeMismatch("only scalars are allowed in a set");
      }
      return PathElement.value(item);
    }
    if (!(item instanceof KubeMap map)) {
      throw new TypeMismatch(
          item == KubeNull.NULL
              ? "associative list with keys may not have a null element"
              : "associative list with keys may not have non-map elements");
    }
    KubeMap found = KubeMap.EMPTY;
    for (String key : keys) {
      Object value = map.get(key);
      Object keyed = value == null ? keyDefault(key) : value;
      if (keyed == null) {
        throw new TypeMismatch(
            "associative list with keys has an element that omits key field \""
                + key
                + "\" (and doesn't have default value)");
      }
      found = found.with(key, keyed);
    }
    return PathElement.key(found);
  }

  private @Nullable Object keyDefault(String key) {
    SchemaType type = element == null ? null : element.object();
    SchemaField field = type == null ? null : type.field(key);
    return field == null ? null : field.defaultValue();
  }
}
