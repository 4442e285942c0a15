package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * Where two versions of an object differ, leaf by leaf, for people.
 *
 * @param path such as {@code status.conditions[Ready].status}; an element of a list is named by its
 *     {@code name} or {@code type} where it has one, else by its position
 * @param before null when the leaf is new
 * @param after null when the leaf is gone
 */
public record Difference(String path, @Nullable Object before, @Nullable Object after) {

  private static final int TEXT_MAX = 120;

  /**
   * The differences in the order of the newer version, what is gone last.
   *
   * @param most how many are listed at most; there may be more
   */
  public static ImmutableList<Difference> between(
      @Nullable KubeMap before, @Nullable KubeMap after, int most) {
    Collector collector = new Collector(most);
    collector.compare("", before, after);
    return collector.found.build();
  }

  private static final class Collector {
    private final int most;
    private final ImmutableList.Builder<Difference> found = ImmutableList.builder();
    private int count;

    Collector(int most) {
      this.most = most;
    }

    void compare(String path, @Nullable Object before, @Nullable Object after) {
      if (count >= most || before == after || (before != null && before.equals(after))) {
        return;
      }
      boolean maps = before == null || after == null || before instanceof KubeMap;
      if (maps && (after == null ? before : after) instanceof KubeMap) {
        maps(path, before, after);
        return;
      }
      boolean lists = before == null || after == null || before instanceof KubeList;
      if (lists && (after == null ? before : after) instanceof KubeList) {
        lists(path, before, after);
        return;
      }
      count++;
      found.add(new Difference(path, before, after));
    }

    private void maps(String path, @Nullable Object before, @Nullable Object after) {
      KubeMap old = before instanceof KubeMap map ? map : KubeMap.EMPTY;
      KubeMap now = after instanceof KubeMap map ? map : KubeMap.EMPTY;
      for (String key : now.keys()) {
        compare(path.isEmpty() ? key : path + "." + key, old.get(key), now.get(key));
      }
      for (String key : old.keys()) {
        if (!now.has(key)) {
          compare(path.isEmpty() ? key : path + "." + key, old.get(key), null);
        }
      }
    }

    private void lists(String path, @Nullable Object before, @Nullable Object after) {
      KubeList old = before instanceof KubeList list ? list : KubeList.EMPTY;
      KubeList now = after instanceof KubeList list ? list : KubeList.EMPTY;
      for (int i = 0; i < now.size(); i++) {
        String name = nameOf(now.get(i), i);
        compare(path + "[" + name + "]", element(old, name), now.get(i));
      }
      for (int i = 0; i < old.size(); i++) {
        String name = nameOf(old.get(i), i);
        if (element(now, name) == null) {
          compare(path + "[" + name + "]", old.get(i), null);
        }
      }
    }

    private static @Nullable Object element(KubeList list, String name) {
      for (int i = 0; i < list.size(); i++) {
        if (nameOf(list.get(i), i).equals(name)) {
          return list.get(i);
        }
      }
      return null;
    }

    private static String nameOf(Object element, int position) {
      if (element instanceof KubeMap map) {
        if (map.get("name") instanceof String name) {
          return name;
        }
        if (map.get("type") instanceof String type) {
          return type;
        }
      }
      return Integer.toString(position);
    }
  }

  /** {@code spec.replicas: 2 -> 3}, {@code spec.nodeName: node-1} or {@code spec.paused: gone}. */
  @Override
  public String toString() {
    if (after == null) {
      return path + ": gone";
    }
    return path + ": " + (before == null ? "" : text(before) + " -> ") + text(after);
  }

  private static String text(Object value) {
    String text = value.toString().replace('\n', ' ');
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "…";
  }
}
