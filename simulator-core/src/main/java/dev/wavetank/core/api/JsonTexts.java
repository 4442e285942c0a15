package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * Texts of values that were written as JSON more than once, to be copied the next time. States of
 * an object share what did not change, and objects of one template share most of it.
 *
 * <p>A value is found by identity, at a place that its hash tells; one place holds one value, the
 * newest. The text is kept when the value is met for the second time, so that what is written once
 * costs no memory. Above {@link #BYTES_MAX} texts are forgotten place by place.
 */
public final class JsonTexts {

  /** Bound on the bytes of all texts. */
  public static final int BYTES_MAX = 8 << 20;

  private static final int PLACE_BITS = 11;
  private static final int PLACES = 1 << PLACE_BITS;

  /** Behind a place's value. */
  private static final int SHAPE = 1;

  /** Behind a place's value. */
  private static final int TEXT = 2;

  /** Of each place the value, its shape and its text: side by side, for they are read together. */
  private final @Nullable Object[] slots = new @Nullable Object[PLACES << 2];

  private int bytes;
  private int next;

  /** How many bytes all texts have. */
  public int bytes() {
    return bytes;
  }

  /** Where a value is if it is known. */
  int place(Object value) {
    return (value.hashCode() * 0x9E3779B1) >>> (32 - PLACE_BITS) << 2;
  }

  /** Whether this very value was written in that shape, and none at its place since. */
  @SuppressWarnings("ReferenceEquality") // equal values that are not shared are worth no comparison
  boolean knows(int place, Object value, Shape shape) {
    return slots[place] == value && slots[place + SHAPE] == shape;
  }

  /** The text of the value at a place; null when it was written only once. */
  byte @Nullable [] text(int place) {
    return (byte[]) slots[place + TEXT];
  }

  /** Notes that a value is written; its text is not kept yet. */
  void note(int place, Object value, Shape shape) {
    forget(place);
    slots[place] = value;
    slots[place + SHAPE] = shape;
  }

  /** Keeps the text of a value, which must not be changed any more. */
  void keep(int place, Object value, Shape shape, byte[] text) {
    note(place, value, shape);
    slots[place + TEXT] = text;
    bytes += text.length;
    while (bytes > BYTES_MAX) {
      forget(next << 2);
      next = (next + 1) & (PLACES - 1);
    }
  }

  private void forget(int place) {
    byte[] text = text(place);
    if (text != null) {
      bytes -= text.length;
      slots[place + TEXT] = null;
    }
  }

  @Override
  public String toString() {
    return "texts of " + bytes + " bytes";
  }
}
