package dev.wavetank.core.apiserver.apiextensions;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.apiextensions.schema.StructuralSchema;
import dev.wavetank.core.apiserver.apiextensions.schema.TypedSchema;
import org.jspecify.annotations.Nullable;

/** Reads a CustomResourceDefinition: the types that it defines. */
final class Definition {

  private Definition() {}

  /** The name of the version in which objects are stored; empty when none is. */
  static String storageVersion(KubeObject definition) {
    for (KubeMap version : definition.spec().listOrEmpty("versions").maps()) {
      if (version.bool("storage", false)) {
        return version.string("name", "");
      }
    }
    return "";
  }

  /**
   * The type under which objects are kept. It stays what it was when the first ones were, whatever
   * version they are written in later.
   *
   * @param kept the version of its name
   */
  static ResourceType storedType(KubeObject definition, String kept) {
    KubeMap spec = definition.spec();
    KubeMap names = definition.status().mapOrEmpty("acceptedNames");
    String storage = storageVersion(definition);
    KubeList shortNames = names.listOrEmpty("shortNames");
    String[] words = new String[shortNames.size()];
    for (int i = 0; i < words.length; i++) {
      words[i] = shortNames.get(i).toString();
    }
    ResourceType type =
        new ResourceType(
            spec.string("group", ""),
            kept,
            names.string("kind", ""),
            names.string("plural", ""),
            names.string("singular", ""),
            spec.string("scope", "").equals("Namespaced"),
            words);
    for (KubeMap version : spec.listOrEmpty("versions").maps()) {
      if (version.string("name", "").equals(storage)) {
        return type.defined(resource(definition, version));
      }
    }
    return type;
  }

  static KubeMap openApiSchema(KubeMap version) {
    return version.mapOrEmpty("schema").mapOrEmpty("openAPIV3Schema");
  }

  /** What a version says of the resource. */
  static CustomResource resource(KubeObject definition, KubeMap version) {
    KubeMap names = definition.status().mapOrEmpty("acceptedNames");
    KubeMap schema = openApiSchema(version);
    String kind = names.string("kind", "");
    String group = definition.spec().string("group", "");
    StructuralSchema structural = StructuralSchema.of(schema);
    return new CustomResource(
        names.string("listKind", kind + "List"),
        words(names.listOrEmpty("categories")),
        schema,
        TypedSchema.of(group, kind, structural),
        columns(version.listOrEmpty("additionalPrinterColumns")),
        scale(version.mapOrEmpty("subresources").map("scale")),
        selectable(version.listOrEmpty("selectableFields")),
        deprecation(version, group, kind),
        group + "/" + storageVersion(definition),
        object -> CustomResourceStrategy.completed(object, structural));
  }

  private static String deprecation(KubeMap version, String group, String kind) {
    if (!version.bool("deprecated", false)) {
      return "";
    }
    String plain = group + "/" + version.string("name", "") + " " + kind + " is deprecated";
    return version.string("deprecationWarning", plain);
  }

  private static ImmutableList<String> words(KubeList list) {
    ImmutableList.Builder<String> words = ImmutableList.builder();
    list.forEach(word -> words.add(word.toString()));
    return words.build();
  }

  private static ImmutableList<CustomResource.Column> columns(KubeList written) {
    ImmutableList.Builder<CustomResource.Column> columns = ImmutableList.builder();
    for (KubeMap column : written.maps()) {
      columns.add(
          new CustomResource.Column(
              column.string("name", ""),
              column.string("type", ""),
              column.string("format", ""),
              column.string("description", ""),
              (int) column.number("priority", 0),
              column.string("jsonPath", "")));
    }
    return columns.build();
  }

  private static CustomResource.@Nullable ScalePaths scale(@Nullable KubeMap scale) {
    return scale == null
        ? null
        : new CustomResource.ScalePaths(
            scale.string("specReplicasPath", ""),
            scale.string("statusReplicasPath", ""),
            scale.string("labelSelectorPath", ""));
  }

  private static ImmutableList<String> selectable(KubeList written) {
    ImmutableList.Builder<String> fields = ImmutableList.builder();
    for (KubeMap field : written.maps()) {
      String path = field.string("jsonPath", "");
      fields.add(path.startsWith(".") ? path.substring(1) : path);
    }
    return fields.build();
  }
}
