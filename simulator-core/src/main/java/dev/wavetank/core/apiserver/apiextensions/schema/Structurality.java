package dev.wavetank.core.apiserver.apiextensions.schema;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a schema is structural: every value that it speaks of has a type, and what stands
 * below {@code allOf}, {@code anyOf}, {@code oneOf} and {@code not} only validates.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/validation.go and
 * complete.go (v1.36).
 */
public final class Structurality {

  private enum Level {
    ROOT("must not be empty at the root"),
    ITEM("must not be empty for specified array items"),
    FIELD("must not be empty for specified object fields");

    final String noType;

    Level(String noType) {
      this.noType = noType;
    }
  }

  private static final KubeList INT_OR_STRING =
      KubeList.of(KubeMap.of("type", "integer"), KubeMap.of("type", "string"));

  /** What may only be said outside of the junctors, by its name, with what it must be. */
  private static final ImmutableMap<String, String> FORBIDDEN =
      ImmutableMap.<String, String>builder()
          .put("type", "must be empty to be structural")
          .put("additionalProperties", "must be undefined to be structural")
          .put("default", "must be undefined to be structural")
          .put("title", "must be empty to be structural")
          .put("description", "must be empty to be structural")
          .put("nullable", "must be false to be structural")
          .put("x-kubernetes-preserve-unknown-fields", "must be false to be structural")
          .put("x-kubernetes-embedded-resource", "must be false to be structural")
          .put("x-kubernetes-int-or-string", "must be false to be structural")
          .put("x-kubernetes-list-map-keys", "must be empty to be structural")
          .put("x-kubernetes-list-type", "must be undefined to be structural")
          .put("x-kubernetes-map-type", "must be undefined to be structural")
          .put("x-kubernetes-validations", "must be empty to be structural")
          .buildOrThrow();

  private final FieldErrors errors = new FieldErrors();

  private Structurality() {}

  /** Adds what keeps a schema from being structural, in the order of its text. */
  public static void validate(StructuralSchema schema, String path, FieldErrors errors) {
    Structurality checks = new Structurality();
    checks.invariants(schema, Level.ROOT, path);
    checks.completeness(schema, schema, path, path);
    List<Status.Cause> found = new ArrayList<>(checks.errors.causes());
    found.sort(Comparator.comparing(cause -> cause.field() + ": " + cause.message()));
    found.forEach(cause -> errors.add(cause.reason(), cause.field(), cause.message()));
  }

  private void invariants(StructuralSchema schema, Level level, String path) {
    StructuralSchema items = schema.items();
    if (schema.type().equals("array") && items == null) {
      errors.required(path + ".items", "must be specified");
    }
    if (items != null) {
      invariants(items, Level.ITEM, path + ".items");
    }
    for (Map.Entry<String, StructuralSchema> property : schema.properties().entrySet()) {
      String at = path + ".properties[" + property.getKey() + "]";
      if (property.getKey().equals("metadata")) {
        metadata(property.getValue(), schema, level, at);
        continue;
      }
      invariants(property.getValue(), Level.FIELD, at);
    }
    if (schema.source().has("additionalProperties") && level == Level.ROOT) {
      errors.forbidden(path + ".additionalProperties", "must not be used at the root");
    }
    StructuralSchema additional = schema.additionalProperties();
    if (additional != null) {
      invariants(additional, Level.FIELD, path + ".additionalProperties");
    }
    extensions(schema, path);
    KubeList anyOf = schema.source().listOrEmpty("anyOf");
    KubeList allOf = schema.source().listOrEmpty("allOf");
    boolean skipAny = anyOf.equals(INT_OR_STRING);
    boolean skipFirst = !allOf.isEmpty() && allOf.map(0).listOrEmpty("anyOf").equals(INT_OR_STRING);
    values(schema, skipAny, skipFirst, path);
    type(schema, level, path);
  }

  private void type(StructuralSchema schema, Level level, String path) {
    String type = schema.type();
    if (schema.embeddedResource() && !type.equals("object")) {
      String must = "must be object if x-kubernetes-embedded-resource is true";
      if (type.isEmpty()) {
        errors.required(path + ".type", must);
      } else {
        errors.invalid(path + ".type", type, must);
      }
    } else if (type.isEmpty() && !schema.intOrString() && !schema.preservesUnknownFields()) {
      errors.required(path + ".type", level.noType);
    }
    if (schema.embeddedResource() && schema.source().has("additionalProperties")) {
      errors.forbidden(
          path + ".additionalProperties",
          "must not be used if x-kubernetes-embedded-resource is set");
    }
    if (level == Level.ROOT && !type.isEmpty() && !type.equals("object")) {
      errors.invalid(path + ".type", type, "must be object at the root");
    }
    if (level == Level.ROOT || schema.embeddedResource()) {
      for (String name : ImmutableList.of("kind", "apiVersion")) {
        StructuralSchema declared = schema.properties().get(name);
        if (declared != null && !declared.type().equals("string")) {
          errors.invalid(
              path + ".properties[" + name + "].type", declared.type(), "must be string");
        }
      }
    }
    if (schema.embeddedResource()
        && !schema.preservesUnknownFields()
        && schema.properties().isEmpty()) {
      errors.required(
          path + ".properties",
          "must not be empty if x-kubernetes-embedded-resource is true without"
              + " x-kubernetes-preserve-unknown-fields");
    }
  }

