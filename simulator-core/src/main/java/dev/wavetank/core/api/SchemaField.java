package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/** One field of an object type: its shape and how it is defaulted, merged and owned. */
public final class SchemaField {

  /** How server-side apply owns a list. */
  public enum ListType {
    /** As a whole. */
    ATOMIC,
    /** Element by element; elements are scalars. */
    SET,
    /** Element by element; elements are objects, told apart by {@link #listKeys}. */
    MAP
  }

  private final String name;
  private final Shape shape;
  boolean pointer;
  boolean required;
  boolean always;
  boolean embedded;
  boolean atomic;
  boolean merges;
  boolean replaces;
  boolean retainsKeys;
  boolean inert;
  @Nullable ListType listType;
  ImmutableList<String> listKeys = ImmutableList.of();
  @Nullable String mergeKey;
  @Nullable Object defaultValue;
  @Nullable String sourceName;

  SchemaField(String name, Shape shape) {
    this.name = name;
    this.shape = shape;
  }

  /**
   * A field that is made at run time.
   *
   * @param atomic whether server-side apply owns the list, map or object as a whole
   * @param listType of a list; null for other shapes
   * @param listKeys of a {@link ListType#MAP}
   * @param defaultValue that fills an absent value; null for none
   */
  public static SchemaField of(
      String name,
      Shape shape,
      boolean atomic,
      @Nullable ListType listType,
      ImmutableList<String> listKeys,
      @Nullable Object defaultValue) {
    SchemaField made = new SchemaField(name, shape);
    made.pointer = true;
    made.atomic = atomic;
    made.listType = listType;
    made.listKeys = listKeys;
    made.defaultValue = defaultValue;
    return made;
  }

  public String name() {
    return name;
  }

  /** What values it takes. */
  public Shape shape() {
    return shape;
  }

  /** Whether an explicit zero is kept apart from an absent value. */
  public boolean pointer() {
    return pointer;
  }

  /** Whether the API's documents demand it. */
  public boolean required() {
    return required;
  }

  /** Whether it is written even when it is zero or absent. */
  public boolean always() {
    return always;
  }

  /** Whether it is an unnamed member in the API's source. */
  public boolean embedded() {
    return embedded;
  }

  /** Whether server-side apply owns the list, map or object as a whole. */
  public boolean atomic() {
    return atomic || (listType == null && shape.kind() == Shape.Kind.LIST);
  }

  /** How server-side apply owns the list; atomic where nothing is said. */
  public ListType listType() {
    return listType == null ? ListType.ATOMIC : listType;
  }

  /** The fields that tell the elements of a {@link ListType#MAP} apart. */
  public ImmutableList<String> listKeys() {
    return listKeys;
  }

  /** Whether strategic merge patch merges the list; else it replaces it. */
  public boolean merges() {
    return merges;
  }

  /** Whether strategic merge patch replaces the object, which it merges where nothing is said. */
  public boolean replaces() {
    return replaces;
  }

  /** The field that strategic merge patch merges elements by; null for scalars. */
  public @Nullable String mergeKey() {
    return mergeKey;
  }

  /** Whether strategic merge patch has {@code retainKeys} as its strategy here. */
  public boolean retainsKeys() {
    return retainsKeys;
  }

  /** Whether the simulator keeps and shows the field, and all that is below it, without effect. */
  public boolean inert() {
    return inert;
  }

  /** The constant that fills an absent value, and a zero one unless it is a pointer; or null. */
  public @Nullable Object defaultValue() {
    return defaultValue;
  }

  /** The field's name in the API's source, such as {@code PodIP}. */
  public String sourceName() {
    if (sourceName != null) {
      return sourceName;
    }
    SchemaType object = shape.object();
    return embedded && object != null
        ? object.name()
        : com.google.common.base.Ascii.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  @Override
  public String toString() {
    return name + " " + shape;
  }
}
