package dev.wavetank.core.apiserver.patch;

import static dev.wavetank.core.apiserver.patch.MergeLists.DELETE;
import static dev.wavetank.core.apiserver.patch.MergeLists.DIRECTIVE;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges a strategic merge patch into an object, or into another patch.
 *
 * <p>Maps are merged key by key and lists as the schema says; directives in the patch change that.
 * Merging two patches keeps their nulls and directives for the one who applies the result.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (v1.36).
 */
final class StrategicMerge {

  static final String RETAIN_KEYS = "$retainKeys";
  static final String ORDER = "$setElementOrder";
  static final String DELETIONS = "$deleteFromPrimitiveList";

  /** Merges a patch into an object: directives are obeyed, nulls delete. */
  static final StrategicMerge INTO_OBJECT = new StrategicMerge(true);

  /** Merges a patch into another patch: directives and nulls stay. */
  static final StrategicMerge INTO_PATCH = new StrategicMerge(false);

  private static final String REPLACE = "replace";
  private static final String MERGE = "merge";

  /**
   * A merged list.
   *
   * @param elements in their final order
   * @param former the order of the object's list, which upstream's deletions leave changed
   */
  private record Merged(List<Object> elements, List<Object> former) {}

  private final boolean intoObject;

  private StrategicMerge(boolean intoObject) {
    this.intoObject = intoObject;
  }

  /** The object with the patch merged into it; it shares what does not change. */
  KubeMap merge(KubeMap original, KubeMap patch, PatchSchema schema) {
    Object directive = patch.get(DIRECTIVE);
    if (directive != null) {
      return directed(directive, patch);
    }
    if (patch.isEmpty()) {
      return original;
    }
    Map<String, Object> result = entries(original);
    Map<String, Object> left = entries(patch);
    retainKeys(result, left);
    for (int i = 0; i < patch.size(); i++) {
      if (patch.keyAt(i).startsWith(ORDER)) {
        ordered(result, left, patch.keyAt(i), schema);
      }
    }
    left.forEach((key, value) -> mergeField(result, key, value, schema));
    KubeMap merged = KubeMap.copyOf(result);
    return merged.equals(original) ? original : merged;
  }

  private static Map<String, Object> entries(KubeMap map) {
    Map<String, Object> entries = new LinkedHashMap<>();
    map.forEach(entries::put);
    return entries;
  }

  private static KubeMap directed(Object directive, KubeMap patch) {
    if (directive.equals(REPLACE)) {
      return patch.without(DIRECTIVE);
    }
    if (directive.equals(DELETE)) {
      return KubeMap.EMPTY;
    }
    throw unknownDirective(directive, patch);
  }

  private static PatchException unknownDirective(Object directive, KubeMap patch) {
    return PatchException.unknown(
        "unknown patch type: " + GoText.of(directive) + " in map: " + GoText.of(patch));
  }

  /** Drops the keys of the object that the patch does not retain. */
  private void retainKeys(Map<String, Object> result, Map<String, Object> patch) {
    Object retained = patch.remove(RETAIN_KEYS);
    if (retained == null) {
      return;
    }
    if (!intoObject) {
      Object before = result.putIfAbsent(RETAIN_KEYS, retained);
      if (before != null && !before.equals(retained)) {
        throw PatchException.unknown(
            GoText.of(before)
                + " and "
                + GoText.of(retained)
                + " are not deep equal: this may happen when calculating the 3-way diff patch");
      }
      return;
    }
    if (!(retained instanceof KubeList list)) {
      throw badRetainKeys();
    }
    Set<Object> keys = new LinkedHashSet<>();
    list.forEach(keys::add);
    patch.forEach(
        (key, value) -> {
          boolean exempt =
              value == KubeNull.NULL || key.startsWith(DELETIONS) || key.startsWith(ORDER);
          if (!exempt && !keys.contains(key)) {
            throw badRetainKeys();
          }
        });
    result.keySet().removeIf(key -> !keys.contains(key));
  }

  private static PatchException badRetainKeys() {
    return PatchException.badRequest("invalid patch format of retainKeys");
  }

  private static PatchException badOrder() {
    return PatchException.badRequest("invalid patch format of setElementOrder list");
  }

