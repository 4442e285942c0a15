package dev.wavetank.core.apiserver.apiextensions.cel;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.apiextensions.schema.StructuralSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules that a schema has anywhere, each evaluated on the values that its place describes.
 *
 * <p>Upstream counts what each step of an evaluation costs; here the rounds of comprehensions are
 * bounded, and the rules of a schema are not estimated beforehand.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go
 * (v1.36).
 */
public final class ValidationRules {

  private static final ImmutableSet<String> BLOCKING =
      ImmutableSet.of(
          "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid");

  private final @Nullable Node root;

  private ValidationRules(@Nullable Node root) {
    this.root = root;
  }

  /** The rules of a schema. */
  public static ValidationRules of(StructuralSchema schema) {
    return new ValidationRules(has(schema) ? new Node(schema, "self", true) : null);
  }

  /** Adds what is wrong with the rules of a schema themselves. */
  public static void check(StructuralSchema schema, String path, FieldErrors errors) {
    if (has(schema)) {
      new Node(schema, "self", true).check(path, null, errors);
    }
  }

  private static boolean has(@Nullable StructuralSchema schema) {
    if (schema == null) {
      return false;
    }
    if (!schema.source().listOrEmpty("x-kubernetes-validations").isEmpty()) {
      return true;
    }
    for (StructuralSchema property : schema.properties().values()) {
      if (has(property)) {
        return true;
      }
    }
    return has(schema.items()) || has(schema.additionalProperties());
  }

  /**
   * Adds the rules that an object breaks; none is looked at when the object is not of its type.
   *
   * @param old the object before an update; null on create
   */
  public void validate(KubeMap object, @Nullable KubeMap old, FieldErrors errors) {
    if (root == null) {
      return;
    }
    for (Status.Cause cause : errors.causes()) {
      if (BLOCKING.contains(cause.reason())) {
        errors.invalid(
            "<nil>",
            null,
            "some validation rules were not checked because the object was invalid; correct the"
                + " existing errors to complete validation");
        return;
      }
    }
    root.validate(object, old, "", errors);
  }

  /** The rules of one place, and of the places below it that have any. */
  private static final class Node {
    private final StructuralSchema schema;
    private final Rules rules;
    private final Map<String, Node> properties = new LinkedHashMap<>();
    private final @Nullable Node items;
    private final @Nullable Node additional;

    Node(StructuralSchema schema, String name, boolean resource) {
      this.schema = schema;
      this.rules = new Rules(schema, name, resource || schema.embeddedResource());
      schema
          .properties()
          .forEach(
              (field, property) -> {
                if (has(property)) {
                  properties.put(field, new Node(property, name + "." + field, false));
                }
              });
      this.items = below(schema.items(), name + ".@idx");
      this.additional = below(schema.additionalProperties(), name + ".@elem");
    }

    private static @Nullable Node below(@Nullable StructuralSchema schema, String name) {
      return schema == null || !has(schema) ? null : new Node(schema, name, false);
    }

    void check(String path, @Nullable String uncorrelated, FieldErrors errors) {
      rules.check(path + ".x-kubernetes-validations", uncorrelated, errors);
      String atomic = schema.source().string("x-kubernetes-map-type", "");
      @Nullable String below =
          uncorrelated == null && atomic.equals("atomic") ? path : uncorrelated;
      properties.forEach(
          (name, node) -> node.check(path + ".properties[" + name + "]", below, errors));
      if (items != null) {
        boolean keyed = schema.listType().equals("map");
        items.check(path + ".items", below == null && !keyed ? path : below, errors);
      }
      if (additional != null) {
        additional.check(path + ".additionalProperties", below, errors);
      }
    }

    void validate(Object value, @Nullable Object old, String path, FieldErrors errors) {
      if (value == KubeNull.NULL) {
        return;
      }
      rules.validate(value, old, path.isEmpty() ? "<nil>" : path, errors);
      if (value instanceof KubeMap map) {
        KubeMap before = old instanceof KubeMap was ? was : null;
        for (int i = 0; i < map.size(); i++) {
          String name = map.keyAt(i);
          Object then = before == null ? null : before.get(name);
          boolean declared = schema.properties().containsKey(name);
          Node node = declared ? properties.get(name) : additional;
          if (node != null) {
            String dot = path.isEmpty() ? name : path + "." + name;
            String child = declared ? dot : path + "[" + name + "]";
            node.validate(map.valueAt(i), then, child, errors);
          }
        }
      } else if (value instanceof KubeList list && items != null) {
        KubeList before = old instanceof KubeList was ? was : KubeList.EMPTY;
        for (int i = 0; i < list.size(); i++) {
          items.validate(
              list.get(i), schema.correlated(list.get(i), before), path + "[" + i + "]", errors);
        }
      }
    }
  }
}
