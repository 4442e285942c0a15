package dev.wavetank.core.api;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of an API object's tree, in insertion order.
 *
 * <p>A value is a {@code KubeMap}, a {@link KubeList}, a {@code String}, a {@code Long}, a {@code
 * Double}, a {@code Boolean} or {@link KubeNull#NULL}; an {@code Integer} becomes a {@code Long}. A
 * change copies this one level and shares everything else. Equality ignores the order of keys; the
 * hash is computed once.
 */
public final class KubeMap {

  public static final KubeMap EMPTY = new KubeMap(Keys.EMPTY, new Object[0]);

  private final Keys keys;
  private final Object[] values;
  private int hash;

  KubeMap(Keys keys, Object[] values) {
    this.keys = keys;
    this.values = values;
  }

  /** A map of alternating keys and values; a null value leaves its key out. */
  public static KubeMap of(@Nullable Object... keysAndValues) {
    Builder builder = new Builder(keysAndValues.length / 2);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      Object key = keysAndValues[i];
      if (key == null) {
        throw new IllegalArgumentException("a key is null");
      }
      builder.put((String) key, keysAndValues[i + 1]);
    }
    return builder.build();
  }

  /** A map with the entries of a Java map, in its order; values must be values of a tree. */
  public static KubeMap copyOf(Map<String, ?> entries) {
    Builder builder = new Builder(entries.size());
    entries.forEach(builder::put);
    return builder.build();
  }

  public static Builder builder() {
    return new Builder(8);
  }

  Keys keySet() {
    return keys;
  }

  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  public String keyAt(int position) {
    return keys.names[position];
  }

  public Object valueAt(int position) {
    return values[position];
  }

  public boolean has(String key) {
    return keys.indexOf(key) >= 0;
  }

  /** The value of the key, or null when it is absent. */
  public @Nullable Object get(String key) {
    int position = keys.indexOf(key);
    return position < 0 ? null : values[position];
  }

  /** The value if it is a map, else null. */
  public @Nullable KubeMap map(String key) {
    return get(key) instanceof KubeMap map ? map : null;
  }

  /** The value if it is a map, else the empty map. */
  public KubeMap mapOrEmpty(String key) {
    return get(key) instanceof KubeMap map ? map : EMPTY;
  }

  /** The value if it is a list, else null. */
  public @Nullable KubeList list(String key) {
    return get(key) instanceof KubeList list ? list : null;
  }

  /** The value if it is a list, else the empty list. */
  public KubeList listOrEmpty(String key) {
    return get(key) instanceof KubeList list ? list : KubeList.EMPTY;
  }

  /** The value if it is a string, else null. */
  public @Nullable String string(String key) {
    return get(key) instanceof String string ? string : null;
  }

  /** The value if it is a string, else the given one. */
  public String string(String key, String otherwise) {
    return get(key) instanceof String string ? string : otherwise;
  }

  /** The value if it is a whole number, else the given one. */
  public long number(String key, long otherwise) {
    return get(key) instanceof Long number ? number : otherwise;
  }

  /** The value if it is a boolean, else the given one. */
  public boolean bool(String key, boolean otherwise) {
    return get(key) instanceof Boolean bool ? bool : otherwise;
  }

  /** The value at the end of a path of maps, or null when a step is absent or no map. */
  public @Nullable Object at(String... path) {
    Object node = this;
    for (String step : path) {
      if (!(node instanceof KubeMap map)) {
        return null;
      }
      node = map.get(step);
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  /** This map with one value set; null takes the key out. Returns itself if nothing changes. */
  public KubeMap with(String key, @Nullable Object value) {
    int position = keys.indexOf(key);
    if (value == null) {
      return position < 0 ? this : without(position);
    }
    if (position >= 0) {
      Object old = values[position];
      if (old == value || old.equals(value)) {
        return this;
      }
      Object[] changed = values.clone();
      changed[position] = check(value);
      return new KubeMap(keys, changed);
    }
    Object[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = check(value);
    return new KubeMap(keys.append(key), longer);
  }

  /** This map with that value where it has no such key; null leaves it as it is. */
  public KubeMap withDefault(String key, @Nullable Object value) {
    return has(key) ? this : with(key, value);
  }

  /** This map without the key. */
  public KubeMap without(String key) {
    int position = keys.indexOf(key);
    return position < 0 ? this : without(position);
  }

  /** This map with a value set at the end of a path; missing maps on the way are made. */
  public KubeMap withPath(@Nullable Object value, String... path) {
    return withPath(value, path, 0);
  }

  private KubeMap withPath(@Nullable Object value, String[] path, int depth) {
    if (depth == path.length - 1) {
      return with(path[depth], value);
    }
    KubeMap child = map(path[depth]);
    if (child == null) {
      if (value == null) {
        return this;
      }
      child = EMPTY;
    }
    return with(path[depth], child.withPath(value, path, depth + 1));
  }

  private KubeMap without(int position) {
    Object[] shorter = new Object[values.length - 1];
    System.arraycopy(values, 0, shorter, 0, position);
    System.arraycopy(values, position + 1, shorter, position, shorter.length - position);
    return shorter.length == 0 ? EMPTY : new KubeMap(keys.remove(position), shorter);
  }

  public void forEach(BiConsumer<String, Object> action) {
    for (int i = 0; i < values.length; i++) {
      action.accept(keys.names[i], values[i]);
    }
  }

  /** The keys, in order. */
  public Iterable<String> keys() {
    return () ->
        new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < values.length;
          }

          @Override
          public String next() {
            if (next >= values.length) {
              throw new NoSuchElementException();
            }
            return keys.names[next++];
          }
        };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof KubeMap that)
        || values.length != that.values.length
        || hashCode() != that.hashCode()) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      Object theirs = keys == that.keys ? that.values[i] : that.get(keys.names[i]);
      if (theirs != values[i] && !values[i].equals(theirs)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = 1;
      for (int i = 0; i < values.length; i++) {
        h += (keys.names[i].hashCode() * 0x9E3779B1) ^ (values[i].hashCode() * 0x85EBCA6B);
      }
      h = h == 0 ? 1 : h;
      hash = h;
    }
    return h;
  }

  /** The map as compact JSON, keys in insertion order. */
  @Override
  public String toString() {
    return Json.write(this);
  }

  static Object check(Object value) {
    if (value instanceof String || value instanceof KubeMap || value instanceof Long) {
      return value;
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof KubeList
        || value instanceof Boolean
        || value instanceof Double
        || value == KubeNull.NULL) {
      return value;
    }
    throw new IllegalArgumentException("not a value of an API object: " + value.getClass());
  }

  /** Builds a map key by key; a null value leaves the key out, a repeated key replaces. */
  public static final class Builder {

    /** Up to this many keys the key sets are shared with other maps. */
    private static final int SHARED_MAX = 64;

    private Keys keys = Keys.EMPTY;
    private Object[] values;
    private int size;

    /** All keys with their positions, once they are many. */
    private @Nullable LinkedHashMap<String, Integer> many;

    Builder(int expected) {
      values = new Object[Math.max(expected, 2)];
    }

    public Builder put(String key, @Nullable Object value) {
      if (value == null) {
        return this;
      }
      int position = size == 0 ? -1 : positionOf(key);
      if (position >= 0) {
        values[position] = check(value);
        return this;
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      append(key);
      values[size++] = check(value);
      return this;
    }

    private int positionOf(String key) {
      if (many == null) {
        return keys.indexOf(key);
      }
      Integer position = many.get(key);
      return position == null ? -1 : position;
    }

    private void append(String key) {
      if (size < SHARED_MAX) {
        keys = keys.append(key);
        return;
      }
      LinkedHashMap<String, Integer> all = many;
      if (all == null) {
        all = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
          all.put(keys.names[i], i);
        }
        many = all;
      }
      all.put(key, size);
    }

    public KubeMap build() {
      if (size == 0) {
        return EMPTY;
      }
      Keys all = many == null ? keys : Keys.of(many.keySet().toArray(new String[0]));
      return new KubeMap(all, Arrays.copyOf(values, size));
    }
  }
}
