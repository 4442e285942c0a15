package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules of metadata that all types share.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go (v1.36).
 */
final class Metadata {

  private static final String IMMUTABLE = "field is immutable";
  private static final ImmutableList<String> STANDARD_FINALIZERS =
      ImmutableList.of("kubernetes", "orphan", "foregroundDeletion");

  private Metadata() {}

  static void validate(
      ResourceType type, ResourceStrategy strategy, KubeObject object, FieldErrors errors) {
    KubeMap metadata = object.metadata();
    String generateName = metadata.string("generateName", "");
    if (!generateName.isEmpty()) {
      errors.invalid(
          "metadata.generateName",
          generateName,
          strategy.nameErrors(Formats.maskTrailingDash(generateName)));
    }
    if (object.name().isEmpty()) {
      errors.required("metadata.name", "name or generateName is required");
    } else {
      errors.invalid("metadata.name", object.name(), strategy.nameErrors(object.name()));
    }
    if (type.namespaced()) {
      errors.invalid(
          "metadata.namespace", object.namespace(), Formats.dnsLabel(object.namespace()));
    } else if (!object.namespace().isEmpty()) {
      errors.forbidden("metadata.namespace", "not allowed on this type");
    }
    validateCommon(metadata, errors);
    validateFinalizers(metadata.listOrEmpty("finalizers"), errors);
  }

  static void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    KubeMap metadata = next.metadata();
    KubeMap before = old.metadata();
    if (metadata == before) {
      return;
    }
    if (old.terminating()) {
      validateNoNewFinalizers(next.finalizers(), old.finalizers(), errors);
    }
    immutable("name", metadata, before, errors);
    immutable("namespace", metadata, before, errors);
    immutable("uid", metadata, before, errors);
    immutable("creationTimestamp", metadata, before, errors);
    immutable("deletionTimestamp", metadata, before, errors);
    immutable("deletionGracePeriodSeconds", metadata, before, errors);
    if (sameButVersions(metadata, before)) {
      return;
    }
    validateCommon(metadata, errors);
    validateFinalizers(metadata.listOrEmpty("finalizers"), errors);
  }

  private static boolean sameButVersions(KubeMap metadata, KubeMap before) {
    return same("labels", metadata, before)
        && same("annotations", metadata, before)
        && same("ownerReferences", metadata, before)
        && same("finalizers", metadata, before);
  }

  private static boolean same(String field, KubeMap next, KubeMap old) {
    Object after = next.get(field);
    Object before = old.get(field);
    return after == before || (after != null && after.equals(before));
  }

  private static void immutable(String field, KubeMap next, KubeMap old, FieldErrors errors) {
    if (!same(field, next, old)) {
      errors.invalid("metadata." + field, next.get(field), IMMUTABLE);
    }
  }

  private static void validateCommon(KubeMap metadata, FieldErrors errors) {
    Formats.labels(metadata.mapOrEmpty("labels"), "metadata.labels", errors);
    Formats.annotations(metadata.mapOrEmpty("annotations"), "metadata.annotations", errors);
    validateOwnerReferences(metadata.listOrEmpty("ownerReferences"), errors);
  }

  private static void validateOwnerReferences(KubeList references, FieldErrors errors) {
    @Nullable String controller = null;
    for (KubeMap reference : references.maps()) {
      String path = "metadata.ownerReferences";
      String kind = reference.string("kind", "");
      if (reference.string("apiVersion", "").isEmpty()) {
        errors.invalid(path + ".apiVersion", "", "version must not be empty");
      }
      notEmpty(path, "kind", reference, errors);
      notEmpty(path, "name", reference, errors);
      notEmpty(path, "uid", reference, errors);
      if (kind.equals("Event") && reference.string("apiVersion", "").equals("v1")) {
        errors.invalid(path, reference, "/v1, Kind=Event is disallowed from being an owner");
      }
      if (reference.bool("controller", false)) {
        String name = kind + "/" + reference.string("name", "");
        if (controller != null) {
          errors.invalid(
              path,
              references,
              "Only one reference can have Controller set to true. Found \"true\" in references for "
                  + controller
                  + " and "
                  + name);
        } else {
          controller = name;
        }
      }
    }
  }

  private static void notEmpty(String path, String field, KubeMap map, FieldErrors errors) {
    if (map.string(field, "").isEmpty()) {
      errors.invalid(path + "." + field, "", "must not be empty");
    }
  }

  private static void validateFinalizers(KubeList finalizers, FieldErrors errors) {
    for (Object finalizer : finalizers) {
      errors.invalid("metadata.finalizers", finalizer, Formats.qualifiedName(finalizer.toString()));
    }
    if (finalizers.contains("orphan") && finalizers.contains("foregroundDeletion")) {
      errors.invalid(
          "metadata.finalizers",
          finalizers,
          "finalizer orphan and foregroundDeletion cannot be both set");
    }
    for (int i = 0; i < finalizers.size(); i++) {
      String finalizer = finalizers.get(i).toString();
      if (finalizer.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(finalizer)) {
        errors.invalid(
            "metadata.finalizers[" + i + "]",
            finalizer,
            "name is neither a standard finalizer name nor is it fully qualified");
      }
    }
  }

  private static void validateNoNewFinalizers(KubeList next, KubeList old, FieldErrors errors) {
    TreeSet<String> added = new TreeSet<>();
    for (Object finalizer : next) {
      if (!old.contains(finalizer)) {
        added.add(finalizer.toString());
      }
    }
    if (!added.isEmpty()) {
      StringBuilder names = new StringBuilder();
      for (String name : added) {
        names.append(names.length() == 0 ? "\"" : ", \"").append(name).append('"');
      }
      errors.forbidden(
          "metadata.finalizers",
          "no new finalizers can be added if the object is being deleted, found new finalizers"
              + " []string{"
              + names
              + "}");
    }
  }

  /** Whether anything but metadata and status differs. */
  static boolean changedBeyondMetadata(KubeObject next, KubeObject old) {
    KubeMap before = old.root();
    KubeMap after = next.root();
    if (before.size() - (before.has("status") ? 1 : 0)
        != after.size() - (after.has("status") ? 1 : 0)) {
      return true;
    }
    for (int i = 0; i < after.size(); i++) {
      String key = after.keyAt(i);
      if (!key.equals("metadata") && !key.equals("status")) {
        Object was = before.get(key);
        Object is = after.valueAt(i);
        if (was != is && !is.equals(was)) {
          return true;
        }
      }
    }
    return false;
  }
}
