package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;

/**
 * The rules of metadata that all types share.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go (v1.36).
 */
final class Metadata {

  private Metadata() {}

  static void validate(ResourceType type, KubeObject object, FieldErrors errors) {
    if (object.name().isEmpty()) {
      errors.required("metadata.name", "name or generateName is required");
    }
  }

  static void validateUpdate(
      ResourceType type, KubeObject next, KubeObject old, FieldErrors errors) {
    validate(type, next, errors);
  }

  /** Counts a change of anything but metadata and status. */
  static KubeObject countGeneration(KubeObject next, KubeObject old) {
    KubeMap before = old.root();
    KubeMap after = next.root();
    boolean changed = before.size() != after.size();
    for (int i = 0; i < after.size() && !changed; i++) {
      String key = after.keyAt(i);
      if (!key.equals("metadata") && !key.equals("status")) {
        Object was = before.get(key);
        Object is = after.valueAt(i);
        changed = was != is && !is.equals(was);
      }
    }
    return changed
        ? next.withMetadata(next.metadata().with("generation", old.generation() + 1))
        : next;
  }
}
