package dev.wavetank.core.apiserver.apiextensions.schema;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of OpenAPI a schema may use, and how: types, defaults, lists and maps.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation and
 * pkg/apiserver/schema/defaulting/validation.go (v1.36).
 */
public final class OpenApiRules {

  private static final ImmutableList<String> TYPES =
      ImmutableList.of("array", "boolean", "integer", "number", "object", "string");
  private static final ImmutableSet<String> META =
      ImmutableSet.of("metadata", "kind", "apiVersion");
  private static final ImmutableMap<String, String> UNSUPPORTED =
      ImmutableMap.of(
          "id", "id is not supported",
          "additionalItems", "additionalItems is not supported",
          "patternProperties", "patternProperties is not supported",
          "definitions", "definitions is not supported",
          "dependencies", "dependencies is not supported",
          "$ref", "$ref is not supported");

  private final FieldErrors errors;

  private OpenApiRules(FieldErrors errors) {
    this.errors = errors;
  }

  /** Adds what a schema may not say. */
  public static void validate(StructuralSchema schema, String path, FieldErrors errors) {
    new OpenApiRules(errors).node(schema, path, true, null);
  }

  /** Adds what is wrong with the defaults of a schema that is structural. */
  public static void validateDefaults(StructuralSchema schema, String path, FieldErrors errors) {
    Object written = schema.defaultValue();
    if (written != null) {
      if (written instanceof KubeMap map && !Pruning.prune(map, schema).equals(map)) {
        errors.invalid(path + ".default", map, "must not have unknown fields");
      }
      FieldErrors found = new FieldErrors();
      KubeMap holder = KubeMap.of("default", written);
      KubeMap wrapper =
          KubeMap.of("type", "object", "properties", KubeMap.of("default", schema.source()));
      new SchemaValidation(StructuralSchema.of(wrapper)).validate(holder, null, found);
      found
          .causes()
          .forEach(
              cause ->
                  errors.add(
                      cause.reason(),
                      cause.field().startsWith("default")
                          ? path + "." + cause.field()
                          : cause.field(),
                      cause.message().replace(": default", ": " + path + ".default")));
    }
    StructuralSchema items = schema.items();
    if (items != null) {
      validateDefaults(items, path + ".items", errors);
    }
    schema
        .properties()
        .forEach(
            (name, property) ->
                validateDefaults(property, path + ".properties[" + name + "]", errors));
  }

