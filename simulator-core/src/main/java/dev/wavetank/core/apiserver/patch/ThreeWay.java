package dev.wavetank.core.apiserver.patch;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.SchemaType;

/**
 * The patches of {@code kubectl apply}: they set what the new configuration says, delete what the
 * last applied one said and the new one does not, and leave alone what others have set.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go and
 * pkg/util/jsonmergepatch/patch.go (v1.36).
 */
public final class ThreeWay {

  private ThreeWay() {}

  /**
   * A strategic merge patch.
   *
   * @param type of the objects
   * @param original what was applied last; empty when nothing was
   * @param modified what is applied now, with its own last-applied annotation
   * @param current the object as it is
   * @return empty when there is nothing to change
   * @throws PatchException when a list lacks merge keys or the schema does not know a field that
   *     differs
   */
  public static KubeMap strategic(
      SchemaType type, KubeMap original, KubeMap modified, KubeMap current) {
    PatchSchema schema = PatchSchema.of(type);
    KubeMap changes = StrategicDiff.CHANGES.between(current, modified, schema);
    KubeMap deletions = StrategicDiff.DELETIONS.between(original, modified, schema);
    return StrategicMerge.INTO_PATCH.merge(deletions, changes, schema);
  }

  /**
   * A JSON merge patch, for kinds that the schema does not know.
   *
   * @throws PatchException when the patch would change apiVersion, kind or name, or when a change
   *     contradicts a deletion
   */
  public static KubeMap merge(KubeMap original, KubeMap modified, KubeMap current) {
    KubeMap changes = withoutNulls(MergePatch.between(current, modified));
    KubeMap deletions = onlyNulls(MergePatch.between(original, modified));
    if (conflict(changes, deletions)) {
      throw PatchException.unknown(
          "patch:\n"
              + Manifests.toYaml(changes)
              + "\nconflicts with changes made from original to current:\n"
              + Manifests.toYaml(deletions)
              + "\n");
    }
    KubeMap patch = (KubeMap) MergePatch.apply(deletions, changes);
    if (patch.has("apiVersion") || patch.has("kind") || patch.mapOrEmpty("metadata").has("name")) {
      throw PatchException.unknown("At least one of apiVersion, kind and name was changed");
    }
    return patch;
  }

  private static KubeMap withoutNulls(KubeMap patch) {
    KubeMap.Builder kept = KubeMap.builder();
    for (int i = 0; i < patch.size(); i++) {
      Object value = patch.valueAt(i);
      if (value instanceof KubeMap map && !map.isEmpty()) {
        KubeMap below = withoutNulls(map);
        kept.put(patch.keyAt(i), below.isEmpty() ? null : below);
      } else {
        kept.put(patch.keyAt(i), value == KubeNull.NULL ? null : value);
      }
    }
    return kept.build();
  }

  private static KubeMap onlyNulls(KubeMap patch) {
    KubeMap.Builder kept = KubeMap.builder();
    for (int i = 0; i < patch.size(); i++) {
      Object value = patch.valueAt(i);
      if (value instanceof KubeMap map) {
        KubeMap below = onlyNulls(map);
        kept.put(patch.keyAt(i), below.isEmpty() ? null : below);
      } else {
        kept.put(patch.keyAt(i), value == KubeNull.NULL ? value : null);
      }
    }
    return kept.build();
  }

  private static boolean conflict(KubeMap changes, KubeMap deletions) {
    for (int i = 0; i < changes.size(); i++) {
      Object deletion = deletions.get(changes.keyAt(i));
      if (deletion == null) {
        continue;
      }
      if (!(deletion instanceof KubeMap below)
          || !(changes.valueAt(i) instanceof KubeMap change)
          || conflict(change, below)) {
        return true;
      }
    }
    return false;
  }
}
