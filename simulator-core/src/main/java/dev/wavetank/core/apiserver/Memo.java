package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Results of a pure function of a subtree, the least recently used forgotten first. Thousands of
 * pods of one template carry the same spec: it is defaulted and checked once and stays shared.
 */
public final class Memo<V> {

  private static final int ENTRIES_MAX = 4096;

  private final Function<KubeMap, V> function;
  private final Map<KubeMap, V> known;

  public Memo(Function<KubeMap, V> function) {
    this.function = function;
    this.known =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<KubeMap, V> eldest) {
            return size() > ENTRIES_MAX;
          }
        };
  }

  /** The function's value of that subtree. */
  public V of(KubeMap subtree) {
    V value = known.get(subtree);
    if (value == null) {
      value = function.apply(subtree);
      known.put(subtree, value);
    }
    return value;
  }

  /** Remembers a value that is known without the function. */
  public void remember(KubeMap subtree, V value) {
    known.put(subtree, value);
  }
}
