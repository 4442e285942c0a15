package dev.wavetank.core.apiserver.managedfields;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lays an object that is applied over the live one, and takes fields out of an object.
 *
 * <p>Follows the vendored sigs.k8s.io/structured-merge-diff/v6/typed/merge.go and remove.go
 * (v1.36).
 */
final class Merge {

  private Merge() {}

  static KubeMap merge(KubeMap live, KubeMap applied, FieldType type) {
    return mergeMaps(live, applied, type);
  }

  private static Object mergeValues(Object live, Object applied, FieldType type) {
    if (TypedPatch.isLeaf(applied, type)
        || (Comparison.isEmpty(live) && Comparison.isEmpty(applied))) {
      return applied;
    }
    if (applied instanceof KubeMap map) {
      return live instanceof KubeMap old ? mergeMaps(old, map, type) : applied;
    }
    if (applied instanceof KubeList list) {
      return live instanceof KubeList old ? new Lists(old, list, type).merged() : applied;
    }
    return live;
  }

  private static KubeMap mergeMaps(KubeMap live, KubeMap applied, FieldType type) {
    KubeMap merged = live;
    for (int i = 0; i < applied.size(); i++) {
      String name = applied.keyAt(i);
      Object old = live.get(name);
      Object value = applied.valueAt(i);
      merged = merged.with(name, old == null ? value : mergeValues(old, value, type.field(name)));
    }
    return merged;
  }

  /**
   * Two lists whose items are told apart. Items that both have come in the order of the applied
   * list; those of the live list alone stay beside their neighbours.
   */
  private static final class Lists {
    private final KubeList live;
    private final KubeList applied;
    private final FieldType type;
    private final List<PathElement> liveOrder = new ArrayList<>();
    private final List<PathElement> appliedOrder = new ArrayList<>();
    private final Map<PathElement, Object> liveItems = new LinkedHashMap<>();
    private final Map<PathElement, Object> appliedItems = new LinkedHashMap<>();
    private final List<Object> out = new ArrayList<>();

    Lists(KubeList live, KubeList applied, FieldType type) {
      this.live = live;
      this.applied = applied;
      this.type = type;
    }

    KubeList merged() {
      index(live, liveOrder, liveItems);
      index(applied, appliedOrder, appliedItems);
      List<PathElement> shared = new ArrayList<>(appliedOrder);
      shared.removeIf(element -> !liveItems.containsKey(element));
      Set<PathElement> done = new LinkedHashSet<>();
      int nextShared = 0;
      int l = 0;
      int a = 0;
      while (l < liveOrder.size() || a < appliedOrder.size()) {
        if (l < liveOrder.size() && a < appliedOrder.size()) {
          PathElement element = liveOrder.get(l);
          if (element.equals(appliedOrder.get(a))) {
            done.add(element);
            add(element);
            l++;
            a++;
            nextShared++;
            continue;
          }
          boolean notYet = nextShared < shared.size() && !shared.get(nextShared).equals(element);
          if (appliedItems.containsKey(element) && notYet) {
            l++;
            continue;
          }
        }
        if (l < liveOrder.size()) {
          PathElement element = liveOrder.get(l);
          if (!appliedItems.containsKey(element)) {
            out.add(live.get(l));
            l++;
            continue;
          }
          if (done.contains(element)) {
            l++;
          }
        }
        if (a < appliedOrder.size()) {
          PathElement element = appliedOrder.get(a);
          done.add(element);
          add(element);
          a++;
          if (nextShared < shared.size() && shared.get(nextShared).equals(element)) {
            nextShared++;
          }
        }
      }
      return KubeList.copyOf(out);
    }

    private void index(KubeList list, List<PathElement> order, Map<PathElement, Object> items) {
      for (Object item : list) {
        PathElement element = type.item(item);
        order.add(element);
        items.putIfAbsent(element, item);
      }
    }

    private void add(PathElement element) {
      Object old = liveItems.get(element);
      Object item = appliedItems.get(element);
      if (item != null) {
        out.add(old == null ? item : mergeValues(old, item, type.element()));
      }
    }
  }

  /** A value without some of its fields; null for one that goes as a whole. */
  static @Nullable Object without(Object value, FieldSet fields, FieldType type) {
    if (TypedPatch.isLeaf(value, type)) {
      return type.kindFor(value) == FieldType.Kind.LEAF ? value : null;
    }
    if (value instanceof KubeMap map) {
      return withoutOfMap(map, fields, type);
    }
    if (value instanceof KubeList list) {
      List<Object> left = new ArrayList<>();
      for (Object item : list) {
        PathElement element = type.item(item);
        if (!fields.hasMember(element)) {
          FieldSet below = fields.below(element);
          Object kept = below.isEmpty() ? item : without(item, below, type.element());
          if (kept != null) {
            left.add(kept);
          }
        }
      }
      return KubeList.copyOf(left);
    }
    return value;
  }

  private static KubeMap withoutOfMap(KubeMap map, FieldSet fields, FieldType type) {
    KubeMap left = map;
    for (int i = 0; i < map.size(); i++) {
      String name = map.keyAt(i);
      PathElement element = PathElement.field(name);
      FieldSet below = fields.below(element);
      if (fields.hasMember(element)) {
        left = left.without(name);
      } else if (!below.isEmpty()) {
        left = left.with(name, without(map.valueAt(i), below, type.field(name)));
      }
    }
    return left;
  }
}
