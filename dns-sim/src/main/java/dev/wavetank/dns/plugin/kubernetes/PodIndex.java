package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/** Pods by address; a Pod that is being deleted is gone for DNS. */
record PodIndex(SortedTree<ImmutableList<String>> keysByIp) implements Index<PodIndex> {
  static final PodIndex EMPTY = new PodIndex(SortedTree.empty());

  /** Whether a Pod of that namespace has the address. */
  boolean has(String namespace, String ip) {
    ImmutableList<String> keys = keysByIp.get(ip);
    if (keys != null) {
      for (String key : keys) {
        if (key.length() > namespace.length()
            && key.charAt(namespace.length()) == '/'
            && key.startsWith(namespace)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The namespace of a pod with that address; null when there is none. */
  @Nullable String namespace(String ip) {
    ImmutableList<String> keys = keysByIp.get(ip);
    return keys == null || keys.isEmpty()
        ? null
        : keys.get(0).substring(0, keys.get(0).indexOf('/'));
  }

  @Override
  public PodIndex changed(@Nullable KubeObject before, @Nullable KubeObject after) {
    String old = ip(before);
    String next = ip(after);
    if (old.equals(next)) {
      return this;
    }
    SortedTree<ImmutableList<String>> keys = keysByIp;
    if (before != null && !old.isEmpty()) {
      keys = Index.minus(keys, old, Index.key(before));
    }
    if (after != null && !next.isEmpty()) {
      keys = Index.plus(keys, next, Index.key(after));
    }
    return new PodIndex(keys);
  }

  @Override
  public boolean visible(KubeObject before, KubeObject after) {
    return !ip(before).equals(ip(after));
  }

  private static String ip(@Nullable KubeObject pod) {
    return pod == null || pod.terminating() ? "" : pod.status().string("podIP", "");
  }
}
