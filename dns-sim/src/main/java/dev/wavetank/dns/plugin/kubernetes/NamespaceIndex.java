package dev.wavetank.dns.plugin.kubernetes;

import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/** The names of the Namespaces. */
record NamespaceIndex(SortedTree<Boolean> names) implements Index<NamespaceIndex> {
  static final NamespaceIndex EMPTY = new NamespaceIndex(SortedTree.empty());

  boolean has(String namespace) {
    return names.get(namespace) != null;
  }

  @Override
  public NamespaceIndex changed(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after != null) {
      return new NamespaceIndex(names.with(after.name(), true));
    }
    return before == null ? this : new NamespaceIndex(names.without(before.name()));
  }

  @Override
  public boolean visible(KubeObject before, KubeObject after) {
    return false;
  }
}
