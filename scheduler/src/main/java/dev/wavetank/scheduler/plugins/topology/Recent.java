package dev.wavetank.scheduler.plugins.topology;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values by key, of which the ones used last are kept. */
public final class Recent<K, V> {

  private final int sizeMax;
  private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);

  public Recent(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  /** The value of the key, or null. */
  public @Nullable V get(K key) {
    return values.get(key);
  }

  /** Keeps a value; lets go of the one that was used longest ago when there are too many. */
  public void put(K key, V value) {
    values.put(key, value);
    if (values.size() > sizeMax) {
      Iterator<K> oldest = values.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  public void clear() {
    values.clear();
  }
}
