package dev.wavetank.core.apiserver.patch;

import static dev.wavetank.core.apiserver.patch.MergeLists.DELETE;
import static dev.wavetank.core.apiserver.patch.MergeLists.DIRECTIVE;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the strategic merge patch that leads from one object to another.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (v1.36).
 */
final class StrategicDiff {

  /** The whole difference. */
  static final StrategicDiff WHOLE = new StrategicDiff(true, true);

  /** What is new or changed, without what is gone. */
  static final StrategicDiff CHANGES = new StrategicDiff(true, false);

  /** What is gone, without what is new or changed. */
  static final StrategicDiff DELETIONS = new StrategicDiff(false, true);

  private final boolean changes;
  private final boolean deletions;

  private StrategicDiff(boolean changes, boolean deletions) {
    this.changes = changes;
    this.deletions = deletions;
  }

  KubeMap between(KubeMap original, KubeMap modified, PatchSchema schema) {
    return between(original, modified, schema, false);
  }

  private KubeMap between(
      KubeMap original, KubeMap modified, PatchSchema schema, boolean retainKeys) {
    KubeMap.Builder patch = KubeMap.builder();
    List<Object> retained = new ArrayList<>();
    for (int i = 0; i < modified.size(); i++) {
      String key = modified.keyAt(i);
      Object value = modified.valueAt(i);
      if (retainKeys && value != KubeNull.NULL) {
        retained.add(key);
      }
      Object before = original.get(key);
      if (before == null) {
        patch.put(key, changes ? value : null);
      } else if (key.equals(DIRECTIVE)) {
        directive(before, value, patch);
      } else {
        field(key, before, value, schema, patch);
      }
    }
    boolean additional = false;
    for (int i = 0; i < original.size(); i++) {
      if (!modified.has(original.keyAt(i))) {
        patch.put(original.keyAt(i), deletions ? KubeNull.NULL : null);
        additional |= original.valueAt(i) != KubeNull.NULL;
      }
    }
    KubeMap made = patch.build();
    boolean retain = !retained.isEmpty() && (!made.isEmpty() || additional);
    return retain
        ? made.with(StrategicMerge.RETAIN_KEYS, KubeList.copyOf(MergeLists.sortedScalars(retained)))
        : made;
  }

  private static void directive(Object before, Object after, KubeMap.Builder patch) {
    if (!(before instanceof String) || !(after instanceof String)) {
      throw PatchException.unknown("invalid value for special key: " + DIRECTIVE);
    }
    patch.put(DIRECTIVE, after.equals(before) ? null : after);
  }

  private void field(
      String key, Object before, Object after, PatchSchema schema, KubeMap.Builder patch) {
    if (before instanceof KubeMap original && after instanceof KubeMap modified) {
      object(key, original, modified, schema, patch);
    } else if (before instanceof KubeList original && after instanceof KubeList modified) {
      list(key, original, modified, schema, patch);
    } else if (changes && !before.equals(after)) {
      patch.put(key, after);
    }
  }

  private void object(
      String key, KubeMap original, KubeMap modified, PatchSchema schema, KubeMap.Builder patch) {
    PatchSchema.Field field = fieldOrNull(schema, key, original.equals(modified), false);
    if (field == null) {
      return;
    }
    if (field.replaces()) {
      patch.put(key, changes ? modified : null);
      return;
    }
    KubeMap below = between(original, modified, field.schema(), field.retainKeys());
    patch.put(key, below.isEmpty() ? null : below);
  }

  /** How the field is merged; null when the schema does not know it and it does not differ. */
  private static PatchSchema.@Nullable Field fieldOrNull(
      PatchSchema schema, String key, boolean equal, boolean list) {
    try {
      return list ? schema.list(key) : schema.object(key);
    } catch (PatchException e) {
      if (equal) {
        return null;
      }
      throw e;
    }
  }

  private void list(
      String key, KubeList original, KubeList modified, PatchSchema schema, KubeMap.Builder patch) {
    PatchSchema.Field field = fieldOrNull(schema, key, original.equals(modified), true);
    if (field == null) {
      return;
    }
    if (!field.merges()) {
      patch.put(key, changes && !original.equals(modified) ? modified : null);
      return;
    }
    if (original.isEmpty()) {
      patch.put(key, changes && !modified.isEmpty() ? modified : null);
      return;
    }
    List<Object> before = MergeLists.elements(original);
    List<Object> after = MergeLists.elements(modified);
    if (MergeLists.ofObjects(before, after)) {
      objects(key, before, after, field, patch);
    } else {
      scalars(key, before, after, patch);
    }
  }