  /** Metadata is specified already; a schema may only restrict names. */
  private void metadata(
      StructuralSchema metadata, StructuralSchema parent, Level level, String path) {
    boolean resource = level == Level.ROOT || parent.embeddedResource();
    if (!resource) {
      invariants(metadata, Level.FIELD, path);
      return;
    }
    if (!metadata.type().equals("object")) {
      errors.invalid(path + ".type", metadata.type(), "must be object");
    }
    if (level != Level.ROOT) {
      return;
    }
    boolean named = true;
    for (String name : metadata.properties().keySet()) {
      named &= name.equals("name") || name.equals("generateName");
    }
    KubeMap rest = metadata.source().without("type").without("default").without("description");
    rest = named ? rest.without("properties") : rest;
    if (!rest.isEmpty()) {
      errors.forbidden(
          path,
          "must not specify anything other than name and generateName, but metadata is implicitly"
              + " specified");
    }
  }

  private void extensions(StructuralSchema schema, String path) {
    if (schema.intOrString() && schema.preservesUnknownFields()) {
      errors.invalid(
          path + ".x-kubernetes-preserve-unknown-fields",
          true,
          "must be false if x-kubernetes-int-or-string is true");
    }
    if (schema.intOrString() && schema.embeddedResource()) {
      errors.invalid(
          path + ".x-kubernetes-embedded-resource",
          true,
          "must be false if x-kubernetes-int-or-string is true");
    }
  }

  private void values(StructuralSchema schema, boolean skipAny, boolean skipFirstAll, String path) {
    for (int i = 0; !skipAny && i < schema.anyOf().size(); i++) {
      nested(schema.anyOf().get(i), false, path + ".anyOf[" + i + "]");
    }
    for (int i = 0; i < schema.allOf().size(); i++) {
      boolean skip = skipFirstAll && i == 0;
      nested(schema.allOf().get(i), skip, path + ".allOf[" + i + "]");
    }
    for (int i = 0; i < schema.oneOf().size(); i++) {
      nested(schema.oneOf().get(i), false, path + ".oneOf[" + i + "]");
    }
    StructuralSchema not = schema.not();
    if (not != null) {
      nested(not, false, path + ".not");
    }
    String pattern = schema.source().string("pattern", "");
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      errors.invalid(
          path + ".pattern",
          pattern,
          "must be a valid regular expression, but isn't: " + e.getMessage());
    }
  }

  private void nested(StructuralSchema schema, boolean skipAny, String path) {
    values(schema, skipAny, false, path);
    StructuralSchema items = schema.items();
    if (items != null) {
      nested(items, false, path + ".items");
    }
    schema
        .properties()
        .forEach((name, property) -> nested(property, false, path + ".properties[" + name + "]"));
    FORBIDDEN.forEach(
        (name, must) -> {
          Object said = schema.source().get(name);
          if (said != null && !said.equals("") && !said.equals(false)) {
            errors.forbidden(path + "." + name, must);
          }
        });
    if (schema.properties().containsKey("metadata")) {
      errors.forbidden(path + ".properties[metadata]", "must not be specified in a nested context");
    }
  }

  /** What a junctor speaks of must be specified outside of it. */
  private void completeness(
      StructuralSchema validation, @Nullable StructuralSchema schema, String path, String from) {
    if (schema == null) {
      errors.required(path, "because it is defined in " + from);
      return;
    }
    StructuralSchema not = validation.not();
    if (not != null) {
      nestedCompleteness(not, schema, path, from + ".not");
    }
    junctor(validation.allOf(), schema, path, from + ".allOf");
    junctor(validation.anyOf(), schema, path, from + ".anyOf");
    junctor(validation.oneOf(), schema, path, from + ".oneOf");
  }

  private void junctor(
      List<StructuralSchema> branches, StructuralSchema schema, String path, String from) {
    for (int i = 0; i < branches.size(); i++) {
      nestedCompleteness(branches.get(i), schema, path, from + "[" + i + "]");
    }
  }

  private void nestedCompleteness(
      StructuralSchema validation, @Nullable StructuralSchema schema, String path, String from) {
    completeness(validation, schema, path, from);
    if (schema == null) {
      return;
    }
    StructuralSchema items = validation.items();
    if (items != null) {
      nestedCompleteness(items, schema.items(), path + ".items", from + ".items");
    }
    validation
        .properties()
        .forEach(
            (name, property) -> {
              String step = ".properties[" + name + "]";
              StructuralSchema declared = schema.properties().get(name);
              nestedCompleteness(property, declared, path + step, from + step);
            });
  }
}