  private void node(
      StructuralSchema schema, String path, boolean root, @Nullable String noDefaults) {
    KubeMap source = schema.source();
    String type = schema.type();
    if (!type.isEmpty() && !TYPES.contains(type)) {
      errors.unsupported(path + ".type", type, TYPES);
    }
    if (source.has("default") && noDefaults != null) {
      errors.forbidden(path + ".default", "must not be set" + noDefaults);
    }
    UNSUPPORTED.forEach(
        (name, why) -> {
          if (source.has(name)) {
            errors.forbidden(path + "." + name, why);
          }
        });
    if (type.equals("null")) {
      errors.forbidden(
          path + ".type", "type cannot be set to null, use nullable as an alternative");
    }
    if (source.bool("uniqueItems", false)) {
      errors.forbidden(
          path + ".uniqueItems",
          "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    }
    boolean forbids = Boolean.FALSE.equals(source.get("additionalProperties"));
    if ((schema.additionalProperties() != null || forbids) && !schema.properties().isEmpty()) {
      errors.forbidden(
          path + ".additionalProperties",
          "additionalProperties and properties are mutual exclusive");
    }
    children(schema, path, root, noDefaults);
    if (Boolean.FALSE.equals(source.get("x-kubernetes-preserve-unknown-fields"))) {
      errors.invalid(
          path + ".x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
    }
    mapType(schema, path);
    listType(schema, path);
    rules(source.listOrEmpty("x-kubernetes-validations"), path + ".x-kubernetes-validations");
  }

  private void children(
      StructuralSchema schema, String path, boolean root, @Nullable String noDefaults) {
    StructuralSchema additional = schema.additionalProperties();
    if (additional != null) {
      node(additional, path + ".additionalProperties", false, noDefaults);
    }
    for (Map.Entry<String, StructuralSchema> property : schema.properties().entrySet()) {
      String name = property.getKey();
      boolean meta = root && META.contains(name);
      node(
          property.getValue(),
          path + ".properties[" + name + "]",
          false,
          meta ? " in top-level " + name : noDefaults);
    }
    StructuralSchema not = schema.not();
    if (not != null) {
      node(not, path + ".not", false, noDefaults);
    }
    branches(schema.allOf(), path + ".allOf", noDefaults);
    branches(schema.oneOf(), path + ".oneOf", noDefaults);
    branches(schema.anyOf(), path + ".anyOf", noDefaults);
    StructuralSchema items = schema.items();
    if (items != null) {
      node(items, path + ".items", false, noDefaults);
    }
  }

  private void branches(
      ImmutableList<StructuralSchema> branches, String path, @Nullable String noDefaults) {
    for (int i = 0; i < branches.size(); i++) {
      node(branches.get(i), path + "[" + i + "]", false, noDefaults);
    }
  }

  private void mapType(StructuralSchema schema, String path) {
    String mapType = schema.source().string("x-kubernetes-map-type", "");
    if (mapType.isEmpty()) {
      return;
    }
    mustBe("object", "x-kubernetes-map-type", schema, path);
    ImmutableList<String> known = ImmutableList.of("atomic", "granular");
    if (!known.contains(mapType)) {
      errors.unsupported(path + ".x-kubernetes-map-type", mapType, known);
    }
  }

  private void mustBe(String type, String because, StructuralSchema schema, String path) {
    String must = "must be " + type + " if " + because + " is specified";
    if (schema.type().isEmpty()) {
      errors.required(path + ".type", must);
    } else if (!schema.type().equals(type)) {
      errors.invalid(path + ".type", schema.type(), must);
    }
  }

  private void listType(StructuralSchema schema, String path) {
    String listType = schema.listType();
    boolean keyed = !schema.listMapKeys().isEmpty();
    if (listType.isEmpty()) {
      if (keyed) {
        errors.required(
            path + ".x-kubernetes-list-type",
            "must be map if x-kubernetes-list-map-keys is non-empty");
      }
      return;
    }
    mustBe("array", "x-kubernetes-list-type", schema, path);
    StructuralSchema items = schema.items();
    if (schema.type().equals("array") && listType.equals("set") && items != null) {
      setItems(items, path + ".items");
    }
    ImmutableList<String> known = ImmutableList.of("atomic", "set", "map");
    if (!known.contains(listType)) {
      errors.unsupported(path + ".x-kubernetes-list-type", listType, known);
    }
    if (keyed && !listType.equals("map")) {
      errors.invalid(
          path + ".x-kubernetes-list-type",
          listType,
          "must be map if x-kubernetes-list-map-keys is non-empty");
    }
    if (listType.equals("map")) {
      listMap(schema, items, path);
    }
    if (items != null && items.nullable() && !listType.equals("atomic")) {
      errors.forbidden(
          path + ".items.nullable",
          "cannot be nullable when x-kubernetes-list-type is " + listType);
    }
    if (items != null && listType.equals("map")) {
      keys(schema, items, path);
    }
  }

  private void setItems(StructuralSchema items, String path) {
    String must = "must be atomic as item of a list with x-kubernetes-list-type=set";
    boolean otherList = !items.listType().isEmpty() && !items.listType().equals("atomic");
    if (items.type().equals("array") && otherList) {
      errors.invalid(path + ".x-kubernetes-list-type", items.listType(), must);
    }
    boolean atomic = items.source().string("x-kubernetes-map-type", "").equals("atomic");
    if (items.type().equals("object") && !atomic) {
      errors.invalid(path + ".x-kubernetes-map-type", null, must);
    }
  }

  private void listMap(StructuralSchema schema, @Nullable StructuralSchema items, String path) {
    if (schema.listMapKeys().isEmpty()) {
      errors.required(
          path + ".x-kubernetes-list-map-keys",
          "must not be empty if x-kubernetes-list-type is map");
    }
    if (items == null) {
      errors.required(path + ".items", "must have a schema if x-kubernetes-list-type is map");
      return;
    }
    if (!items.type().equals("object")) {
      errors.invalid(
          path + ".items.type",
          items.type(),
          "must be object if parent array's x-kubernetes-list-type is map");
      return;
    }
    Set<String> seen = new LinkedHashSet<>();
    KubeList all = schema.source().listOrEmpty("x-kubernetes-list-map-keys");
    for (String key : schema.listMapKeys()) {
      StructuralSchema property = items.properties().get(key);
      if (property == null) {
        errors.invalid(
            path + ".x-kubernetes-list-map-keys",
            all,
            "entries must all be names of item properties");
      } else if (property.type().equals("array") || property.type().equals("object")) {
        errors.invalid(
            path + ".items.properties[" + key + "].type",
            items.type(),
            "must be a scalar type if parent array's x-kubernetes-list-type is map");
      }
      if (!seen.add(key)) {
        errors.invalid(
            path + ".x-kubernetes-list-map-keys", all, "must not contain duplicate entries");
      }
    }
  }

  private void keys(StructuralSchema schema, StructuralSchema items, String path) {
    for (String key : schema.listMapKeys()) {
      StructuralSchema property = items.properties().get(key);
      if (property == null) {
        continue;
      }
      String at = path + ".items.properties[" + key + "]";
      String because = "this property is in x-kubernetes-list-map-keys, so it ";
      if (!items.words("required").contains(key) && property.defaultValue() == null) {
        errors.required(at + ".default", because + "must have a default or be a required property");
      }
      if (property.nullable()) {
        errors.forbidden(at + ".nullable", because + "cannot be nullable");
      }
    }
  }

  private void rules(KubeList rules, String path) {
    for (int i = 0; i < rules.size(); i++) {
      KubeMap rule = rules.map(i);
      String at = path + "[" + i + "]";
      String message = rule.string("message", "");
      String text = rule.string("rule", "").strip();
      if (text.isEmpty()) {
        errors.required(at + ".rule", "rule is not specified");
      } else if (!message.isEmpty() && message.isBlank()) {
        errors.invalid(at + ".message", message, "must be non-empty if specified");
      } else if (hasLines(message.strip())) {
        errors.invalid(at + ".message", message, "must not contain line breaks");
      } else if (hasLines(text) && message.isBlank()) {
        errors.required(at + ".message", "message must be specified if rule contains line breaks");
      }
      String expression = rule.string("messageExpression", "");
      if (!expression.isEmpty() && expression.isBlank()) {
        errors.required(
            at + ".messageExpression", "messageExpression must be non-empty if specified");
      }
      String reason = rule.string("reason", "");
      ImmutableList<String> reasons =
          ImmutableList.of(
              "FieldValueDuplicate",
              "FieldValueForbidden",
              "FieldValueInvalid",
              "FieldValueRequired");
      if (rule.has("reason") && !reasons.contains(reason)) {
        errors.unsupported(at + ".reason", reason, reasons);
      }
    }
  }

  private static boolean hasLines(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  }
}