  /** Merges the list that an order directive is about, together with the patch's own list. */
  private void ordered(
      Map<String, Object> result, Map<String, Object> patch, String directive, PatchSchema schema) {
    Object orderValue = patch.remove(directive);
    if (!intoObject) {
      Object before = result.putIfAbsent(directive, orderValue);
      if (before != null && !before.equals(orderValue)) {
        throw badOrder();
      }
    }
    List<Object> order = list(orderValue);
    if (!directive.startsWith(ORDER + "/")) {
      throw badOrder();
    }
    String key = directive.substring(ORDER.length() + 1);
    @Nullable Object originalValue = result.get(key);
    @Nullable Object patchValue = patch.get(key);
    List<Object> original = originalValue == null ? List.of() : list(originalValue);
    List<Object> changes = patchValue == null ? List.of() : list(patchValue);
    PatchSchema.Field field = schema.list(key);
    requireOrder(changes, order, field.mergeKey());
    if (originalValue == null && patchValue == null) {
      return;
    }
    Merged merged;
    if (patchValue == null) {
      merged = new Merged(original, original);
    } else if (originalValue == null) {
      KubeList kept = (KubeList) withoutDirectives(KubeList.copyOf(changes));
      merged = new Merged(MergeLists.elements(kept), original);
    } else {
      merged = list(original, changes, field, false);
    }
    List<Object> named = new ArrayList<>();
    List<Object> serverOnly = new ArrayList<>();
    MergeLists.partition(merged.elements, order, field.mergeKey(), named, serverOnly);
    boolean objects = MergeLists.ofObjects(original, changes);
    List<Object> all =
        MergeLists.interleaved(named, serverOnly, order, merged.former, field.mergeKey(), objects);
    result.put(key, KubeList.copyOf(all));
    patch.remove(key);
  }

  private static List<Object> list(Object value) {
    if (value instanceof KubeList list) {
      return MergeLists.elements(list);
    }
    throw MergeLists.badType("[]interface {}", value);
  }

  /** The patch's elements must come in the order of the directive, which must name them all. */
  private static void requireOrder(List<Object> changes, List<Object> order, String mergeKey) {
    if (order.isEmpty() || changes.isEmpty()) {
      return;
    }
    int at = 0;
    for (Object change : changes) {
      if (!mergeKey.isEmpty() && DELETE.equals(MergeLists.object(change).get(DIRECTIVE))) {
        continue;
      }
      if (at < order.size() && change instanceof KubeMap map && map.has(DIRECTIVE)) {
        continue;
      }
      while (at < order.size() && !MergeLists.same(change, order.get(at), mergeKey)) {
        at++;
      }
      if (at == order.size()) {
        throw PatchException.unknown(
            "The order in patch list:\n"
                + GoText.of(changes)
                + "\n doesn't match "
                + ORDER
                + " list:\n"
                + GoText.of(order)
                + "\n");
      }
      at++;
    }
  }

  private void mergeField(
      Map<String, Object> result, String directiveOrKey, Object value, PatchSchema schema) {
    String key = directiveOrKey;
    boolean deletes = key.startsWith(DELETIONS);
    if (deletes) {
      if (!intoObject) {
        result.put(key, value);
        return;
      }
      if (!key.startsWith(DELETIONS + "/")) {
        throw PatchException.badRequest("invalid patch format of primitive list");
      }
      key = key.substring(DELETIONS.length() + 1);
    }
    if (value == KubeNull.NULL) {
      result.remove(key);
      if (intoObject) {
        return;
      }
    }
    @Nullable Object original = result.get(key);
    if (original == null || !GoText.type(original).equals(GoText.type(value))) {
      if (!deletes) {
        put(result, key, withoutDirectives(intoObject ? MergePatch.withoutNulls(value) : value));
      }
    } else if (original instanceof KubeMap map && value instanceof KubeMap changes) {
      PatchSchema.Field field = schema.object(key);
      result.put(key, field.replaces() ? changes : merge(map, changes, field.schema()));
    } else if (original instanceof KubeList list && value instanceof KubeList changes) {
      PatchSchema.Field field = schema.list(key);
      List<Object> merged =
          list(MergeLists.elements(list), MergeLists.elements(changes), field, deletes).elements;
      result.put(key, KubeList.copyOf(merged));
    } else {
      result.put(key, value);
    }
  }

