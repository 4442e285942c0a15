package dev.wavetank.dns.plugin.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * An immutable map from strings to values, in the order of the strings; a change makes a new map
 * that shares all but one path with the old one. Read and change cost the logarithm of the size.
 */
final class SortedTree<V> {
  private static final SortedTree<?> EMPTY = new SortedTree<>(null);

  private final @Nullable Node<V> root;

  private record Node<V>(
      String key, V value, @Nullable Node<V> left, @Nullable Node<V> right, int height) {}

  private SortedTree(@Nullable Node<V> root) {
    this.root = root;
  }

  @SuppressWarnings("unchecked") // Holds no value.
  static <V> SortedTree<V> empty() {
    return (SortedTree<V>) EMPTY;
  }

  @Nullable V get(String key) {
    Node<V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  SortedTree<V> with(String key, V value) {
    return new SortedTree<>(put(root, key, value));
  }

  SortedTree<V> without(String key) {
    return get(key) == null ? this : new SortedTree<>(remove(root, key));
  }

  private static <V> Node<V> put(@Nullable Node<V> node, String key, V value) {
    if (node == null) {
      return new Node<>(key, value, null, null, 1);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return new Node<>(key, value, node.left, node.right, node.height);
    }
    return order < 0
        ? balanced(node, put(node.left, key, value), node.right)
        : balanced(node, node.left, put(node.right, key, value));
  }

  private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, String key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order < 0) {
      return balanced(node, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node, node.left, remove(node.right, key));
    }
    if (node.left == null || node.right == null) {
      return node.left == null ? node.right : node.left;
    }
    Node<V> next = node.right;
    while (next.left != null) {
      next = next.left;
    }
    return balanced(next, node.left, remove(node.right, next.key));
  }

  /** The entry of a node above two subtrees whose heights differ by at most two. */
  private static <V> Node<V> balanced(
      Node<V> entry, @Nullable Node<V> left, @Nullable Node<V> right) {
    if (height(left) > height(right) + 1 && left != null) {
      Node<V> inner = left.right;
      if (inner != null && height(inner) > height(left.left)) {
        return node(inner, node(left, left.left, inner.left), node(entry, inner.right, right));
      }
      return node(left, left.left, node(entry, inner, right));
    }
    if (height(right) > height(left) + 1 && right != null) {
      Node<V> inner = right.left;
      if (inner != null && height(inner) > height(right.right)) {
        return node(inner, node(entry, left, inner.left), node(right, inner.right, right.right));
      }
      return node(right, node(entry, left, inner), right.right);
    }
    return node(entry, left, right);
  }

  private static <V> Node<V> node(Node<V> entry, @Nullable Node<V> left, @Nullable Node<V> right) {
    return new Node<>(
        entry.key, entry.value, left, right, 1 + Math.max(height(left), height(right)));
  }

  private static <V> int height(@Nullable Node<V> node) {
    return node == null ? 0 : node.height;
  }
}
