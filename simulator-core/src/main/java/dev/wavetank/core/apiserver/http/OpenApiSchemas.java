package dev.wavetank.core.apiserver.http;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Names;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaField;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.Shape;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The schemas of one OpenAPI document: some kinds and everything that they hold. */
final class OpenApiSchemas {

  static final String REFERENCE = "#/components/schemas/";
  private static final String MACHINERY = "io.k8s.apimachinery.pkg.";

  private static final String API_VERSION =
      "APIVersion defines the versioned schema of this representation of an object. Servers should"
          + " convert recognized schemas to the latest internal value, and may reject unrecognized"
          + " values. More info:"
          + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
  private static final String KIND =
      "Kind is a string value representing the REST resource this object represents. Servers may"
          + " infer this from the endpoint the client submits requests to. Cannot be updated. In"
          + " CamelCase. More info:"
          + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

  private final Map<String, KubeMap> schemas = new LinkedHashMap<>();
  private final Set<SchemaType> seen = new LinkedHashSet<>();
  private final ArrayDeque<SchemaType> waiting = new ArrayDeque<>();
  private final Map<String, String> versions = new LinkedHashMap<>();
  private final boolean swagger;

  /**
   * No schemas yet.
   *
   * @param swagger whether they are for a document of OpenAPI v2
   */
  OpenApiSchemas(boolean swagger) {
    this.swagger = swagger;
  }

  /** Adds a kind with what it holds; of a type without a schema only that it is an object. */
  void addKind(ResourceType type) {
    SchemaType root = Schema.builtIn().kindOf(type);
    KubeMap kind =
        KubeMap.of("group", type.group(), "version", type.version(), "kind", type.kind());
    String extension = "x-kubernetes-group-version-kind";
    CustomResource custom = type.custom();
    if (custom != null) {
      schemas.put(customName(type), customKind(custom).with(extension, KubeList.of(kind)));
      return;
    }
    if (root == null) {
      schemas.put(
          type.group() + "." + type.version() + "." + type.kind(),
          KubeMap.of("type", "object", extension, KubeList.of(kind)));
      return;
    }
    String file = root.toString().substring(0, root.toString().indexOf('.'));
    versions.put(file, type.version());
    add(root);
    KubeMap made = schemas.getOrDefault(name(root), KubeMap.EMPTY);
    schemas.put(name(root), made.with(extension, KubeList.of(kind)));
  }

  /** {@code io.example.stable.v1.CronTab}: the group's parts come backwards. */
  private static String customName(ResourceType type) {
    List<String> parts = Lists.reverse(Splitter.on('.').splitToList(type.group()));
    return String.join(".", parts) + "." + type.version() + "." + type.kind();
  }

  /** What a definition says, with the fields that every object has. */
  private KubeMap customKind(CustomResource custom) {
    KubeMap schema = custom.openApiSchema();
    if (swagger && schema.bool("x-kubernetes-preserve-unknown-fields", false)) {
      return KubeMap.of("type", "object");
    }
    schema = swagger ? SwaggerSchemas.structural(schema) : schema;
    SchemaType meta = Schema.builtIn().type("meta.ObjectMeta");
    KubeMap text = KubeMap.of("type", "string");
    KubeMap metadata = KubeMap.of("type", "object");
    if (meta != null) {
      add(meta);
      KubeList reference = KubeList.of(KubeMap.of("$ref", REFERENCE + name(meta)));
      metadata =
          KubeMap.of(
              "description",
              "Standard object's metadata. More info:"
                  + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
              "allOf",
              reference);
    }
    KubeMap properties = schema.mapOrEmpty("properties");
    properties = properties.with("apiVersion", described(API_VERSION, text));
    properties = properties.with("kind", described(KIND, text)).with("metadata", metadata);
    return schema.with("properties", properties).with("type", "object");
  }

  private static KubeMap described(String description, KubeMap schema) {
    return KubeMap.of("description", description).with("type", schema.get("type"));
  }

  /** All schemas, by name. */
  KubeMap tree() {
    if (swagger) {
      schemas.replaceAll((name, schema) -> SwaggerSchemas.of(schema));
    }
    return (KubeMap) Names.sorted(KubeMap.copyOf(schemas));
  }

  private void add(SchemaType root) {
    waiting.add(root);
    for (SchemaType type = waiting.poll(); type != null; type = waiting.poll()) {
      if (seen.add(type)) {
        schemas.put(name(type), object(type));
      }
    }
  }

