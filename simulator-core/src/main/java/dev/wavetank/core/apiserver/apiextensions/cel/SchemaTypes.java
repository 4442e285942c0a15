package dev.wavetank.core.apiserver.apiextensions.cel;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.wavetank.core.api.GoDurations;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.apiextensions.schema.StructuralSchema;
import dev.wavetank.core.apiserver.cel.CelValues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The type of a schema, and values of it: objects with declared fields by identifiers, texts with
 * the formats of times, durations and bytes as such.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/cel/common/schemas.go and values.go (v1.36).
 */
final class SchemaTypes {

  private static final StructuralSchema METADATA =
      StructuralSchema.of(
          KubeMap.of(
              "type",
              "object",
              "properties",
              KubeMap.of(
                  "name",
                  KubeMap.of("type", "string"),
                  "generateName",
                  KubeMap.of("type", "string"))));

  private static final StructuralSchema TEXT = StructuralSchema.of(KubeMap.of("type", "string"));

  private SchemaTypes() {}

  /**
   * The type of a schema's values.
   *
   * @param name that no other type of the expression has
   * @param resource whether it has kind, version and metadata beside what is declared
   */
  static CelType type(StructuralSchema schema, String name, boolean resource) {
    if (schema.intOrString()) {
      return SimpleType.DYN;
    }
    StructuralSchema items = schema.items();
    switch (schema.type()) {
      case "string":
        return switch (schema.format()) {
          case "byte" -> SimpleType.BYTES;
          case "duration" -> SimpleType.DURATION;
          case "date", "date-time" -> SimpleType.TIMESTAMP;
          default -> SimpleType.STRING;
        };
      case "integer":
        return SimpleType.INT;
      case "number":
        return SimpleType.DOUBLE;
      case "boolean":
        return SimpleType.BOOL;
      case "array":
        return items == null
            ? SimpleType.DYN
            : ListType.create(type(items, name + ".@idx", items.embeddedResource()));
      case "object":
        return object(schema, name, resource);
      default:
        return SimpleType.DYN;
    }
  }

  private static CelType object(StructuralSchema schema, String name, boolean resource) {
    StructuralSchema additional = schema.additionalProperties();
    if (additional != null && schema.properties().isEmpty()) {
      return MapType.create(
          SimpleType.STRING, type(additional, name + ".@elem", additional.embeddedResource()));
    }
    Map<String, CelType> fields = new LinkedHashMap<>();
    declared(schema, resource)
        .forEach(
            (field, property) -> {
              String identifier = CelValues.identifier(field);
              if (!identifier.isEmpty()) {
                fields.put(
                    identifier, type(property, name + "." + field, property.embeddedResource()));
              }
            });
    if (fields.isEmpty() && schema.preservesUnknownFields()) {
      return SimpleType.DYN;
    }
    ImmutableMap<String, CelType> known = ImmutableMap.copyOf(fields);
    return StructType.create(name, known.keySet(), field -> Optional.ofNullable(known.get(field)));
  }

  private static Map<String, StructuralSchema> declared(StructuralSchema schema, boolean resource) {
    Map<String, StructuralSchema> all = new LinkedHashMap<>();
    if (resource) {
      all.put("apiVersion", TEXT);
      all.put("kind", TEXT);
    }
    all.putAll(schema.properties());
    if (resource) {
      all.put("metadata", METADATA);
    }
    return all;
  }

  /** A tree as a value of a schema's type. */
  static Object value(Object tree, @Nullable StructuralSchema schema, boolean resource) {
    if (schema == null) {
      return CelValues.of(tree);
    }
    if (tree instanceof KubeMap map) {
      return map(map, schema, resource);
    }
    if (tree instanceof KubeList list) {
      List<Object> made = new ArrayList<>(list.size());
      StructuralSchema items = schema.items();
      for (Object item : list) {
        made.add(value(item, items, items != null && items.embeddedResource()));
      }
      return made;
    }
    if (tree instanceof String text && schema.type().equals("string")) {
      return text(text, schema.format());
    }
    return tree instanceof Long number && schema.type().equals("number")
        ? (Object) number.doubleValue()
        : CelValues.of(tree);
  }

  private static Object map(KubeMap map, StructuralSchema schema, boolean resource) {
    Map<String, StructuralSchema> declared = declared(schema, resource);
    boolean keyed = declared.isEmpty();
    Map<String, Object> made = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          StructuralSchema property = keyed ? schema.additionalProperties() : declared.get(name);
          boolean embedded = property != null && property.embeddedResource();
          boolean known = keyed || property != null;
          String key = keyed ? name : CelValues.identifier(name);
          if (known && !key.isEmpty()) {
            made.put(key, value(value, property, embedded));
          }
        });
    return made;
  }

  private static Object text(String text, String format) {
    try {
      return switch (format) {
        case "byte" -> ByteString.copyFrom(Base64.getDecoder().decode(text));
        case "duration" -> {
          long nanos = GoDurations.parseNanos(text);
          yield Duration.newBuilder()
              .setSeconds(nanos / 1_000_000_000L)
              .setNanos((int) (nanos % 1_000_000_000L))
              .build();
        }
        case "date-time" -> timestamp(Timestamps.parse(text), text);
        case "date" -> timestamp(Timestamps.parse(text + "T00:00:00Z"), text);
        default -> text;
      };
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static Object timestamp(@Nullable Instant time, String text) {
    return time == null
        ? text
        : Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()).build();
  }
}
