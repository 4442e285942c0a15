package dev.wavetank.scheduler.queue;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreEnqueuePlugin;
import dev.wavetank.scheduler.framework.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pods that wait to be scheduled: active ones in the order of the queue-sort plugin, ones that back
 * off, and unschedulable ones, which wait for a change in the cluster that may help them or for
 * five minutes. When no pod is active, one that backs off is taken early.
 *
 * <p>Follows pkg/scheduler/backend/queue/scheduling_queue.go (v1.36).
 */
public final class SchedulingQueue {

  private static final long SECOND = 1_000_000_000L;

  /** Longest stay of an unschedulable pod that no change moves. */
  static final long UNSCHEDULABLE_NANOS_MAX = 300 * SECOND;

  private static final long LEFTOVER_PERIOD_NANOS = 30 * SECOND;

  private final Simulation simulation;
  private final Framework framework;
  private final ImmutableList<PreEnqueuePlugin> preEnqueue;
  private final QueueingHints hints;
  private final Runnable wake;
  private final Map<ObjectKey, QueuedPod> pods = new LinkedHashMap<>();
  private final Map<ObjectKey, QueuedPod> unschedulable = new LinkedHashMap<>();
  private final Map<ObjectKey, QueuedPod> inFlight = new LinkedHashMap<>();
  private final PodHeap active;
  private final BackoffQueue backoff;
  private @Nullable Timer backoffTimer;
  private @Nullable Timer leftoverTimer;

  /**
   * An empty queue.
   *
   * @param wake called when there may be a pod to pop
   */
  public SchedulingQueue(Simulation simulation, Framework framework, Runnable wake) {
    this.simulation = simulation;
    this.framework = framework;
    this.preEnqueue = framework.of(PreEnqueuePlugin.class);
    this.hints = new QueueingHints(framework);
    this.wake = wake;
    this.active = new PodHeap(QueuedPod.Place.ACTIVE, framework.queueSort()::less);
    this.backoff = new BackoffQueue(simulation, framework.queueSort());
  }

  /** Adds a pod that was not seen before. */
  public void add(KubeObject pod, PodInfo info) {
    QueuedPod known = pods.get(info.key());
    if (known != null) {
      take(known);
    }
    QueuedPod queued = new QueuedPod(pod, info, simulation.now());
    if (moveToActive(queued, false)) {
      wake.run();
    }
  }

  /**
   * Takes over a change of a pod that is not assigned.
   *
   * @param events what the change means
   */
  public void update(KubeObject before, KubeObject pod, PodInfo info, List<ClusterEvent> events) {
    QueuedPod flying = inFlight.get(info.key());
    if (flying != null && flying.podInfo().uid().equals(info.uid())) {
      for (ClusterEvent event : events) {
        flying.changes.add(new Change(event, before, pod));
      }
      return;
    }
    QueuedPod queued = pods.get(info.key());
    if (queued == null) {
      add(pod, info);
      return;
    }
    if (queued.place == QueuedPod.Place.ACTIVE) {
      active.remove(queued);
      queued.replace(pod, info);
      active.add(queued);
      return;
    }
    queued.replace(pod, info);
    if (queued.place != QueuedPod.Place.UNSCHEDULABLE) {
      return;
    }
    for (ClusterEvent event : events) {
      QueueingHints.Strategy strategy = hints.worthRequeuing(queued, event, before, pod);
      if (requeue(queued, strategy) != QueuedPod.Place.UNSCHEDULABLE) {
        wake.run();
        return;
      }
    }
  }

  /** Takes a pod out; one that is being scheduled stays in flight. */
  public void delete(ObjectKey key) {
    QueuedPod queued = pods.get(key);
    if (queued != null) {
      take(queued);
    }
  }

  private void take(QueuedPod pod) {
    switch (pod.place) {
      case ACTIVE -> active.remove(pod);
      case BACKOFF, ERROR_BACKOFF -> backoff.remove(pod);
      case UNSCHEDULABLE -> unschedulable.remove(pod.podInfo().key());
      case IN_FLIGHT -> {}
    }
    pods.remove(pod.podInfo().key());
  }

