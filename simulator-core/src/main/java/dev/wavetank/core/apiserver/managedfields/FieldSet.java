package dev.wavetank.core.apiserver.managedfields;

import dev.wavetank.core.api.KubeMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of field paths, as a tree: the members that end here, and what lies below further elements.
 * It is not changed once it is built.
 *
 * <p>Follows the vendored sigs.k8s.io/structured-merge-diff/v6/fieldpath/set.go (v1.36).
 */
final class FieldSet {

  static final FieldSet EMPTY = new FieldSet(new TreeSet<>(), new TreeMap<>());

  private final SortedSet<PathElement> members;
  private final SortedMap<PathElement, FieldSet> children;

  private FieldSet(SortedSet<PathElement> members, SortedMap<PathElement, FieldSet> children) {
    this.members = members;
    this.children = children;
  }

  /** Gathers paths that begin at one value. */
  static final class Builder {
    private final SortedSet<PathElement> members = new TreeSet<>();
    private final SortedMap<PathElement, FieldSet> children = new TreeMap<>();

    void member(PathElement element) {
      members.add(element);
    }

    void child(PathElement element, FieldSet below) {
      if (!below.isEmpty()) {
        children.merge(element, below, FieldSet::union);
      }
    }

    FieldSet build() {
      return members.isEmpty() && children.isEmpty() ? EMPTY : new FieldSet(members, children);
    }
  }

  /** The set of one path of field names. */
  static FieldSet ofPath(String... names) {
    FieldSet set = EMPTY;
    for (int i = names.length - 1; i >= 0; i--) {
      Builder builder = new Builder();
      if (set.isEmpty()) {
        builder.member(PathElement.field(names[i]));
      } else {
        builder.child(PathElement.field(names[i]), set);
      }
      set = builder.build();
    }
    return set;
  }

  boolean isEmpty() {
    return members.isEmpty() && children.isEmpty();
  }

  boolean hasMember(PathElement element) {
    return members.contains(element);
  }

  /** What lies below an element; empty when nothing does. */
  FieldSet below(PathElement element) {
    return children.getOrDefault(element, EMPTY);
  }

  FieldSet union(FieldSet other) {
    if (other.isEmpty() || this == other) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    Builder builder = new Builder();
    builder.members.addAll(members);
    builder.members.addAll(other.members);
    children.forEach(builder::child);
    other.children.forEach(builder::child);
    return builder.build();
  }

  FieldSet intersection(FieldSet other) {
    Builder builder = new Builder();
    builder.members.addAll(members);
    builder.members.retainAll(other.members);
    children.forEach(
        (element, below) -> builder.child(element, below.intersection(other.below(element))));
    return builder.build();
  }

  /** The paths of this set that are not in the other. */
  FieldSet difference(FieldSet other) {
    Builder builder = new Builder();
    builder.members.addAll(members);
    builder.members.removeAll(other.members);
    children.forEach(
        (element, below) -> builder.child(element, below.difference(other.below(element))));
    return builder.build();
  }

  /** The paths of this set that are neither in the other nor below one that is. */
  FieldSet recursiveDifference(FieldSet other) {
    Builder builder = new Builder();
    builder.members.addAll(members);
    builder.members.removeAll(other.members);
    children.forEach(
        (element, below) -> {
          if (!other.members.contains(element)) {
            builder.child(element, below.recursiveDifference(other.below(element)));
          }
        });
    return builder.build();
  }

  /** This set with every declared field as a member that has anything below it. */
  FieldSet withNamedFields(FieldType type) {
    Builder builder = new Builder();
    builder.members.addAll(members);
    children.forEach(
        (element, below) -> {
          String name = element.fieldName();
          if (name != null && type.declares(name)) {
            builder.member(element);
          }
          builder.child(element, below.withNamedFields(type.below(element)));
        });
    return builder.build();
  }

  /** Tells each path as messages show it, those that end soon first. */
  void forEach(Consumer<String> action) {
    forEach("", action);
  }

  private void forEach(String prefix, Consumer<String> action) {
    members.forEach(element -> action.accept(prefix + element.shown()));
    children.forEach((element, below) -> below.forEach(prefix + element.shown(), action));
  }

  /** The set as managed fields write it. */
  KubeMap toFields() {
    SortedSet<PathElement> all = new TreeSet<>(members);
    all.addAll(children.keySet());
    KubeMap.Builder fields = KubeMap.builder();
    for (PathElement element : all) {
      KubeMap below = below(element).toFields();
      boolean both = members.contains(element) && !below.isEmpty();
      fields.put(element.text(), both ? withDot(below) : below);
    }
    return fields.build();
  }

  private static KubeMap withDot(KubeMap below) {
    KubeMap.Builder dotted = KubeMap.builder().put(".", KubeMap.EMPTY);
    below.forEach(dotted::put);
    return dotted.build();
  }

  /** The set of FieldsV1; null when it is none. */
  static @Nullable FieldSet ofFields(KubeMap fields) {
    Builder builder = new Builder();
    for (int i = 0; i < fields.size(); i++) {
      String key = fields.keyAt(i);
      if (key.equals(".")) {
        continue;
      }
      PathElement element = PathElement.parse(key);
      if (element == null || !(fields.valueAt(i) instanceof KubeMap map)) {
        return null;
      }
      FieldSet below = ofFields(map);
      if (below == null) {
        return null;
      }
      if (below.isEmpty() || map.has(".")) {
        builder.member(element);
      }
      builder.child(element, below);
    }
    return builder.build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldSet that
        && members.equals(that.members)
        && children.equals(that.children);
  }

  @Override
  public int hashCode() {
    return members.hashCode() * 31 + children.hashCode();
  }

  @Override
  public String toString() {
    return toFields().toString();
  }
}