  private void objects(
      String key,
      List<Object> original,
      List<Object> modified,
      PatchSchema.Field field,
      KubeMap.Builder patch) {
    String mergeKey = field.mergeKey();
    List<Object> changed = new ArrayList<>();
    List<Object> deleted = new ArrayList<>();
    compareObjects(original, modified, field, changed, deleted);
    List<Object> all = new ArrayList<>(MergeLists.inOrder(changed, modified, mergeKey, true));
    all.addAll(deleted);
    boolean moved = !sameOrder(original, modified, mergeKey);
    patch.put(key, all.isEmpty() ? null : KubeList.copyOf(all));
    if ((!all.isEmpty() || (changes && moved)) && !modified.isEmpty()) {
      List<Object> keys = new ArrayList<>();
      for (Object element : modified) {
        keys.add(KubeMap.of(mergeKey, MergeLists.object(element).get(mergeKey)));
      }
      patch.put(StrategicMerge.ORDER + "/" + key, KubeList.copyOf(keys));
    }
  }

  private static boolean sameOrder(List<Object> original, List<Object> modified, String mergeKey) {
    if (original.size() != modified.size()) {
      return false;
    }
    for (int i = 0; i < original.size(); i++) {
      if (!MergeLists.same(original.get(i), modified.get(i), mergeKey)) {
        return false;
      }
    }
    return true;
  }

  private void compareObjects(
      List<Object> original,
      List<Object> modified,
      PatchSchema.Field field,
      List<Object> changed,
      List<Object> deleted) {
    String mergeKey = field.mergeKey();
    List<KubeMap> before = MergeLists.sortedObjects(original, mergeKey);
    List<KubeMap> after = MergeLists.sortedObjects(modified, mergeKey);
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      Object old = i < before.size() ? MergeLists.keyOf(before.get(i), mergeKey) : null;
      Object now = j < after.size() ? MergeLists.keyOf(after.get(j), mergeKey) : null;
      int order = compare(old, now);
      if (order == 0) {
        KubeMap below =
            between(before.get(i++), after.get(j++), field.schema(), field.retainKeys());
        if (!below.isEmpty() && now != null) {
          changed.add(below.with(mergeKey, now));
        }
      } else if (order > 0) {
        KubeMap added = after.get(j++);
        if (changes) {
          changed.add(added);
        }
      } else {
        i++;
        if (deletions) {
          deleted.add(KubeMap.of(mergeKey, old, DIRECTIVE, DELETE));
        }
      }
    }
  }

  /** Compares the texts of two merge keys; an absent one comes last. */
  private static int compare(@Nullable Object old, @Nullable Object now) {
    if (old == null) {
      return 1;
    }
    return now == null ? -1 : GoText.of(old).compareTo(GoText.of(now));
  }

  private void scalars(
      String key, List<Object> original, List<Object> modified, KubeMap.Builder patch) {
    List<Object> before = MergeLists.sortedScalars(original);
    List<Object> after = MergeLists.sortedScalars(modified);
    List<Object> added = new ArrayList<>();
    List<Object> deleted = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      Object old = i < before.size() ? before.get(i) : null;
      Object now = j < after.size() ? after.get(j) : null;
      int order = compare(old, now);
      if (order == 0) {
        i++;
        j++;
      } else if (order > 0) {
        added.add(after.get(j++));
      } else {
        deleted.add(before.get(i++));
      }
    }
    if (changes && !added.isEmpty()) {
      patch.put(key, KubeList.copyOf(MergeLists.inOrder(added, modified, "", false)));
    }
    if (deletions && !deleted.isEmpty()) {
      patch.put(
          StrategicMerge.DELETIONS + "/" + key,
          KubeList.copyOf(MergeLists.withoutDuplicates(deleted)));
    }
    boolean differs = !before.equals(modified);
    if (((deletions && !deleted.isEmpty()) || (changes && differs)) && !modified.isEmpty()) {
      patch.put(StrategicMerge.ORDER + "/" + key, KubeList.copyOf(modified));
    }
  }
}