  /** Takes the next pod to schedule, or null. It is in flight until {@link #done} or put back. */
  public @Nullable QueuedPod pop() {
    QueuedPod pod = active.pop();
    if (pod == null) {
      pod = backoff.popBackoff();
      if (pod == null) {
        return null;
      }
      pod.cause = simulation.currentEvent();
    }
    pod.attempts++;
    pod.place = QueuedPod.Place.IN_FLIGHT;
    pods.remove(pod.podInfo().key());
    inFlight.put(pod.podInfo().key(), pod);
    return pod;
  }

  /** Ends the flight of a pod that does not come back. */
  public void done(QueuedPod pod) {
    if (inFlight.get(pod.podInfo().key()) == pod) {
      inFlight.remove(pod.podInfo().key());
    }
    pod.changes.clear();
  }

  /** Puts a pod back after an attempt that failed; its rejectors are set. */
  public void addUnschedulableIfNotPresent(QueuedPod pod, KubeObject newest, PodInfo info) {
    List<Change> changes = new ArrayList<>(pod.changes);
    done(pod);
    if (pods.containsKey(info.key())) {
      return;
    }
    pod.replace(newest, info);
    if (pod.unschedulablePlugins == 0 && pod.pendingPlugins == 0) {
      pod.consecutiveErrorsCount++;
    } else {
      pod.unschedulableCount++;
      pod.consecutiveErrorsCount = 0;
    }
    pod.timestampNanos = simulation.now();
    pod.backoffExpirationNanos = -1;
    if (requeue(pod, strategyAfterFlight(pod, changes)) != QueuedPod.Place.UNSCHEDULABLE) {
      wake.run();
    }
  }

  private QueueingHints.Strategy strategyAfterFlight(QueuedPod pod, List<Change> changes) {
    if (pod.unschedulablePlugins == 0 && pod.pendingPlugins == 0) {
      return QueueingHints.Strategy.AFTER_BACKOFF;
    }
    QueueingHints.Strategy strategy = QueueingHints.Strategy.SKIP;
    for (Change change : changes) {
      QueueingHints.Strategy one =
          hints.worthRequeuing(pod, change.event(), change.before(), change.after());
      if (one == QueueingHints.Strategy.IMMEDIATELY) {
        return one;
      }
      if (one == QueueingHints.Strategy.AFTER_BACKOFF) {
        strategy = one;
      }
    }
    return strategy;
  }

  /** Tells of a change in the cluster: moves the unschedulable pods that it may help. */
  public void moveAllToActiveOrBackoffQueue(
      ClusterEvent event, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (!hints.ofInterest(event)) {
      return;
    }
    if (!unschedulable.isEmpty()) {
      move(new ArrayList<>(unschedulable.values()), event, before, after);
    }
    for (QueuedPod flying : inFlight.values()) {
      flying.changes.add(new Change(event, before, after));
    }
  }

  private void move(
      List<QueuedPod> candidates,
      ClusterEvent event,
      @Nullable KubeObject before,
      @Nullable KubeObject after) {
    boolean activated = false;
    for (QueuedPod pod : candidates) {
      boolean itself = after == null && before != null && before.uid().equals(pod.podInfo().uid());
      if (itself || (pod.gated() && !hints.ofInterest(pod.gatingPlugin, event))) {
        continue;
      }
      QueueingHints.Strategy strategy = hints.worthRequeuing(pod, event, before, after);
      if (strategy != QueueingHints.Strategy.SKIP) {
        activated |= requeue(pod, strategy) != QueuedPod.Place.UNSCHEDULABLE;
      }
    }
    if (activated) {
      wake.run();
    }
  }

  private QueuedPod.Place requeue(QueuedPod pod, QueueingHints.Strategy strategy) {
    if (strategy == QueueingHints.Strategy.SKIP) {
      putUnschedulable(pod);
    } else if (strategy == QueueingHints.Strategy.AFTER_BACKOFF && backoff.backingOff(pod)) {
      moveToBackoff(pod);
    } else {
      moveToActive(pod, false);
    }
    return pod.place;
  }

