package dev.wavetank.core.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the larger values of an object lie in a text of it. The next state of the object shares
 * most of them, and what is shared is copied from the text instead of being written again.
 */
public final class JsonParts {

  private static final byte[] NO_TEXT = {};

  /** Of an object that was never written. */
  public static final JsonParts NONE = new JsonParts(0);

  private byte[] text = NO_TEXT;
  private Object[] values;
  private Shape[] shapes;
  private int[] starts;
  private int[] ends;
  private int size;

  JsonParts() {
    this(16);
  }

  private JsonParts(int capacity) {
    values = new Object[capacity];
    shapes = new Shape[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
  }

  /** Says in which text the parts lie; it must not be changed any more. */
  public void in(byte[] newText) {
    text = newText;
  }

  byte[] text() {
    return text;
  }

  int start(int part) {
    return starts[part];
  }

  int end(int part) {
    return ends[part];
  }

  /** The part that is this very value; -1 when there is none. */
  @SuppressWarnings("ReferenceEquality") // equal values that are not shared are worth no search
  int find(Object value, Shape shape) {
    for (int i = 0; i < size; i++) {
      if (values[i] == value && shapes[i] == shape) {
        return i;
      }
    }
    return -1;
  }

  /** Notes a part whose end is not known yet; those within it follow. */
  int begin(Object value, Shape shape, int start) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
      shapes = Arrays.copyOf(shapes, size * 2);
      starts = Arrays.copyOf(starts, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    values[size] = value;
    shapes[size] = shape;
    starts[size] = start;
    return size++;
  }

  void end(int part, int end) {
    ends[part] = end;
  }

  /** Takes a part with all that lie within it over, as they lie behind {@code start} here. */
  void take(JsonParts other, int part, int start) {
    int moved = start - other.starts[part];
    for (int i = part; i < other.size && other.starts[i] < other.ends[part]; i++) {
      int taken = begin(other.values[i], other.shapes[i], other.starts[i] + moved);
      end(taken, other.ends[i] + moved);
    }
  }

  /** About how many bytes are kept. */
  public int bytes() {
    return text.length + values.length * 16;
  }

  @Override
  public String toString() {
    return size + " parts of " + text.length + " bytes";
  }

  /** The shape under which a value is a part; null when it is written anew each time. */
  static @Nullable Shape shape(Object value, @Nullable Shape shape) {
    boolean worth =
        (value instanceof KubeMap map && !map.isEmpty())
            || (value instanceof KubeList list && list.size() > 0);
    return worth ? shape : null;
  }
}
