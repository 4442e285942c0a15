package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;

/**
 * Schemas in the words of OpenAPI v2, which has fewer of them than v3.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/controller/openapi/v2/conversion.go and
 * the vendored k8s.io/kube-openapi/pkg/handler/default_pruning.go (v1.36).
 */
final class SwaggerSchemas {

  static final String REFERENCE = "#/definitions/";

  private static final String PROPERTIES = "properties";
  private static final String ITEMS = "items";
  private static final String VALUES = "additionalProperties";
  private static final String TYPE = "type";

  /** Changes a schema whose parts have not been changed yet. */
  private interface Change {
    KubeMap of(KubeMap schema);
  }

  private SwaggerSchemas() {}

  /** A schema of an OpenAPI v3 document in that of a v2 document. */
  static KubeMap of(KubeMap schema) {
    return everywhere(schema, SwaggerSchemas::translated);
  }

  private static KubeMap translated(KubeMap schema) {
    KubeMap next = schema.without("default");
    KubeList parts = next.listOrEmpty("allOf");
    if (parts.size() == 1 && parts.map(0).has("$ref")) {
      next = next.without("allOf").with("$ref", parts.map(0).get("$ref"));
    }
    if (next.has("oneOf")) {
      next = next.without("oneOf").with(TYPE, "string");
    }
    String reference = next.string("$ref");
    return reference == null
        ? next
        : next.with("$ref", reference.replace(OpenApiSchemas.REFERENCE, REFERENCE));
  }

  /** The schema of a definition without what kubectl cannot cope with in a v2 document. */
  static KubeMap structural(KubeMap schema) {
    return everywhere(schema, SwaggerSchemas::reduced);
  }

  private static KubeMap reduced(KubeMap schema) {
    KubeMap next = schema.without("allOf").without("oneOf").without("anyOf").without("not");
    boolean nullable = next.bool("nullable", false);
    boolean preserving = next.bool("x-kubernetes-preserve-unknown-fields", false);
    if (nullable || preserving) {
      next = next.without(ITEMS).without(PROPERTIES);
    }
    String type = next.string(TYPE, "");
    boolean bareArray = type.equals("array") && !next.has(ITEMS);
    if (nullable || bareArray || (preserving && type.equals("object"))) {
      next = next.without(TYPE);
    }
    return required(next.without("nullable"));
  }

  /** A property that may be null need not be there. */
  private static KubeMap required(KubeMap schema) {
    KubeMap properties = schema.mapOrEmpty(PROPERTIES);
    KubeList required = KubeList.EMPTY;
    for (Object name : schema.listOrEmpty("required")) {
      if (!properties.mapOrEmpty(name.toString()).bool("nullable", false)) {
        required = required.plus(name);
      }
    }
    boolean none = required.isEmpty() || schema.mapOrEmpty(VALUES).bool("nullable", false);
    return schema.with("required", none ? null : required);
  }

  private static KubeMap everywhere(KubeMap schema, Change change) {
    KubeMap next = change.of(schema);
    KubeMap properties = next.map(PROPERTIES);
    if (properties != null) {
      KubeMap.Builder changed = KubeMap.builder();
      properties.forEach(
          (name, property) ->
              changed.put(
                  name, property instanceof KubeMap map ? everywhere(map, change) : property));
      next = next.with(PROPERTIES, changed.build());
    }
    KubeMap items = next.map(ITEMS);
    if (items != null) {
      next = next.with(ITEMS, everywhere(items, change));
    }
    KubeMap values = next.map(VALUES);
    return values == null ? next : next.with(VALUES, everywhere(values, change));
  }
}
