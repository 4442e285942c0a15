package dev.wavetank.core.informer;

import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A queue of items that are to be worked on. An item that waits is not added twice; one that is
 * added while it is worked on comes again after that, so no item is worked on twice at a time.
 *
 * <p>Follows staging/src/k8s.io/client-go/util/workqueue/queue.go, delaying_queue.go and
 * rate_limiting_queue.go (v1.36).
 *
 * @param <T> items; their {@code equals}, {@code hashCode} and {@code toString} must not depend on
 *     anything that differs between two runs
 */
final class WorkQueue<T> {

  private final Simulation simulation;
  private final RateLimiter limiter;
  private final String delayedLabel;
  private final Runnable ready;
  private final ArrayDeque<T> queue = new ArrayDeque<>();
  private final Map<T, Long> dirty = new LinkedHashMap<>();
  private final Set<T> processing = new LinkedHashSet<>();
  private final Map<T, Timer> delayed = new LinkedHashMap<>();

  /**
   * An empty queue.
   *
   * @param name labels its delayed additions
   * @param limiter back-off of {@link #addRateLimited}
   * @param ready run whenever an item can be taken that could not before
   */
  WorkQueue(Simulation simulation, String name, RateLimiter limiter, Runnable ready) {
    this.simulation = simulation;
    this.limiter = limiter;
    this.delayedLabel = name + "/requeue";
    this.ready = ready;
  }

  /** Adds an item, unless it waits already. */
  void add(T item) {
    if (dirty.putIfAbsent(item, simulation.currentEvent()) == null && !processing.contains(item)) {
      push(item);
    }
  }

  private void push(T item) {
    queue.addLast(item);
    ready.run();
  }

  /** Adds an item after some time; of several times asked for one item the earliest counts. */
  void addAfter(T item, long nanos) {
    if (nanos <= 0) {
      add(item);
      return;
    }
    Timer known = delayed.get(item);
    if (known != null) {
      if (known.timeNanos() <= simulation.now() + nanos) {
        return;
      }
      known.cancel();
    }
    delayed.put(item, simulation.after(nanos, delayedLabel, item, () -> due(item)));
  }

  private void due(T item) {
    delayed.remove(item);
    add(item);
  }

  /** Adds an item after its back-off, which counts as one more failure of it. */
  void addRateLimited(T item) {
    addRateLimited(item, 0);
  }

  /**
   * Adds an item after its back-off, counted from a moment that is yet to come.
   *
   * @param fromNanos how far away that moment is
   */
  void addRateLimited(T item, long fromNanos) {
    addAfter(item, fromNanos + limiter.whenNanos(item, simulation.now() + fromNanos));
  }

  /** Failures in a row of an item so far. */
  int failures(T item) {
    return limiter.failures(item);
  }

  /** Ends the row of failures of an item. */
  void forget(T item) {
    limiter.forget(item);
  }

  /** How many items can be taken. */
  int size() {
    return queue.size();
  }

  /** Whether nothing can be taken and nothing is worked on; additions may still be delayed. */
  boolean idle() {
    return queue.isEmpty() && processing.isEmpty();
  }

  /** Takes the next item to work on it; null when none waits. */
  @Nullable T take() {
    T item = queue.pollFirst();
    if (item != null) {
      processing.add(item);
    }
    return item;
  }

  /** The event that made a taken item wait; 0 for none. */
  long cause(T item) {
    Long cause = dirty.get(item);
    return cause == null ? 0 : cause;
  }

  /** The work on a taken item begins: what happens from now on adds it again. */
  void begin(T item) {
    dirty.remove(item);
  }

  /** The work on a taken item has ended. */
  void done(T item) {
    processing.remove(item);
    if (dirty.containsKey(item)) {
      push(item);
    }
  }
}