  private void putUnschedulable(QueuedPod pod) {
    pod.place = QueuedPod.Place.UNSCHEDULABLE;
    pods.put(pod.podInfo().key(), pod);
    unschedulable.put(pod.podInfo().key(), pod);
    if (leftoverTimer == null && !pod.gated()) {
      flushLeftoverAfter(pod.timestampNanos);
    }
  }

  private void runPreEnqueuePlugins(QueuedPod pod) {
    for (PreEnqueuePlugin plugin : preEnqueue) {
      Status status = plugin.preEnqueue(pod.podInfo());
      if (!status.success()) {
        int index = framework.indexOf(plugin);
        pod.unschedulablePlugins |= 1L << index;
        pod.gatingPlugin = index;
        return;
      }
    }
    pod.gatingPlugin = Framework.NONE;
  }

  private boolean moveToActive(QueuedPod pod, boolean fromBackoff) {
    if (!fromBackoff) {
      runPreEnqueuePlugins(pod);
      if (pod.gated()) {
        putUnschedulable(pod);
        return false;
      }
    }
    if (pod.initialAttemptNanos < 0) {
      pod.initialAttemptNanos = simulation.now();
    }
    unschedulable.remove(pod.podInfo().key());
    pods.put(pod.podInfo().key(), pod);
    pod.cause = simulation.currentEvent();
    active.add(pod);
    return true;
  }

  private void moveToBackoff(QueuedPod pod) {
    runPreEnqueuePlugins(pod);
    if (pod.gated()) {
      putUnschedulable(pod);
      return;
    }
    unschedulable.remove(pod.podInfo().key());
    pods.put(pod.podInfo().key(), pod);
    backoff.add(pod);
    flushBackoffLater();
  }

  private void flushBackoffLater() {
    long due = backoff.nextFlushNanos();
    Timer timer = backoffTimer;
    if (due < 0 || (timer != null && timer.timeNanos() <= due)) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    backoffTimer =
        simulation.at(due, "scheduler/flush-backoff", "backoffQ", this::flushBackoffQCompleted);
  }

  private void flushBackoffQCompleted() {
    backoffTimer = null;
    boolean activated = false;
    for (QueuedPod pod : backoff.popAllBackoffCompleted()) {
      activated |= moveToActive(pod, true);
    }
    flushBackoffLater();
    if (activated) {
      wake.run();
    }
  }

  private void flushLeftoverAfter(long timestampNanos) {
    long late = timestampNanos + UNSCHEDULABLE_NANOS_MAX;
    long due = late - late % LEFTOVER_PERIOD_NANOS + LEFTOVER_PERIOD_NANOS;
    leftoverTimer =
        simulation.at(
            Math.max(due, simulation.now()),
            "scheduler/flush-unschedulable",
            "unschedulablePods",
            this::flushUnschedulablePodsLeftover);
  }

  private void flushUnschedulablePodsLeftover() {
    leftoverTimer = null;
    List<QueuedPod> late = new ArrayList<>();
    for (QueuedPod pod : unschedulable.values()) {
      if (simulation.now() - pod.timestampNanos > UNSCHEDULABLE_NANOS_MAX) {
        late.add(pod);
      }
    }
    move(late, ClusterEvent.UNSCHEDULABLE_TIMEOUT, null, null);
    long oldest = Long.MAX_VALUE;
    for (QueuedPod pod : unschedulable.values()) {
      if (!pod.gated()) {
        oldest = Math.min(oldest, pod.timestampNanos);
      }
    }
    if (oldest != Long.MAX_VALUE && leftoverTimer == null) {
      flushLeftoverAfter(oldest);
    }
  }

  /** The waiting pod of that key, or null; one in flight does not wait. */
  public @Nullable QueuedPod find(ObjectKey key) {
    return pods.get(key);
  }

  /** How many pods are active. */
  public int activePods() {
    return active.size();
  }

  /** How many pods back off. */
  public int backoffPods() {
    return backoff.size();
  }

  /** How many pods wait for a change, gated ones included. */
  public int unschedulablePods() {
    return unschedulable.size();
  }
}
