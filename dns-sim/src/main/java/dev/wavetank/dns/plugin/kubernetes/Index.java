package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one type as cluster DNS looks for them; immutable, a change makes the next one.
 *
 * @param <I> the index itself
 */
interface Index<I> {
  /**
   * This index after one object changed.
   *
   * @param before null if it did not exist
   * @param after null if it was deleted
   */
  I changed(@Nullable KubeObject before, @Nullable KubeObject after);

  /** Whether a change of an object can change an answer. */
  boolean visible(KubeObject before, KubeObject after);

  /** A list of keys with one more, in the order of the keys. */
  static SortedTree<ImmutableList<String>> plus(
      SortedTree<ImmutableList<String>> tree, String at, String key) {
    ImmutableList<String> keys = tree.get(at);
    if (keys == null) {
      return tree.with(at, ImmutableList.of(key));
    }
    if (keys.contains(key)) {
      return tree;
    }
    return tree.with(
        at,
        ImmutableList.sortedCopyOf(ImmutableList.<String>builder().addAll(keys).add(key).build()));
  }

  /** A list of keys with one less. */
  static SortedTree<ImmutableList<String>> minus(
      SortedTree<ImmutableList<String>> tree, String at, String key) {
    ImmutableList<String> keys = tree.get(at);
    if (keys == null || !keys.contains(key)) {
      return tree;
    }
    if (keys.size() == 1) {
      return tree.without(at);
    }
    ImmutableList.Builder<String> rest = ImmutableList.builderWithExpectedSize(keys.size() - 1);
    for (String other : keys) {
      if (!other.equals(key)) {
        rest.add(other);
      }
    }
    return tree.with(at, rest.build());
  }

  /** The namespace and name of an object. */
  static String key(KubeObject object) {
    return object.namespace() + "/" + object.name();
  }
}