  private static void put(Map<String, Object> result, String key, @Nullable Object value) {
    if (value == null) {
      result.remove(key);
    } else {
      result.put(key, value);
    }
  }

  private Merged list(
      List<Object> original, List<Object> patch, PatchSchema.Field field, boolean deletes) {
    if (!field.merges() && !deletes) {
      return new Merged(patch, original);
    }
    if (original.isEmpty() && patch.isEmpty()) {
      return new Merged(original, original);
    }
    String mergeKey = field.mergeKey();
    boolean objects = MergeLists.ofObjects(original, patch);
    if (!objects && deletes) {
      List<Object> kept = new ArrayList<>(original);
      Set<Object> deleted = new LinkedHashSet<>(patch);
      kept.removeIf(deleted::contains);
      return new Merged(kept, original);
    }
    List<Object> kept = new ArrayList<>(original);
    List<Object> changes = patch;
    List<Object> merged;
    if (objects) {
      if (mergeKey.isEmpty()) {
        throw PatchException.unknown(
            "cannot merge lists without merge key for " + field.schema().kind());
      }
      changes = new ArrayList<>();
      kept = obeyDirectives(kept, patch, changes, mergeKey);
      merged = mergeObjects(kept, changes, field);
    } else {
      merged = new ArrayList<>(original);
      merged.addAll(patch);
      merged = MergeLists.withoutDuplicates(merged);
    }
    List<Object> former =
        objects ? merged.subList(0, Math.min(merged.size(), original.size())) : original;
    List<Object> named = new ArrayList<>();
    List<Object> serverOnly = new ArrayList<>();
    MergeLists.partition(merged, changes, mergeKey, named, serverOnly);
    List<Object> all = MergeLists.interleaved(named, serverOnly, changes, kept, mergeKey, objects);
    return new Merged(all, former);
  }

  /**
   * What is left of a list after the patch's directives about its elements.
   *
   * @param changes takes the elements of the patch that are no directives
   */
  private static List<Object> obeyDirectives(
      List<Object> original, List<Object> patch, List<Object> changes, String mergeKey) {
    boolean replace = false;
    for (Object element : patch) {
      KubeMap map = MergeLists.object(element);
      Object directive = map.get(DIRECTIVE);
      if (directive == null) {
        changes.add(element);
      } else if (directive.equals(DELETE)) {
        Object key = MergeLists.keyOf(element, mergeKey);
        for (int i = MergeLists.find(original, mergeKey, key); i >= 0; ) {
          original.remove(i);
          i = MergeLists.find(original, mergeKey, key);
        }
      } else if (directive.equals(REPLACE)) {
        replace = true;
      } else if (directive.equals(MERGE)) {
        throw PatchException.unknown("merging lists cannot yet be specified in the patch");
      } else {
        throw unknownDirective(directive, map);
      }
    }
    if (!replace) {
      return original;
    }
    List<Object> replacement = new ArrayList<>(changes);
    changes.clear();
    return replacement;
  }

  private List<Object> mergeObjects(
      List<Object> original, List<Object> changes, PatchSchema.Field field) {
    List<Object> merged = new ArrayList<>(original);
    for (Object change : changes) {
      Object key = MergeLists.keyOf(change, field.mergeKey());
      int found = MergeLists.find(merged, field.mergeKey(), key);
      if (found < 0) {
        merged.add(change);
      } else {
        KubeMap before = MergeLists.object(merged.get(found));
        merged.set(found, merge(before, MergeLists.object(change), field.schema()));
      }
    }
    return merged;
  }

  /** The value without objects that carry a directive; null when it is one itself. */
  private static @Nullable Object withoutDirectives(Object value) {
    if (value instanceof KubeMap map) {
      if (map.has(DIRECTIVE)) {
        return null;
      }
      KubeMap kept = map;
      for (int i = 0; i < map.size(); i++) {
        kept = kept.with(map.keyAt(i), withoutDirectives(map.valueAt(i)));
      }
      return kept;
    }
    if (value instanceof KubeList list) {
      List<Object> kept = new ArrayList<>();
      for (Object element : list) {
        Object clean = withoutDirectives(element);
        if (clean != null) {
          kept.add(clean);
        }
      }
      return KubeList.copyOf(kept);
    }
    return value;
  }
}
