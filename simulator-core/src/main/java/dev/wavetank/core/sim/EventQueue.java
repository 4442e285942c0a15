package dev.wavetank.core.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pending events in exact (time, sequence) order: a hierarchical timing wheel with a small heap.
 *
 * <p>Time is cut into slots of 2^16 ns. The heap holds every event before the end of the slot that
 * is open, in exact order. Later events lie unsorted in wheels: the first one has 2^14 slots, about
 * a second, so that most events move only once, from their slot into the heap; each further wheel
 * has 256 slots, each as long as the whole wheel below. An event lies in the wheel of the highest
 * bit in which its slot differs from the open one. Opening the next slot moves its events down;
 * adding costs a shift and a store.
 */
final class EventQueue {

  private static final int SLOT_BITS = 16;
  private static final int FIRST_BITS = 14;
  private static final int UPPER_BITS = 8;
  private static final int LEVELS = 6;

  private final @Nullable Timer[][] wheels = new Timer[LEVELS][];
  private final long[][] occupied = new long[LEVELS][];
  private final Heap open = new Heap();
  private long openSlot;
  private int size;

  EventQueue() {
    for (int level = 0; level < LEVELS; level++) {
      wheels[level] = new Timer[slots(level)];
      occupied[level] = new long[slots(level) / Long.SIZE];
    }
  }

  private static int slots(int level) {
    return 1 << (level == 0 ? FIRST_BITS : UPPER_BITS);
  }

  private static int shift(int level) {
    return level == 0 ? 0 : FIRST_BITS + (level - 1) * UPPER_BITS;
  }

  int size() {
    return size;
  }

  void add(Timer timer) {
    size++;
    place(timer);
  }

  private void place(Timer timer) {
    long slot = timer.timeNanos >>> SLOT_BITS;
    if (slot <= openSlot) {
      open.add(timer);
      return;
    }
    int highestBit = 63 - Long.numberOfLeadingZeros(slot ^ openSlot);
    int level = highestBit < FIRST_BITS ? 0 : 1 + (highestBit - FIRST_BITS) / UPPER_BITS;
    int index = (int) (slot >>> shift(level)) & (slots(level) - 1);
    timer.next = wheels[level][index];
    wheels[level][index] = timer;
    occupied[level][index >>> 6] |= 1L << index;
  }

  /** The first event, left in the queue; null when none is pending. */
  @Nullable Timer peek() {
    if (open.size == 0 && !openNext()) {
      return null;
    }
    return open.timers[0];
  }

  /** Takes the first event out; null when none is pending. */
  @Nullable Timer poll() {
    if (open.size == 0 && !openNext()) {
      return null;
    }
    size--;
    return open.poll();
  }

  /** Opens the next slot that has events. */
  private boolean openNext() {
    for (int level = 0; level < LEVELS; level++) {
      int shift = shift(level);
      int mask = slots(level) - 1;
      int index = nextOccupied(level, ((int) (openSlot >>> shift) & mask) + 1);
      if (index < 0) {
        continue;
      }
      long upper = (openSlot >>> shift) & ~(long) mask;
      openSlot = (upper | index) << shift;
      Timer timer = wheels[level][index];
      wheels[level][index] = null;
      occupied[level][index >>> 6] &= ~(1L << index);
      while (timer != null) {
        Timer next = timer.next;
        timer.next = null;
        place(timer);
        timer = next;
      }
      if (open.size > 0) {
        return true;
      }
      level = -1;
    }
    return false;
  }

  private int nextOccupied(int level, int from) {
    long[] bits = occupied[level];
    if (from >= bits.length * Long.SIZE) {
      return -1;
    }
    int word = from >>> 6;
    long rest = bits[word] & (-1L << from);
    while (rest == 0) {
      if (++word == bits.length) {
        return -1;
      }
      rest = bits[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(rest);
  }

  /** A 4-ary heap whose keys lie in arrays of primitives: a comparison touches no object. */
  private static final class Heap {
    private long[] times = new long[256];
    private long[] sequences = new long[256];
    private @Nullable Timer[] timers = new Timer[256];
    private int size;

    void add(Timer timer) {
      if (size == times.length) {
        int capacity = size * 2;
        times = Arrays.copyOf(times, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        timers = Arrays.copyOf(timers, capacity);
      }
      int i = size++;
      while (i > 0) {
        int parent = (i - 1) >> 2;
        if (!before(timer.timeNanos, timer.sequence, times[parent], sequences[parent])) {
          break;
        }
        move(parent, i);
        i = parent;
      }
      set(i, timer);
    }

    @Nullable Timer poll() {
      Timer first = timers[0];
      Timer last = timers[--size];
      timers[size] = null;
      if (size > 0 && last != null) {
        sink(last);
      }
      return first;
    }

    private void sink(Timer timer) {
      int i = 0;
      for (int child = 1; child < size; child = (i << 2) + 1) {
        int best = child;
        int end = Math.min(child + 4, size);
        for (int c = child + 1; c < end; c++) {
          if (before(times[c], sequences[c], times[best], sequences[best])) {
            best = c;
          }
        }
        if (!before(times[best], sequences[best], timer.timeNanos, timer.sequence)) {
          break;
        }
        move(best, i);
        i = best;
      }
      set(i, timer);
    }

    private static boolean before(long time, long sequence, long otherTime, long otherSequence) {
      return time < otherTime || (time == otherTime && sequence < otherSequence);
    }

    private void move(int from, int to) {
      times[to] = times[from];
      sequences[to] = sequences[from];
      timers[to] = timers[from];
    }

    private void set(int i, Timer timer) {
      times[i] = timer.timeNanos;
      sequences[i] = timer.sequence;
      timers[i] = timer;
    }
  }
}
