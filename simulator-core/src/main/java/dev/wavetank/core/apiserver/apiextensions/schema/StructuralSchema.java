package dev.wavetank.core.apiserver.apiextensions.schema;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One node of the schema of a custom resource: what is specified of a value, and of what is below
 * it. The same form serves the nodes below {@code allOf}, {@code anyOf}, {@code oneOf} and {@code
 * not}, which only validate.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/structural.go and
 * convert.go (v1.36).
 */
public final class StructuralSchema {

  /** Most nodes from the root of a schema down to its deepest one. */
  public static final int DEPTH_MAX = 100;

  private final KubeMap source;
  private final ImmutableMap<String, StructuralSchema> properties;
  private final @Nullable StructuralSchema additional;
  private final @Nullable StructuralSchema items;
  private final ImmutableList<StructuralSchema> allOf;
  private final ImmutableList<StructuralSchema> anyOf;
  private final ImmutableList<StructuralSchema> oneOf;
  private final @Nullable StructuralSchema not;
  private final String type;
  private final boolean nullable;
  private final boolean preserveUnknown;
  private final boolean embedded;
  private final boolean intOrString;
  private final String listType;
  private final ImmutableList<String> listMapKeys;

  private StructuralSchema(KubeMap source, int depth) {
    if (depth > DEPTH_MAX) {
      throw new SchemaDepthException();
    }
    this.source = source;
    ImmutableMap.Builder<String, StructuralSchema> named = ImmutableMap.builder();
    KubeMap declared = source.mapOrEmpty("properties");
    for (int i = 0; i < declared.size(); i++) {
      if (declared.valueAt(i) instanceof KubeMap property) {
        named.put(declared.keyAt(i), new StructuralSchema(property, depth + 1));
      }
    }
    this.properties = named.buildOrThrow();
    this.additional = child(source.get("additionalProperties"), depth);
    this.items = child(source.get("items"), depth);
    this.allOf = children(source.listOrEmpty("allOf"), depth);
    this.anyOf = children(source.listOrEmpty("anyOf"), depth);
    this.oneOf = children(source.listOrEmpty("oneOf"), depth);
    this.not = child(source.get("not"), depth);
    this.type = source.string("type", "");
    this.nullable = source.bool("nullable", false);
    this.preserveUnknown = source.bool("x-kubernetes-preserve-unknown-fields", false);
    this.embedded = source.bool("x-kubernetes-embedded-resource", false);
    this.intOrString = source.bool("x-kubernetes-int-or-string", false);
    this.listType = source.string("x-kubernetes-list-type", "");
    this.listMapKeys = strings(source.listOrEmpty("x-kubernetes-list-map-keys"));
  }

  /** A schema is nested more than {@link #DEPTH_MAX} deep. */
  public static final class SchemaDepthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaDepthException() {
      super("the schema is nested more than " + DEPTH_MAX + " deep");
    }
  }

  /**
   * The schema that a JSON schema is.
   *
   * @throws SchemaDepthException when it is nested too deep
   */
  public static StructuralSchema of(KubeMap openApiSchema) {
    return new StructuralSchema(openApiSchema, 1);
  }

  private static @Nullable StructuralSchema child(@Nullable Object written, int depth) {
    return written instanceof KubeMap map ? new StructuralSchema(map, depth + 1) : null;
  }

  private static ImmutableList<StructuralSchema> children(KubeList written, int depth) {
    ImmutableList.Builder<StructuralSchema> made = ImmutableList.builder();
    for (KubeMap one : written.maps()) {
      made.add(new StructuralSchema(one, depth + 1));
    }
    return made.build();
  }

  private static ImmutableList<String> strings(KubeList written) {
    ImmutableList.Builder<String> made = ImmutableList.builder();
    for (Object one : written) {
      made.add(one.toString());
    }
    return made.build();
  }

  /** The JSON schema as it is written. */
  public KubeMap source() {
    return source;
  }

  /** {@code object}, {@code array}, {@code string}, ...; empty when nothing is said. */
  public String type() {
    return type;
  }

  public ImmutableMap<String, StructuralSchema> properties() {
    return properties;
  }

  /** What the values of a map are; null when nothing is said of them. */
  public @Nullable StructuralSchema additionalProperties() {
    return additional;
  }

  /** Whether keys that are not declared may be there. */
  public boolean allowsAdditionalProperties() {
    Object written = source.get("additionalProperties");
    return additional != null || Boolean.TRUE.equals(written);
  }

  public @Nullable StructuralSchema items() {
    return items;
  }

  public ImmutableList<StructuralSchema> allOf() {
    return allOf;
  }

  public ImmutableList<StructuralSchema> anyOf() {
    return anyOf;
  }

  public ImmutableList<StructuralSchema> oneOf() {
    return oneOf;
  }

  public @Nullable StructuralSchema not() {
    return not;
  }

  public boolean nullable() {
    return nullable;
  }

  /** {@code x-kubernetes-preserve-unknown-fields}. */
  public boolean preservesUnknownFields() {
    return preserveUnknown;
  }

  /** {@code x-kubernetes-embedded-resource}: an object with kind, version and metadata. */
  public boolean embeddedResource() {
    return embedded;
  }

  /** {@code x-kubernetes-int-or-string}. */
  public boolean intOrString() {
    return intOrString;
  }

  /** {@code atomic}, {@code set} or {@code map}; empty when nothing is said. */
  public String listType() {
    return listType;
  }

  /** The fields that tell the items of a list of type {@code map} apart. */
  public ImmutableList<String> listMapKeys() {
    return listMapKeys;
  }

  /** What fills an absent value; null for nothing. */
  public @Nullable Object defaultValue() {
    return source.get("default");
  }

  public String format() {
    return source.string("format", "");
  }

  /** A bound such as {@code maxLength}; null when it is not set. */
  public @Nullable Number bound(String name) {
    return source.get(name) instanceof Number number ? number : null;
  }

  /** The property of that name, or what undeclared ones are; null when nothing is known. */
  public @Nullable StructuralSchema property(String name) {
    StructuralSchema declared = properties.get(name);
    return declared != null ? declared : additional;
  }

  /**
   * The item of an old list that an item of a new one is compared with: that of the same key in a
   * list of type {@code map}; items of other lists are compared with none.
   */
  public @Nullable KubeMap correlated(Object item, @Nullable KubeList old) {
    if (old == null || !listType.equals("map") || !(item instanceof KubeMap now)) {
      return null;
    }
    for (KubeMap then : old.maps()) {
      boolean same = true;
      for (String key : listMapKeys) {
        same &= Objects.equals(now.get(key), then.get(key));
      }
      if (same) {
        return then;
      }
    }
    return null;
  }

  /** The words of a list such as {@code required}. */
  public ImmutableList<String> words(String list) {
    return strings(source.listOrEmpty(list));
  }

  @Override
  public String toString() {
    return source.toString();
  }
}
