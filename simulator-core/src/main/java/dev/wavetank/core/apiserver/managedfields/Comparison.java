package dev.wavetank.core.apiserver.managedfields;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one version of an object has, and another has not or has otherwise.
 *
 * <p>Follows the vendored sigs.k8s.io/structured-merge-diff/v6/typed/compare.go (v1.36).
 *
 * @param removed the fields that only the old one has
 * @param modified the fields with another value
 * @param added the fields that only the new one has
 */
record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {

  private static final Comparison SAME =
      new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY);

  boolean isSame() {
    return removed.isEmpty() && modified.isEmpty() && added.isEmpty();
  }

  /** This comparison without what lies in a set of fields. */
  Comparison without(FieldSet ignored) {
    return ignored.isEmpty()
        ? this
        : new Comparison(
            removed.recursiveDifference(ignored),
            modified.recursiveDifference(ignored),
            added.recursiveDifference(ignored));
  }

  static Comparison of(KubeMap before, KubeMap after, FieldType type) {
    return children(before, after, type);
  }

  /** The comparison of what lies below two values of which at least one is there. */
  private static Comparison children(
      @Nullable Object before, @Nullable Object after, FieldType type) {
    if (before == after || isLeafFor(before, after, type)) {
      return SAME;
    }
    Map<PathElement, Object> old = parts(before, type);
    Map<PathElement, Object> now = parts(after, type);
    FieldSet.Builder removed = new FieldSet.Builder();
    FieldSet.Builder modified = new FieldSet.Builder();
    FieldSet.Builder added = new FieldSet.Builder();
    Map<PathElement, Object> all = new LinkedHashMap<>(old);
    now.forEach(all::putIfAbsent);
    for (PathElement element : all.keySet()) {
      Object from = old.get(element);
      Object to = now.get(element);
      FieldType below = type.below(element);
      if (from == null) {
        added.member(element);
      } else if (to == null) {
        removed.member(element);
      } else if (isLeafFor(from, to, below) && !from.equals(to)) {
        modified.member(element);
      }
      Comparison deeper = children(from, to, below);
      removed.child(element, deeper.removed);
      modified.child(element, deeper.modified);
      added.child(element, deeper.added);
    }
    return new Comparison(removed.build(), modified.build(), added.build());
  }

  /** Whether two values are compared as wholes: atomic ones, and two that are empty. */
  private static boolean isLeafFor(
      @Nullable Object before, @Nullable Object after, FieldType type) {
    return TypedPatch.isLeaf(before == null ? after : before, type)
        || TypedPatch.isLeaf(after == null ? before : after, type)
        || (isEmpty(before) && isEmpty(after));
  }

  static boolean isEmpty(@Nullable Object value) {
    return (value instanceof KubeMap map && map.isEmpty())
        || (value instanceof KubeList list && list.isEmpty())
        || !(value instanceof KubeMap || value instanceof KubeList);
  }

  private static Map<PathElement, Object> parts(@Nullable Object value, FieldType type) {
    Map<PathElement, Object> parts = new LinkedHashMap<>();
    if (value instanceof KubeMap map) {
      map.forEach((name, part) -> parts.put(PathElement.field(name), part));
    } else if (value instanceof KubeList list) {
      for (Object item : list) {
        parts.putIfAbsent(type.item(item), item);
      }
    }
    return parts;
  }
}