  private String name(SchemaType type) {
    String file = type.toString().substring(0, type.toString().indexOf('.'));
    return file.equals("meta")
        ? MACHINERY + "apis.meta.v1." + type.name()
        : "io.k8s.api." + file + "." + versions.getOrDefault(file, "v1") + "." + type.name();
  }

  private KubeMap object(SchemaType type) {
    KubeMap.Builder properties = KubeMap.builder();
    KubeList required = KubeList.EMPTY;
    for (SchemaField field : type.fields()) {
      properties.put(field.name(), field(field));
      if (field.required()) {
        required = required.plus(field.name());
      }
    }
    KubeMap schema = KubeMap.of("type", "object", "properties", properties.build());
    schema = required.isEmpty() ? schema : schema.with("required", required);
    return type.atomic() ? schema.with("x-kubernetes-map-type", "atomic") : schema;
  }

  private KubeMap field(SchemaField field) {
    Shape shape = field.shape();
    KubeMap schema = shape(shape);
    if (schema.has("$ref")) {
      schema = KubeMap.of("allOf", KubeList.of(schema));
    }
    if (shape.object() != null && !field.pointer()) {
      schema = schema.with("default", KubeMap.EMPTY);
    } else {
      schema = schema.with("default", field.defaultValue());
    }
    if (shape.kind() == Shape.Kind.LIST) {
      schema = listExtensions(schema, field);
    } else if (field.atomic()) {
      schema = schema.with("x-kubernetes-map-type", "atomic");
    }
    String strategy = field.merges() ? "merge" : field.replaces() ? "replace" : "";
    if (field.retainsKeys()) {
      strategy = strategy.isEmpty() ? "retainKeys" : strategy + ",retainKeys";
    }
    schema = schema.with("x-kubernetes-patch-merge-key", field.mergeKey());
    return strategy.isEmpty() ? schema : schema.with("x-kubernetes-patch-strategy", strategy);
  }

  private static KubeMap listExtensions(KubeMap schema, SchemaField field) {
    return switch (field.listType()) {
      case ATOMIC -> schema.with("x-kubernetes-list-type", "atomic");
      case SET -> schema.with("x-kubernetes-list-type", "set");
      case MAP ->
          schema
              .with("x-kubernetes-list-map-keys", KubeList.copyOf(field.listKeys()))
              .with("x-kubernetes-list-type", "map");
    };
  }

  private KubeMap shape(Shape shape) {
    Shape element = shape.element();
    SchemaType object = shape.object();
    switch (shape.kind()) {
      case BOOL:
        return KubeMap.of("type", "boolean");
      case INT32:
        return KubeMap.of("type", "integer", "format", "int32");
      case NUMBER:
        return KubeMap.of("type", "number", "format", "double");
      case INT64:
        return KubeMap.of("type", "integer", "format", "int64");
      case BYTES:
        return KubeMap.of("type", "string", "format", "byte");
      case TIME:
        return leaf("apis.meta.v1.Time", KubeMap.of("type", "string", "format", "date-time"));
      case MICRO_TIME:
        return leaf("apis.meta.v1.MicroTime", KubeMap.of("type", "string", "format", "date-time"));
      case QUANTITY:
        return leaf("api.resource.Quantity", either("number", null));
      case INT_OR_STRING:
        return leaf("util.intstr.IntOrString", either("integer", "int-or-string"));
      case LIST:
        return KubeMap.of(
            "type", "array", "items", element == null ? KubeMap.EMPTY : shape(element));
      case MAP:
        KubeMap values = element == null ? KubeMap.EMPTY : shape(element);
        return KubeMap.of("type", "object", "additionalProperties", values);
      case OBJECT:
        if (object != null) {
          waiting.add(object);
          return KubeMap.of("$ref", REFERENCE + name(object));
        }
        return KubeMap.of("type", "object");
      case ANY:
        return KubeMap.of("type", "object");
      default:
        KubeMap text = KubeMap.of("type", "string");
        return shape.values().isEmpty()
            ? text
            : text.with("enum", KubeList.copyOf(ImmutableList.sortedCopyOf(shape.values())));
    }
  }

  private static KubeMap either(String type, @Nullable String format) {
    KubeList kinds = KubeList.of(KubeMap.of("type", "string"), KubeMap.of("type", type));
    return KubeMap.of("oneOf", kinds, "format", format);
  }

  private KubeMap leaf(String name, KubeMap schema) {
    schemas.put(MACHINERY + name, schema);
    return KubeMap.of("$ref", REFERENCE + MACHINERY + name);
  }
}
