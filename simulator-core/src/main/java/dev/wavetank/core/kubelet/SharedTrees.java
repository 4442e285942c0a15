package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keeps equal trees one: statuses of pods that start in the same second share their conditions and
 * states. It forgets what others overwrite, so it stays small.
 */
final class SharedTrees {

  private static final int SLOTS = 4096;
  private static final int SECONDS = 64;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final @Nullable KubeMap[] maps = new KubeMap[SLOTS];
  private final @Nullable KubeList[] lists = new KubeList[SLOTS];
  private final @Nullable String[] texts = new String[SECONDS];
  private final long[] secondsOfTexts = new long[SECONDS];
  private final Instant start;

  /** Trees of a simulation that started then. */
  SharedTrees(Instant start) {
    this.start = start;
  }

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

  /** The text of a moment, which all share whose moments are in the same second. */
  String second(long nanos) {
    long second = nanos / NANOS_PER_SECOND;
    int slot = (int) (second & (SECONDS - 1));
    String known = texts[slot];
    if (known != null && secondsOfTexts[slot] == second) {
      return known;
    }
    String text = Timestamps.seconds(start.plusNanos(nanos));
    texts[slot] = text;
    secondsOfTexts[slot] = second;
    return text;
  }

  private static int spread(int hash) {
    return (hash ^ (hash >>> 12)) & (SLOTS - 1);
  }
}
