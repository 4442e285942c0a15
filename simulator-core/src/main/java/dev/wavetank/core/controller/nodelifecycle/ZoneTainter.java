package dev.wavetank.core.controller.nodelifecycle;

import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one zone that wait for a {@code NoExecute} taint, and the limit of how many get one.
 *
 * <p>A loop looks every 100 ms whether a token is there; it runs only when one is and a node waits.
 * Every pass of the monitor puts the waiting nodes back into the queue in no particular order, so
 * which of them is next is a choice.
 *
 * <p>Follows pkg/controller/nodelifecycle/scheduler/rate_limited_queue.go (v1.36).
 */
final class ZoneTainter {

  private static final long PERIOD_NANOS = 100_000_000L;
  private static final String LABEL = "node-lifecycle-controller/taint";

  private final Simulation simulation;
  private final MonitorTicks passes;
  private final String zone;
  private final ChoiceStream order;
  private final Predicate<String> taint;
  private final List<String> waiting = new ArrayList<>();
  private final Set<String> added = new LinkedHashSet<>();
  private float qps;
  private long tokenNanos;
  private long nextTokenNanos;
  private @Nullable Timer timer;

  /**
   * A queue with a full bucket of one token.
   *
   * @param zone label of its events
   * @param qps tokens a second; 0 for none
   * @param taint taints a node; false to try again
   */
  ZoneTainter(
      Simulation simulation, long startNanos, String zone, float qps, Predicate<String> taint) {
    this.simulation = simulation;
    this.passes = new MonitorTicks(startNanos, PERIOD_NANOS);
    this.zone = zone;
    this.order = simulation.choices().stream("node-lifecycle-controller/taint-order");
    this.taint = taint;
    this.nextTokenNanos = simulation.now();
    limit(qps);
  }

  private void limit(float newQps) {
    qps = newQps;
    tokenNanos = newQps <= 0 ? 0 : (long) (1e9 / newQps);
  }

  private boolean token(long nowNanos) {
    return tokenNanos > 0 && nowNanos >= nextTokenNanos;
  }

  /** Adds a node, unless it was added before and not removed since. */
  void add(String node) {
    if (added.add(node)) {
      waiting.add(node);
      schedule();
    }
  }

  /** Removes a node, which may then be added again; false when it was not there. */
  boolean remove(String node) {
    boolean known = added.remove(node);
    if (known) {
      waiting.remove(node);
    }
    return known;
  }

  /** Limits by another rate; the bucket is full only if the old one had a token. */
  void swapLimiter(float newQps) {
    if (newQps == qps) {
      return;
    }
    long now = simulation.now();
    boolean drained = !token(now);
    limit(newQps);
    nextTokenNanos = drained ? now + tokenNanos : now;
    schedule();
  }

  private void schedule() {
    Timer known = timer;
    if (known != null) {
      known.cancel();
    }
    if (waiting.isEmpty() || tokenNanos == 0) {
      return;
    }
    long due = Math.max(passes.after(simulation.now()), passes.atOrAfter(nextTokenNanos));
    timer = simulation.at(due, LABEL, zone, this::pass);
  }

  private void pass() {
    if (!waiting.isEmpty() && token(simulation.now())) {
      nextTokenNanos = simulation.now() + tokenNanos;
      String node = waiting.get(order.choose(waiting.size()));
      if (taint.test(node)) {
        waiting.remove(node);
      }
    }
    schedule();
  }
}
