package dev.wavetank.scheduler.framework;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the plugins of one scheduling cycle of one pod want to remember between extension points.
 *
 * <p>Follows pkg/scheduler/framework/cycle_state.go (v1.36).
 */
public final class CycleState {

  /** A value of one plugin. */
  public interface StateData {
    /**
     * A copy that can be changed without touching this one; the value itself when it never changes.
     */
    StateData copy();
  }

  private @Nullable Map<String, StateData> data;
  private long skippedFilters;
  private long skippedScores;
  private long skippedPreBinds;

  /** Keeps a value under a key that starts with the plugin's name. */
  public void write(String key, StateData value) {
    Map<String, StateData> map = data;
    if (map == null) {
      map = new LinkedHashMap<>();
      data = map;
    }
    map.put(key, value);
  }

  /** The value written under the key, or null. */
  public @Nullable StateData read(String key) {
    return data == null ? null : data.get(key);
  }

  /** A state that can be changed without touching this one. */
  public CycleState copy() {
    CycleState copy = new CycleState();
    copy.skippedFilters = skippedFilters;
    copy.skippedScores = skippedScores;
    copy.skippedPreBinds = skippedPreBinds;
    if (data != null) {
      Map<String, StateData> copied = new LinkedHashMap<>();
      data.forEach((key, value) -> copied.put(key, value.copy()));
      copy.data = copied;
    }
    return copy;
  }

  long skippedFilters() {
    return skippedFilters;
  }

  void skipFilters(long plugins) {
    skippedFilters = plugins;
  }

  long skippedScores() {
    return skippedScores;
  }

  void skipScores(long plugins) {
    skippedScores = plugins;
  }

  long skippedPreBinds() {
    return skippedPreBinds;
  }

  void skipPreBinds(long plugins) {
    skippedPreBinds = plugins;
  }
}
