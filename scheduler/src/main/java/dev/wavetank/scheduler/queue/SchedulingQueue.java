package dev.wavetank.scheduler.queue;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.core.sim.Timer;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.QueueSortPlugin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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
  private final ImmutableMap<String, ProfileQueueing> profiles;
  private final Runnable wake;
  private final Nominator nominator;
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
   * @param frameworks what pods are scheduled with; all sort the queue alike
   * @param limits how long rejected pods back off
   * @param wake called when there may be a pod to pop
   */
  public SchedulingQueue(
      Simulation simulation,
      List<Framework> frameworks,
      BackoffLimits limits,
      Nominator nominator,
      Runnable wake) {
    this.simulation = simulation;
    ImmutableMap.Builder<String, ProfileQueueing> byName = ImmutableMap.builder();
    for (Framework framework : frameworks) {
      byName.put(framework.profile().schedulerName(), new ProfileQueueing(framework));
    }
    this.profiles = byName.buildOrThrow();
    this.nominator = nominator;
    this.wake = wake;
    QueueSortPlugin queueSort = frameworks.get(0).queueSort();
    this.active = new PodHeap(QueuedPod.Place.ACTIVE, queueSort::less);
    this.backoff = new BackoffQueue(simulation, queueSort, limits);
  }

  private ProfileQueueing profile(KubeObject pod) {
    String name = pod.spec().string("schedulerName", Profile.DEFAULT_SCHEDULER_NAME);
    ProfileQueueing profile = profiles.get(name);
    if (profile == null) {
      throw new SimulationBug("a pod of another scheduler is in the queue");
    }
    return profile;
  }

  /** Adds a pod that was not seen before. */
  public void add(KubeObject pod, PodInfo info) {
    QueuedPod known = pods.get(info.key());
    if (known != null) {
      take(known);
    }
    QueuedPod queued = new QueuedPod(profile(pod), pod, info, simulation.now());
    if (moveToActive(queued, false)) {
      nominator.add(info, null);
      wake.run();
    }
  }

  /**
   * Moves a pod to the active queue, whatever it waits for; one that is being scheduled is tried
   * again when it comes back.
   */
  public void activate(ObjectKey key) {
    QueuedPod queued = pods.get(key);
    if (queued == null || queued.place == QueuedPod.Place.ACTIVE) {
      QueuedPod flying = inFlight.get(key);
      if (flying != null) {
        flying.changes.add(new Change(ClusterEvent.FORCE_ACTIVATE, null, flying.pod()));
      }
      return;
    }
    boolean fromBackoff = queued.place != QueuedPod.Place.UNSCHEDULABLE;
    if (fromBackoff) {
      backoff.remove(queued);
    }
    if (moveToActive(queued, fromBackoff)) {
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
    nominator.update(queued.podInfo(), info);
    switch (queued.place) {
      case ACTIVE -> {
        active.remove(queued);
        queued.replace(pod, info);
        active.add(queued);
      }
      case BACKOFF, ERROR_BACKOFF -> {
        backoff.remove(queued);
        queued.replace(pod, info);
        backoff.add(queued);
      }
      case UNSCHEDULABLE -> {
        queued.replace(pod, info);
        updateUnschedulable(queued, before, pod, events);
      }
      case IN_FLIGHT -> {}
    }
  }

  private void updateUnschedulable(
      QueuedPod queued, KubeObject before, KubeObject pod, List<ClusterEvent> events) {
    for (ClusterEvent event : events) {
      QueueingHints.Strategy strategy =
          queued.profile.hints().worthRequeuing(queued, event, before, pod);
      if (requeue(queued, strategy) != QueuedPod.Place.UNSCHEDULABLE) {
        wake.run();
        return;
      }
    }
  }

  /** Takes a pod out; one that is being scheduled stays in flight. */
  public void delete(ObjectKey key, String uid) {
    nominator.delete(uid);
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
          pod.profile.hints().worthRequeuing(pod, change.event(), change.before(), change.after());
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
    moveAllToActiveOrBackoffQueue(event, before, after, pod -> true);
  }

  /**
   * Tells of a change in the cluster.
   *
   * @param candidates the only unschedulable pods that it may help
   */
  public void moveAllToActiveOrBackoffQueue(
      ClusterEvent event,
      @Nullable KubeObject before,
      @Nullable KubeObject after,
      Predicate<PodInfo> candidates) {
    if (!ofInterest(event)) {
      return;
    }
    if (!unschedulable.isEmpty()) {
      List<QueuedPod> moved = new ArrayList<>(unschedulable.size());
      for (QueuedPod pod : unschedulable.values()) {
        if (candidates.test(pod.podInfo())) {
          moved.add(pod);
        }
      }
      move(moved, event, before, after);
    }
    for (QueuedPod flying : inFlight.values()) {
      flying.changes.add(new Change(event, before, after));
    }
  }

  private boolean ofInterest(ClusterEvent event) {
    for (ProfileQueueing profile : profiles.values()) {
      if (profile.hints().ofInterest(event)) {
        return true;
      }
    }
    return false;
  }

  private void move(
      List<QueuedPod> candidates,
      ClusterEvent event,
      @Nullable KubeObject before,
      @Nullable KubeObject after) {
    boolean activated = false;
    for (QueuedPod pod : candidates) {
      QueueingHints hints = pod.profile.hints();
      if (pod.gated() && !hints.ofInterest(pod.gatingPlugin, event)) {
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

  private boolean moveToActive(QueuedPod pod, boolean fromBackoff) {
    if (!fromBackoff) {
      pod.profile.runPreEnqueuePlugins(pod);
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
    pod.profile.runPreEnqueuePlugins(pod);
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
