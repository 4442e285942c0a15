package dev.wavetank.core.apiserver.patch;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.SchemaField;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A place of the schema as strategic merge patch sees it: how the fields below it are merged.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/meta.go (v1.36).
 *
 * @param type the fields; null where there are none
 * @param kind Go's word for what is here, such as {@code struct} or {@code map}
 */
record PatchSchema(@Nullable SchemaType type, String kind) {

  /**
   * How one field is merged.
   *
   * @param schema what is below it; for a list, what its elements are
   * @param strategy {@code merge}, {@code replace} or empty
   * @param retainKeys whether the patch lists the keys that stay
   * @param mergeKey the key that tells the elements of a list apart; empty for scalars
   */
  record Field(PatchSchema schema, String strategy, boolean retainKeys, String mergeKey) {
    boolean merges() {
      return strategy.equals("merge");
    }

    boolean replaces() {
      return strategy.equals("replace");
    }
  }

  static PatchSchema of(SchemaType type) {
    return new PatchSchema(type, "struct");
  }

  private static PatchSchema of(Shape shape) {
    return new PatchSchema(shape.object(), kind(shape.kind()));
  }

  private static String kind(Shape.Kind kind) {
    return switch (kind) {
      case STRING -> "string";
      case BOOL -> "bool";
      case INT32 -> "int32";
      case INT64 -> "int64";
      case NUMBER -> "float64";
      case BYTES, LIST -> "slice";
      case MAP -> "map";
      case TIME, MICRO_TIME, QUANTITY, INT_OR_STRING, ANY, OBJECT -> "struct";
    };
  }

  /**
   * How a field whose value is an object is merged.
   *
   * @throws PatchException when there is no such field
   */
  Field object(String key) {
    SchemaField field = find(key);
    return field(field, of(field.shape()));
  }

  /**
   * How a field whose value is a list is merged.
   *
   * @throws PatchException when there is no such field or it is no list
   */
  Field list(String key) {
    SchemaField field = find(key);
    Shape element = field.shape().element();
    if (field.shape().kind() == Shape.Kind.LIST && element != null) {
      return field(field, of(element));
    }
    if (field.pointer()) {
      return field(field, of(field.shape()));
    }
    throw PatchException.unknown("expected slice or array type, but got: " + kind);
  }

  private static Field field(SchemaField field, PatchSchema below) {
    String mergeKey = field.mergeKey();
    String strategy = field.merges() ? "merge" : field.replaces() ? "replace" : "";
    return new Field(below, strategy, field.retainsKeys(), mergeKey == null ? "" : mergeKey);
  }

  private SchemaField find(String key) {
    if (!kind.equals("struct")) {
      throw PatchException.unknown(
          "merging an object in json but data type is not struct, instead is: " + kind);
    }
    SchemaField found = type == null ? null : type.field(key);
    if (found == null && type != null) {
      for (SchemaField field : type.fields()) {
        if (field.name().equalsIgnoreCase(key)) {
          return field;
        }
      }
    }
    if (found == null) {
      throw PatchException.unknown(
          "unable to find api field in struct "
              + (type == null ? "" : type.name())
              + " for the json field "
              + GoQuote.quote(key));
    }
    return found;
  }
}
