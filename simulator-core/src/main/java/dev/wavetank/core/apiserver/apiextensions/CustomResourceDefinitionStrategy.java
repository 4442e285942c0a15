package dev.wavetank.core.apiserver.apiextensions;

import com.google.common.base.Ascii;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.apiextensions.schema.StringFormats;
import dev.wavetank.core.apiserver.apiextensions.schema.StructuralSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * CustomResourceDefinitions.
 *
 * <p>Follows
 * staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go and
 * pkg/apis/apiextensions/v1/defaults.go (v1.36).
 */
final class CustomResourceDefinitionStrategy implements ResourceStrategy {

  static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";
  private static final String VERSIONS = "versions";
  private static final String STORED = "storedVersions";

  private final CustomResourceDefinitionValidation validation =
      new CustomResourceDefinitionValidation();

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    KubeMap names = spec.mapOrEmpty("names");
    String kind = names.string("kind", "");
    if (names.string("singular", "").isEmpty() && !kind.isEmpty()) {
      names = names.with("singular", Ascii.toLowerCase(kind));
    }
    if (names.string("listKind", "").isEmpty() && !kind.isEmpty()) {
      names = names.with("listKind", kind + "List");
    }
    spec = spec.with("names", names);
    if (!spec.has("conversion")) {
      spec = spec.with("conversion", KubeMap.of("strategy", "None"));
    }
    if (spec.at("conversion", "webhook", "clientConfig", "service") instanceof KubeMap service) {
      KubeMap whole = service.withDefault("port", 443L);
      spec = spec.withPath(whole, "conversion", "webhook", "clientConfig", "service");
    }
    return withStored(object.withSpec(spec), object.status());
  }

  /** The version in which objects are stored is remembered, with those that were it before. */
  private static KubeObject withStored(KubeObject object, KubeMap status) {
    KubeList stored = status.listOrEmpty(STORED);
    String storage = Definition.storageVersion(object);
    if (!storage.isEmpty() && !stored.contains(storage)) {
      return object.withStatus(status.with(STORED, stored.plus(storage)));
    }
    return object.withStatus(status);
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    KubeMap status =
        KubeMap.of(
            "conditions",
            KubeList.EMPTY,
            "acceptedNames",
            KubeMap.of("plural", "", "kind", ""),
            STORED,
            KubeList.EMPTY);
    return withStored(object, status);
  }

  @Override
  public KubeObject prepareForUpdate(KubeObject next, KubeObject old) {
    return withStored(next, old.status());
  }

  @Override
  public boolean statusSubresource() {
    return true;
  }

  @Override
  public boolean raisesGeneration(KubeObject next, KubeObject old) {
    return !next.spec().equals(old.spec());
  }

  @Override
  public boolean unconditionalUpdate() {
    return false;
  }

  @Override
  public String deletionFinalizer() {
    return FINALIZER;
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    validation.validateCreate(object, errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validation.validateUpdate(next, old, errors);
  }

  @Override
  public List<String> warnings(KubeObject object, boolean created) {
    Set<String> formats = new LinkedHashSet<>();
    for (KubeMap version : object.spec().listOrEmpty(VERSIONS).maps()) {
      unrecognized(version.mapOrEmpty("schema").mapOrEmpty("openAPIV3Schema"), formats, 0);
    }
    List<String> warnings = new ArrayList<>();
    formats.forEach(format -> warnings.add("unrecognized format \"" + format + "\""));
    return warnings;
  }

  private static void unrecognized(KubeMap schema, Set<String> formats, int depth) {
    String format = schema.string("format", "");
    String type = schema.string("type", "");
    boolean checked = type.equals("string") || type.equals("integer") || type.equals("number");
    if (!format.isEmpty() && checked && !StringFormats.isKnown(type, format)) {
      formats.add(format);
    }
    if (schema.isEmpty() || depth > StructuralSchema.DEPTH_MAX) {
      return;
    }
    schema
        .mapOrEmpty("properties")
        .forEach(
            (name, property) -> {
              if (property instanceof KubeMap map) {
                unrecognized(map, formats, depth + 1);
              }
            });
    unrecognized(schema.mapOrEmpty("items"), formats, depth + 1);
    unrecognized(schema.mapOrEmpty("additionalProperties"), formats, depth + 1);
  }
}
