package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayDeque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the revisions of one type. Each commit reaches the watcher as an event of its own,
 * in commit order, after a latency that is a choice.
 */
public final class Watch {

  /** What a watch is asked to see. */
  public interface Filter extends Predicate<KubeObject> {}

  /** Receives commits, one at a time, in order. */
  public interface Handler {
    void deliver(Commit commit);
  }

  private final Simulation simulation;
  private final Watches watches;
  private final Snapshot view;
  private final ResourceType type;
  private final String what;
  private final ChoiceStream latency;
  private final Latencies latencies;
  private final @Nullable String node;
  private final @Nullable Predicate<Commit> interest;
  private final Handler handler;
  private final ArrayDeque<Commit> pending = new ArrayDeque<>(4);
  private long lastDeliveryNanos;
  private boolean stopped;

  Watch(
      ApiServer server,
      Watches watches,
      ResourceType type,
      String watcher,
      @Nullable String node,
      @Nullable Predicate<Commit> interest,
      Handler handler) {
    this.simulation = server.simulation();
    this.view = server.snapshot(this::seenRevision);
    this.watches = watches;
    this.type = type.stored();
    this.what = watcher + "/observe";
    this.node = node;
    this.interest = interest;
    this.latencies = server.latencies();
    this.handler = handler;
    this.latency = simulation.choices().stream("watch/" + watcher + "/" + type.plural());
  }

  public ResourceType type() {
    return type;
  }

  @Nullable String node() {
    return node;
  }

  /** The newest revision that this watcher has seen all of. */
  public long seenRevision() {
    Commit first = pending.peekFirst();
    return first == null ? Long.MAX_VALUE : first.revision() - 1;
  }

  /** The state as this watcher has seen it: its informer's cache. */
  public Snapshot view() {
    return view;
  }

  /** Whether every commit so far has been delivered. */
  public boolean caughtUp() {
    return pending.isEmpty();
  }

  void offer(Commit commit) {
    if (stopped || (interest != null && !interest.test(commit))) {
      return;
    }
    commit.undelivered++;
    pending.addLast(commit);
    long due =
        simulation.now() + latency.between(latencies.watchMinNanos(), latencies.watchMaxNanos());
    lastDeliveryNanos = Math.max(due, lastDeliveryNanos);
    ObjectKey key = commit.key();
    simulation.at(lastDeliveryNanos, what, key, this::deliverFirst);
  }

  private void deliverFirst() {
    Commit commit = pending.pollFirst();
    if (commit == null) {
      return;
    }
    commit.undelivered--;
    try {
      handler.deliver(commit);
    } finally {
      watches.delivered();
    }
  }

  /** Ends the watch; nothing more is delivered. */
  public void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    for (Commit commit : pending) {
      commit.undelivered--;
    }
    pending.clear();
    watches.remove(this);
    watches.delivered();
  }
}
