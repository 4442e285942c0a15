package dev.wavetank.core.record;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map of bounded size that forgets what was used least recently. */
final class LeastRecentlyUsed<K, V> {

  private static final class Entries<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;
    private final int max;

    Entries(int max) {
      super(16, 0.75f, true);
      this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > max;
    }
  }

  private final Entries<K, V> entries;

  LeastRecentlyUsed(int max) {
    this.entries = new Entries<>(max);
  }

  /** The value, which counts as used now; null when there is none. */
  @Nullable V get(K key) {
    return entries.get(key);
  }

  void put(K key, V value) {
    entries.put(key, value);
  }

  int size() {
    return entries.size();
  }
}
