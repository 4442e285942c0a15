package dev.wavetank.core.api;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** An immutable list of an API object's tree; see {@link KubeMap} for what it may hold. */
public final class KubeList implements Iterable<Object> {

  public static final KubeList EMPTY = new KubeList(new Object[0]);

  private final Object[] values;
  private int hash;

  private KubeList(Object[] values) {
    this.values = values;
  }

  public static KubeList of(Object... values) {
    Object[] checked = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      checked[i] = KubeMap.check(values[i]);
    }
    return values.length == 0 ? EMPTY : new KubeList(checked);
  }

  public static KubeList copyOf(Collection<?> values) {
    return of(values.toArray());
  }

  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  public Object get(int index) {
    return values[index];
  }

  /** The element if it is a map, else the empty map. */
  public KubeMap map(int index) {
    return values[index] instanceof KubeMap map ? map : KubeMap.EMPTY;
  }

  /** This list with one element replaced. */
  public KubeList with(int index, Object value) {
    if (values[index].equals(value)) {
      return this;
    }
    Object[] changed = values.clone();
    changed[index] = KubeMap.check(value);
    return new KubeList(changed);
  }

  /** This list with one more element at its end. */
  public KubeList plus(Object value) {
    Object[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = KubeMap.check(value);
    return new KubeList(longer);
  }

  /** This list without the element at that index. */
  public KubeList without(int index) {
    Object[] shorter = new Object[values.length - 1];
    System.arraycopy(values, 0, shorter, 0, index);
    System.arraycopy(values, index + 1, shorter, index, shorter.length - index);
    return shorter.length == 0 ? EMPTY : new KubeList(shorter);
  }

  public boolean contains(Object value) {
    return indexOf(value) >= 0;
  }

  public int indexOf(Object value) {
    for (int i = 0; i < values.length; i++) {
      if (values[i].equals(value)) {
        return i;
      }
    }
    return -1;
  }

  /** The first map in the list whose value of {@code key} equals {@code value}, or null. */
  public @Nullable KubeMap find(String key, String value) {
    for (Object element : values) {
      if (element instanceof KubeMap map && value.equals(map.get(key))) {
        return map;
      }
    }
    return null;
  }

  @Override
  public Iterator<Object> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < values.length;
      }

      @Override
      public Object next() {
        if (next >= values.length) {
          throw new NoSuchElementException();
        }
        return values[next++];
      }
    };
  }

  /** The elements that are maps, in order. */
  public Iterable<KubeMap> maps() {
    return () ->
        new Iterator<>() {
          private int next = skip(0);

          private int skip(int from) {
            int i = from;
            while (i < values.length && !(values[i] instanceof KubeMap)) {
              i++;
            }
            return i;
          }

          @Override
          public boolean hasNext() {
            return next < values.length;
          }

          @Override
          public KubeMap next() {
            if (next >= values.length) {
              throw new NoSuchElementException();
            }
            KubeMap map = (KubeMap) values[next];
            next = skip(next + 1);
            return map;
          }
        };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof KubeList that
            && hashCode() == that.hashCode()
            && Arrays.equals(values, that.values));
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = Arrays.hashCode(values);
      h = h == 0 ? 1 : h;
      hash = h;
    }
    return h;
  }

  /** The list as compact JSON. */
  @Override
  public String toString() {
    return Json.write(this);
  }
}
