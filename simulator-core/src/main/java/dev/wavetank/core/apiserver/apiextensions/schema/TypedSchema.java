package dev.wavetank.core.apiserver.apiextensions.schema;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaField;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the schema of a custom resource into the form that the schemas of built-in kinds have, by
 * which server-side apply works.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder/builder.go
 * (v1.36).
 */
public final class TypedSchema {

  private static final Shape STRING = Shape.of(Shape.Kind.STRING);
  private static final Shape ANY = Shape.of(Shape.Kind.ANY);

  private final String group;

  private TypedSchema(String group) {
    this.group = group;
  }

  /** The type of a kind's objects, metadata and kind included. */
  public static SchemaType of(String group, String kind, StructuralSchema schema) {
    TypedSchema made = new TypedSchema(group);
    List<SchemaField> fields = new ArrayList<>();
    SchemaType meta = Schema.builtIn().type("meta.ObjectMeta");
    fields.add(made.plain("apiVersion", STRING));
    fields.add(made.plain("kind", STRING));
    fields.add(made.plain("metadata", meta == null ? ANY : Shape.object(meta)));
    fields.addAll(made.fields(schema));
    return SchemaType.of(group, kind, false, schema.preservesUnknownFields(), fields);
  }

  private SchemaField plain(String name, Shape shape) {
    return SchemaField.of(name, shape, false, null, ImmutableList.of(), null);
  }

  private List<SchemaField> fields(StructuralSchema schema) {
    List<SchemaField> fields = new ArrayList<>();
    for (Map.Entry<String, StructuralSchema> property : schema.properties().entrySet()) {
      if (!property.getKey().equals("metadata")
          && !property.getKey().equals("kind")
          && !property.getKey().equals("apiVersion")) {
        fields.add(field(property.getKey(), property.getValue()));
      }
    }
    return fields;
  }

  private SchemaField field(String name, StructuralSchema schema) {
    SchemaField.ListType listType =
        switch (schema.listType()) {
          case "set" -> SchemaField.ListType.SET;
          case "map" -> SchemaField.ListType.MAP;
          default -> SchemaField.ListType.ATOMIC;
        };
    boolean list = schema.type().equals("array");
    return SchemaField.of(
        name,
        shape(name, schema),
        atomic(schema),
        list ? listType : null,
        schema.listMapKeys(),
        schema.defaultValue());
  }

  private static boolean atomic(StructuralSchema schema) {
    return schema.source().string("x-kubernetes-map-type", "").equals("atomic");
  }

  private Shape shape(String name, @Nullable StructuralSchema schema) {
    if (schema == null) {
      return ANY;
    }
    if (schema.intOrString()) {
      return Shape.of(Shape.Kind.INT_OR_STRING);
    }
    return switch (schema.type()) {
      case "string" -> STRING;
      case "boolean" -> Shape.of(Shape.Kind.BOOL);
      case "integer" -> Shape.of(Shape.Kind.INT64);
      case "number" -> Shape.of(Shape.Kind.NUMBER);
      case "array" -> Shape.list(shape(name, schema.items()));
      case "object" -> object(name, schema);
      default -> ANY;
    };
  }

  private Shape object(String name, StructuralSchema schema) {
    if (schema.properties().isEmpty() && !schema.embeddedResource()) {
      if (schema.preservesUnknownFields()) {
        return ANY;
      }
      if (schema.allowsAdditionalProperties()) {
        return Shape.map(STRING, shape(name, schema.additionalProperties()));
      }
    }
    if (schema.embeddedResource()) {
      SchemaType type =
          SchemaType.of(
              group, name, atomic(schema), schema.preservesUnknownFields(), embedded(schema));
      return Shape.object(type);
    }
    boolean open = schema.preservesUnknownFields();
    return Shape.object(SchemaType.of(group, name, atomic(schema), open, fields(schema)));
  }

  private List<SchemaField> embedded(StructuralSchema schema) {
    List<SchemaField> all = new ArrayList<>(fields(schema));
    SchemaType meta = Schema.builtIn().type("meta.ObjectMeta");
    all.add(plain("apiVersion", STRING));
    all.add(plain("kind", STRING));
    all.add(plain("metadata", meta == null ? ANY : Shape.object(meta)));
    return all;
  }
}
