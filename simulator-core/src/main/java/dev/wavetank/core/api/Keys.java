package dev.wavetank.core.api;

import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The key set of a {@link KubeMap}, in insertion order, shared by all maps that were built the same
 * way. A key set knows the one that it becomes when a key is appended, so building a map of a known
 * form allocates no key set.
 */
final class Keys {

  /** Above this many the sets that are met are no longer remembered for sharing. */
  private static final int REMEMBERED_MAX = 100_000;

  private static final AtomicInteger REMEMBERED = new AtomicInteger();
  private static final int LINEAR_MAX = 8;

  /** Sets of more keys are rarely those of another map. */
  private static final int SHARED_MAX = 64;

  static final Keys EMPTY = new Keys(new String[0]);

  final String[] names;
  private final ConcurrentHashMap<String, Keys> appended = new ConcurrentHashMap<>(2);
  private final int[] hashes;
  private final int @Nullable [] table;
  private volatile int @Nullable [] sorted;

  /** The order that was asked for last; it is immutable, so whoever reads an older one is right. */
  @Nullable FieldOrder order;

  private Keys(String[] names) {
    this.names = names;
    this.hashes = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      hashes[i] = names[i].hashCode();
    }
    this.table = names.length <= LINEAR_MAX ? null : index(names);
  }

  int size() {
    return names.length;
  }

  /** Position of the key, or -1. */
  int indexOf(String key) {
    String[] ns = names;
    if (table == null) {
      int hash = key.hashCode();
      int[] hs = hashes;
      for (int i = 0; i < hs.length; i++) {
        if (hs[i] == hash && (ns[i] == key || ns[i].equals(key))) {
          return i;
        }
      }
      return -1;
    }
    int mask = table.length - 1;
    for (int slot = spread(key) & mask; ; slot = (slot + 1) & mask) {
      int position = table[slot];
      if (position == 0) {
        return -1;
      }
      String name = ns[position - 1];
      if (name == key || name.equals(key)) {
        return position - 1;
      }
    }
  }

  /** The positions of the keys, ordered by key; not to be changed. */
  int[] sorted() {
    int[] known = sorted;
    if (known == null) {
      Integer[] positions = new Integer[names.length];
      Arrays.setAll(positions, i -> i);
      Arrays.sort(positions, Comparator.comparing(i -> names[i]));
      known = Arrays.stream(positions).mapToInt(Integer::intValue).toArray();
      sorted = known;
    }
    return known;
  }

  /** A set of many distinct keys, which no other map is likely to have. */
  static Keys of(String[] names) {
    return new Keys(names);
  }

  /**
   * This set with one more key, which must not be in it. The key is interned: who asks for a field
   * by a literal finds it by identity.
   */
  Keys append(String key) {
    Keys known = appended.get(key);
    if (known != null) {
      return known;
    }
    String[] longer = Arrays.copyOf(names, names.length + 1);
    // The very string of the literals that look for it: found without comparing characters.
    longer[names.length] = key.intern();
    Keys created = new Keys(longer);
    if (names.length >= SHARED_MAX || REMEMBERED.get() >= REMEMBERED_MAX) {
      return created;
    }
    Keys other = appended.putIfAbsent(key, created);
    if (other == null) {
      REMEMBERED.incrementAndGet();
      return created;
    }
    return other;
  }

  /** This set without the key at that position. */
  Keys remove(int position) {
    if (names.length > SHARED_MAX) {
      String[] fewer = new String[names.length - 1];
      System.arraycopy(names, 0, fewer, 0, position);
      System.arraycopy(names, position + 1, fewer, position, fewer.length - position);
      return new Keys(fewer);
    }
    Keys result = EMPTY;
    for (int i = 0; i < names.length; i++) {
      if (i != position) {
        result = result.append(names[i]);
      }
    }
    return result;
  }

  private static int[] index(String[] names) {
    int[] table = new int[Integer.highestOneBit(names.length * 2 - 1) << 1];
    int mask = table.length - 1;
    for (int i = 0; i < names.length; i++) {
      int slot = spread(names[i]) & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = i + 1;
    }
    return table;
  }

  private static int spread(String key) {
    int h = key.hashCode();
    return h ^ (h >>> 16);
  }
}
