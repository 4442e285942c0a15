package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/** What values a field, an element of a list or a value of a map takes. */
public final class Shape {

  /** The kinds of values. */
  public enum Kind {
    STRING,
    BOOL,
    INT32,
    INT64,
    /** A number that need not be whole. */
    NUMBER,
    /** Base64 text. */
    BYTES,
    /** RFC 3339 text, whole seconds. */
    TIME,
    /** RFC 3339 text, microseconds. */
    MICRO_TIME,
    QUANTITY,
    INT_OR_STRING,
    /** Anything. */
    ANY,
    LIST,
    MAP,
    OBJECT
  }

  private final Kind kind;
  private final String apiName;
  private final @Nullable Shape element;
  private final @Nullable Shape key;
  private final @Nullable SchemaType object;
  private final ImmutableList<String> values;

  private Shape(
      Kind kind,
      String apiName,
      @Nullable Shape key,
      @Nullable Shape element,
      @Nullable SchemaType object,
      ImmutableList<String> values) {
    this.kind = kind;
    this.apiName = apiName;
    this.key = key;
    this.element = element;
    this.object = object;
    this.values = values;
  }

  static Shape scalar(Kind kind, String apiName) {
    return new Shape(kind, apiName, null, null, null, ImmutableList.of());
  }

  static Shape words(String apiName, ImmutableList<String> values) {
    return new Shape(Kind.STRING, apiName, null, null, null, values);
  }

  /** Values of a kind without parts, under the name that the API's sources give them. */
  public static Shape of(Kind kind) {
    String apiName =
        switch (kind) {
          case BOOL -> "bool";
          case INT32 -> "int32";
          case INT64 -> "int64";
          case NUMBER -> "float64";
          case STRING -> "string";
          case INT_OR_STRING -> "intstr.IntOrString";
          default -> "interface {}";
        };
    return scalar(kind, apiName);
  }

  /** Lists of such elements. */
  public static Shape list(Shape element) {
    return new Shape(
        Kind.LIST, "[]".concat(element.apiName), null, element, null, ImmutableList.of());
  }

  /** Maps with such keys and values. */
  public static Shape map(Shape key, Shape value) {
    String apiName = "map[".concat(key.apiName).concat("]").concat(value.apiName);
    return new Shape(Kind.MAP, apiName, key, value, null, ImmutableList.of());
  }

  /** Objects of that type. */
  public static Shape object(SchemaType type) {
    return new Shape(Kind.OBJECT, type.apiName(), null, null, type, ImmutableList.of());
  }

  /** This shape under a name of its own. */
  Shape named(String name) {
    return new Shape(kind, name, key, element, object, values);
  }

  public Kind kind() {
    return kind;
  }

  /** The type's name in messages of the API, such as {@code int32} or {@code []v1.Container}. */
  public String apiName() {
    return apiName;
  }

  /** What the elements of a list or the values of a map are; null for other shapes. */
  public @Nullable Shape element() {
    return element;
  }

  /** The fields of an object; null for other shapes. */
  public @Nullable SchemaType object() {
    return object;
  }

  /** The words that a string may be; empty when any. */
  public ImmutableList<String> values() {
    return values;
  }

  @Override
  public String toString() {
    return apiName;
  }
}
