package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps equal trees one: statuses of pods that start in the same second share their conditions and
 * states. It forgets what others overwrite, so it stays small.
 */
final class SharedTrees {

  private static final int SLOTS = 4096;

  private final @Nullable KubeMap[] maps = new KubeMap[SLOTS];
  private final @Nullable KubeList[] lists = new KubeList[SLOTS];

  KubeMap share(KubeMap tree) {
    int slot = spread(tree.hashCode());
    KubeMap known = maps[slot];
    if (known != null && known.equals(tree)) {
      return known;
    }
    maps[slot] = tree;
    return tree;
  }

  KubeList share(KubeList tree) {
    int slot = spread(tree.hashCode());
    KubeList known = lists[slot];
    if (known != null && known.equals(tree)) {
      return known;
    }
    lists[slot] = tree;
    return tree;
  }

  private static int spread(int hash) {
    return (hash ^ (hash >>> 12)) & (SLOTS - 1);
  }
}
