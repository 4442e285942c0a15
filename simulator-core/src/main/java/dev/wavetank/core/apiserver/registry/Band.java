package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.SimulationBug;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers from 0 that are handed out once, each to an owner. A number that nobody asked for comes
 * from the upper band, and from the lower one only when the upper is full; who asks for a certain
 * number may have any.
 *
 * <p>Follows pkg/registry/core/service/allocator/bitmap.go (v1.36).
 */
final class Band {

  private final int size;
  private final int offset;
  private final ChoiceStream starts;
  private final BitSet taken = new BitSet();
  private final Map<Integer, String> owners = new LinkedHashMap<>();

  /**
   * A band.
   *
   * @param size how many numbers there are, at least 1
   * @param offset how many of them are the lower band
   * @param starts says where to begin to look for a free number
   */
  Band(int size, int offset, ChoiceStream starts) {
    SimulationBug.check(size > 0 && offset >= 0 && offset < size, "band of " + size);
    this.size = size;
    this.offset = offset;
    this.starts = starts;
  }

  int size() {
    return size;
  }

  int free() {
    return size - owners.size();
  }

  boolean isTaken(int number) {
    return taken.get(number);
  }

  /** Takes that number; false when somebody has it. */
  boolean take(int number, String owner) {
    if (taken.get(number)) {
      return false;
    }
    taken.set(number);
    owners.put(number, owner);
    return true;
  }

  /** Takes a free number; -1 when there is none. */
  int takeNext(String owner) {
    if (free() == 0) {
      return -1;
    }
    int start = offset + starts.choose(size - offset);
    int number = firstFree(start, size);
    number = number >= 0 ? number : firstFree(offset, start);
    if (number < 0) {
      int lower = starts.choose(offset);
      number = firstFree(lower, offset);
      number = number >= 0 ? number : firstFree(0, lower);
    }
    take(number, owner);
    return number;
  }

  private int firstFree(int from, int to) {
    int number = taken.nextClearBit(from);
    return number < to ? number : -1;
  }

  /** Gives a number back, if that owner has it; whether he had. */
  boolean release(int number, String owner) {
    boolean had = owners.remove(number, owner);
    if (had) {
      taken.clear(number);
    }
    return had;
  }
}
