package dev.wavetank.core.apiserver.patch;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;

/**
 * JSON merge patch (RFC 7386) with the corner cases of the library that the API server uses.
 *
 * <p>Follows gopkg.in/evanphx/json-patch.v4 merge.go, as staging/src/k8s.io/apiserver uses it
 * (v1.36).
 */
public final class MergePatch {

  private MergePatch() {}

  /**
   * The document with the patch applied; it shares what does not change.
   *
   * @throws PatchException when the patch is neither an object nor a list
   */
  public static Object apply(Object document, Object patch) {
    if (patch instanceof KubeMap changes) {
      return document instanceof KubeMap map ? merge(map, changes) : withoutNulls(changes);
    }
    if (patch instanceof KubeList) {
      return withoutNulls(patch);
    }
    throw PatchException.badRequest("Invalid JSON Patch");
  }

  private static KubeMap merge(KubeMap map, KubeMap patch) {
    KubeMap merged = map;
    for (int i = 0; i < patch.size(); i++) {
      String key = patch.keyAt(i);
      Object change = patch.valueAt(i);
      Object before = map.get(key);
      if (change == KubeNull.NULL) {
        merged = merged.without(key);
      } else if (before instanceof KubeMap child) {
        merged = merged.with(key, change instanceof KubeMap below ? merge(child, below) : change);
      } else {
        merged = merged.with(key, withoutNulls(change));
      }
    }
    return merged;
  }

  /** The value without nulls in its maps, at any depth. */
  static Object withoutNulls(Object value) {
    if (value instanceof KubeMap map) {
      KubeMap kept = map;
      for (int i = 0; i < map.size(); i++) {
        Object child = map.valueAt(i);
        kept = kept.with(map.keyAt(i), child == KubeNull.NULL ? null : withoutNulls(child));
      }
      return kept;
    }
    if (value instanceof KubeList list) {
      KubeList kept = list;
      for (int i = 0; i < list.size(); i++) {
        kept = kept.with(i, withoutNulls(list.get(i)));
      }
      return kept;
    }
    return value;
  }

  /** The patch that leads from one object to another; empty when they are equal. */
  public static KubeMap between(KubeMap original, KubeMap modified) {
    KubeMap.Builder patch = KubeMap.builder();
    for (int i = 0; i < modified.size(); i++) {
      String key = modified.keyAt(i);
      Object after = modified.valueAt(i);
      Object before = original.get(key);
      if (before instanceof KubeMap old && after instanceof KubeMap now) {
        KubeMap below = between(old, now);
        patch.put(key, below.isEmpty() ? null : below);
      } else {
        patch.put(key, after.equals(before) ? null : after);
      }
    }
    for (int i = 0; i < original.size(); i++) {
      if (!modified.has(original.keyAt(i))) {
        patch.put(original.keyAt(i), KubeNull.NULL);
      }
    }
    return patch.build();
  }
}
