package dev.wavetank.scheduler.framework;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the plugins of one scheduling cycle of one pod want to remember between extension points.
 */
public final class CycleState {

  private @Nullable Map<String, Object> data;

  /** Keeps a value under a key that starts with the plugin's name. */
  public void write(String key, Object value) {
    Map<String, Object> map = data;
    if (map == null) {
      map = new LinkedHashMap<>();
      data = map;
    }
    map.put(key, value);
  }

  /** The value written under the key, or null. */
  public @Nullable Object read(String key) {
    return data == null ? null : data.get(key);
  }
}
