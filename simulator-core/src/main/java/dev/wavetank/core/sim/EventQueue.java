package dev.wavetank.core.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pending events in exact (time, sequence) order: a 4-ary heap whose keys lie in arrays of
 * primitives, so that a comparison touches no object.
 */
final class EventQueue {

  private long[] times = new long[1024];
  private long[] sequences = new long[1024];
  private @Nullable Timer[] timers = new Timer[1024];
  private int size;

  int size() {
    return size;
  }

  void add(Timer timer) {
    if (size == times.length) {
      int capacity = size * 2;
      times = Arrays.copyOf(times, capacity);
      sequences = Arrays.copyOf(sequences, capacity);
      timers = Arrays.copyOf(timers, capacity);
    }
    int i = size++;
    long time = timer.timeNanos;
    long sequence = timer.sequence;
    while (i > 0) {
      int parent = (i - 1) >> 2;
      if (!before(time, sequence, times[parent], sequences[parent])) {
        break;
      }
      move(parent, i);
      i = parent;
    }
    set(i, timer);
  }

  /** The first event, left in the queue; null when none is pending. */
  @Nullable Timer peek() {
    return size == 0 ? null : timers[0];
  }

  /** Takes the first event out; null when none is pending. */
  @Nullable Timer poll() {
    if (size == 0) {
      return null;
    }
    Timer first = timers[0];
    Timer last = timers[--size];
    timers[size] = null;
    if (size > 0 && last != null) {
      sink(last);
    }
    return first;
  }

  private void sink(Timer timer) {
    long time = timer.timeNanos;
    long sequence = timer.sequence;
    int i = 0;
    while (true) {
      int child = (i << 2) + 1;
      if (child >= size) {
        break;
      }
      int best = child;
      int end = Math.min(child + 4, size);
      for (int c = child + 1; c < end; c++) {
        if (before(times[c], sequences[c], times[best], sequences[best])) {
          best = c;
        }
      }
      if (!before(times[best], sequences[best], time, sequence)) {
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
