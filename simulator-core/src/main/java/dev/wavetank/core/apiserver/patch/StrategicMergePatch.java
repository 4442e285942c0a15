package dev.wavetank.core.apiserver.patch;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.SchemaType;

/**
 * Strategic merge patch: a merge patch whose lists are merged element by element where the schema
 * says so, with the directives {@code $patch}, {@code $retainKeys}, {@code $setElementOrder/…} and
 * {@code $deleteFromPrimitiveList/…}.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (v1.36).
 */
public final class StrategicMergePatch {

  private StrategicMergePatch() {}

  /**
   * The object with the patch applied; it shares what does not change.
   *
   * @param type of the object
   * @throws PatchException when the patch does not fit
   */
  public static KubeMap apply(SchemaType type, KubeMap object, KubeMap patch) {
    return StrategicMerge.INTO_OBJECT.merge(object, patch, PatchSchema.of(type));
  }

  /**
   * The patch that leads from one object to another; empty when they are equal.
   *
   * @throws PatchException when a list lacks merge keys or the schema does not know a field that
   *     differs
   */
  public static KubeMap between(SchemaType type, KubeMap original, KubeMap modified) {
    return StrategicDiff.WHOLE.between(original, modified, PatchSchema.of(type));
  }
}
