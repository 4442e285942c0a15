package dev.wavetank.core.trace;

import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The record of a run: every event with the event that caused it, and the facts that components
 * state while an event runs (a commit, a decision, a packet's fate).
 *
 * <p>Only the newest entries are kept; the hash is of all of them. Texts are made when someone
 * reads, not when an entry is added.
 */
public final class Trace implements Simulation.Listener {

  /** How many entries are kept when nobody says otherwise. */
  public static final int KEPT_DEFAULT = 1 << 20;

  /**
   * One entry.
   *
   * @param index its place in the whole trace, counted from 0
   * @param event number of the event, or of the event that a fact belongs to; 0 outside of any
   * @param timeNanos virtual time
   * @param what {@code component/action}
   * @param subject what it is about
   * @param cause number of the event that caused this event; for a fact the event itself
   * @param fact whether it is a fact
   * @param detail what more there is to say; null for nothing
   */
  public record Entry(
      long index,
      long event,
      long timeNanos,
      String what,
      Object subject,
      long cause,
      boolean fact,
      @Nullable Object detail) {}

  private final Simulation simulation;
  private final int capacity;
  private long[] events = new long[64];
  private long[] times = new long[64];
  private long[] causes = new long[64];
  private String[] whats = new String[64];
  private Object[] subjects = new Object[64];
  private @Nullable Object[] details = new Object[64];
  private long count;
  private long hash = 0x5EEDL;

  /**
   * A trace that listens to that simulation from now on.
   *
   * @param kept how many entries are kept, at least 64; a power of two
   */
  public Trace(Simulation simulation, int kept) {
    SimulationBug.check(
        kept >= 64 && Integer.bitCount(kept) == 1, "a trace keeps a power of two of entries");
    this.simulation = simulation;
    this.capacity = kept;
    simulation.listen(this);
  }

  @Override
  public void event(long number, long timeNanos, String what, Object subject, long cause) {
    add(number, timeNanos, what, subject, cause, null, 0);
  }

  /** States a fact within the running event. */
  public void fact(String what, Object subject, @Nullable Object detail) {
    fact(what, subject, detail, 0);
  }

  /**
   * States a fact within the running event.
   *
   * @param content hash of what the detail stands for; part of the trace's hash
   */
  public void fact(String what, Object subject, @Nullable Object detail, int content) {
    add(simulation.currentEvent(), simulation.now(), what, subject, -1, detail, content);
  }

  private void add(
      long event,
      long timeNanos,
      String what,
      Object subject,
      long cause,
      @Nullable Object detail,
      int content) {
    int slot = (int) (count & (capacity - 1));
    if (slot >= events.length) {
      grow();
    }
    events[slot] = event;
    times[slot] = timeNanos;
    causes[slot] = cause;
    whats[slot] = what;
    subjects[slot] = subject;
    details[slot] = detail;
    count++;
    long mixed = (what.hashCode() * 31L + subject.hashCode()) * 31L + content;
    hash = (hash ^ (timeNanos * 0x9E3779B97F4A7C15L) ^ mixed ^ (cause << 40)) * 0xBF58476D1CE4E5B9L;
    hash ^= hash >>> 29;
  }

  private void grow() {
    int size = events.length * 2;
    events = java.util.Arrays.copyOf(events, size);
    times = java.util.Arrays.copyOf(times, size);
    causes = java.util.Arrays.copyOf(causes, size);
    whats = java.util.Arrays.copyOf(whats, size);
    subjects = java.util.Arrays.copyOf(subjects, size);
    details = java.util.Arrays.copyOf(details, size);
  }

  /** How many entries there were in all. */
  public long count() {
    return count;
  }

  /** Index of the oldest entry that is kept. */
  public long firstKept() {
    return Math.max(0, count - capacity);
  }

  /** The hash of the whole trace, as 16 hexadecimal digits. */
  public String hash() {
    String hex = Long.toHexString(hash);
    return "0".repeat(16 - hex.length()) + hex;
  }

  /** The entry at an index that is kept. */
  public Entry entry(long index) {
    SimulationBug.check(index >= firstKept() && index < count, "a trace entry that is not kept");
    int slot = (int) (index & (capacity - 1));
    boolean fact = causes[slot] < 0;
    return new Entry(
        index,
        events[slot],
        times[slot],
        whats[slot],
        subjects[slot],
        fact ? events[slot] : causes[slot],
        fact,
        details[slot]);
  }

  /** The entries that are kept, the oldest first. */
  public void forEach(Consumer<Entry> action) {
    for (long i = firstKept(); i < count; i++) {
      action.accept(entry(i));
    }
  }

  /** Index of the entry of the event with that number; -1 when it is not kept. */
  long indexOfEvent(long number) {
    long low = firstKept();
    long high = count - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      long event = events[(int) (middle & (capacity - 1))];
      long position = event == 0 ? -1 : event;
      if (position < 0) {
        position = lastEventBefore(middle);
      }
      if (position < number) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    boolean found =
        low < count
            && low >= firstKept()
            && events[(int) (low & (capacity - 1))] == number
            && causes[(int) (low & (capacity - 1))] >= 0;
    return found ? low : -1;
  }

  private long lastEventBefore(long index) {
    for (long i = index; i >= firstKept(); i--) {
      long event = events[(int) (i & (capacity - 1))];
      if (event > 0) {
        return event;
      }
    }
    return 0;
  }
}
