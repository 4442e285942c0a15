package dev.wavetank.proxy;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted set of {@link ServiceEntry}s: a tree that shares what a change leaves alone,
 * so that every revision can be kept. Balanced by priorities that follow from the names.
 */
final class ServiceTree {

  static final ServiceTree EMPTY = new ServiceTree(null);

  private record Node(
      ServiceEntry entry, int priority, @Nullable Node left, @Nullable Node right) {}

  private final @Nullable Node root;

  private ServiceTree(@Nullable Node root) {
    this.root = root;
  }

  /** The entry of that Service, or null. */
  @Nullable ServiceEntry get(ServiceEntry wanted) {
    Node node = root;
    while (node != null) {
      int order = wanted.compareTo(node.entry);
      if (order == 0) {
        return node.entry;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /** This set with the entry in place of the one of the same Service. */
  ServiceTree with(ServiceEntry entry) {
    return new ServiceTree(put(root, entry));
  }

  /** This set without that Service. */
  ServiceTree without(ServiceEntry entry) {
    return new ServiceTree(remove(root, entry));
  }

  void forEach(Consumer<ServiceEntry> action) {
    forEach(root, action);
  }

  private static void forEach(@Nullable Node node, Consumer<ServiceEntry> action) {
    if (node != null) {
      forEach(node.left, action);
      action.accept(node.entry);
      forEach(node.right, action);
    }
  }

  private static int priority(ServiceEntry entry) {
    int mixed = entry.hashCode() * 0x9E3779B1;
    mixed = (mixed ^ mixed >>> 15) * 0x85EBCA6B;
    return mixed ^ mixed >>> 13;
  }

  private static Node put(@Nullable Node node, ServiceEntry entry) {
    if (node == null) {
      return new Node(entry, priority(entry), null, null);
    }
    int order = entry.compareTo(node.entry);
    if (order == 0) {
      return new Node(entry, node.priority, node.left, node.right);
    }
    if (order < 0) {
      Node left = put(node.left, entry);
      if (left.priority <= node.priority) {
        return new Node(node.entry, node.priority, left, node.right);
      }
      Node lower = new Node(node.entry, node.priority, left.right, node.right);
      return new Node(left.entry, left.priority, left.left, lower);
    }
    Node right = put(node.right, entry);
    if (right.priority <= node.priority) {
      return new Node(node.entry, node.priority, node.left, right);
    }
    Node lower = new Node(node.entry, node.priority, node.left, right.left);
    return new Node(right.entry, right.priority, lower, right.right);
  }

  private static @Nullable Node remove(@Nullable Node node, ServiceEntry entry) {
    if (node == null) {
      return null;
    }
    int order = entry.compareTo(node.entry);
    if (order == 0) {
      return merge(node.left, node.right);
    }
    return order < 0
        ? new Node(node.entry, node.priority, remove(node.left, entry), node.right)
        : new Node(node.entry, node.priority, node.left, remove(node.right, entry));
  }

  private static @Nullable Node merge(@Nullable Node left, @Nullable Node right) {
    if (left == null) {
      return right;
    }
    if (right == null) {
      return left;
    }
    return left.priority > right.priority
        ? new Node(left.entry, left.priority, left.left, merge(left.right, right))
        : new Node(right.entry, right.priority, merge(left, right.left), right.right);
  }
}
