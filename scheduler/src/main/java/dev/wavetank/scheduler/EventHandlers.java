package dev.wavetank.scheduler;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.EffectiveRequests;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.queue.SchedulingQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes over what the watches of pods and nodes show: into the cache, and into the queue.
 *
 * <p>Follows pkg/scheduler/eventhandlers.go (v1.36).
 */
final class EventHandlers {

  private final SchedulerCache cache;
  private final SchedulingQueue queue;
  private final BindingCycle binding;
  private final SchedulingSpec.Templates templates;
  private final ImmutableSet<String> schedulerNames;

  EventHandlers(
      SchedulerCache cache,
      SchedulingQueue queue,
      BindingCycle binding,
      SchedulingSpec.Templates templates,
      ImmutableSet<String> schedulerNames) {
    this.cache = cache;
    this.queue = queue;
    this.binding = binding;
    this.templates = templates;
    this.schedulerNames = schedulerNames;
  }

  /** The commits of a type that can matter; null for all. */
  static @Nullable Predicate<Commit> interest(ResourceType type) {
    if (type.equals(ResourceType.NODES)) {
      return null;
    }
    return type.equals(ResourceType.PODS) ? EventHandlers::ofInterest : WatchedTypes::ofInterest;
  }

  /** Whether a change of a pod can matter to scheduling; most status reports do not. */
  private static boolean ofInterest(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    if (before == null
        || after == null
        || before.spec() != after.spec()
        || before.labels() != after.labels()
        || before.terminating() != after.terminating()) {
      return true;
    }
    return before.status() != after.status()
        && (EffectiveRequests.differ(before, after)
            || differ(before, after, "startTime")
            || differ(before, after, "nominatedNodeName")
            || terminal(before) != terminal(after));
  }

  private static boolean differ(KubeObject before, KubeObject after, String field) {
    Object old = before.status().get(field);
    Object now = after.status().get(field);
    return old != now && (old == null || !old.equals(now));
  }

  private static boolean terminal(KubeObject pod) {
    Object phase = pod.status().get("phase");
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  private static boolean assigned(KubeObject pod) {
    return !pod.spec().string("nodeName", "").isEmpty();
  }

  private boolean responsible(KubeObject pod) {
    return schedulerNames.contains(
        pod.spec().string("schedulerName", Profile.DEFAULT_SCHEDULER_NAME));
  }

  void nodeChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      if (before != null) {
        queue.moveAllToActiveOrBackoffQueue(ClusterEvent.NODE_DELETE, before, null);
        cache.removeNode(before);
      }
    } else if (before == null) {
      cache.addNode(after);
      queue.moveAllToActiveOrBackoffQueue(ClusterEvent.NODE_ADD, null, after);
    } else {
      cache.updateNode(before, after);
      for (ClusterEvent event : ClusterEvents.ofNode(before, after)) {
        queue.moveAllToActiveOrBackoffQueue(event, before, after);
      }
    }
  }

  void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    // Pods that have ended are left out of the watch.
    KubeObject old = before == null || terminal(before) ? null : before;
    KubeObject pod = after == null || terminal(after) ? null : after;
    if (old == null) {
      if (pod != null) {
        podAdded(pod);
      }
    } else if (pod == null) {
      podDeleted(old);
    } else if (assigned(old)) {
      assignedPodUpdated(old, pod);
    } else if (assigned(pod)) {
      assignedPodAdded(pod);
      queue.delete(old.key(ResourceType.PODS), old.uid());
    } else if (responsible(pod)) {
      waitingPodUpdated(old, pod);
    }
  }

  private void podAdded(KubeObject pod) {
    if (assigned(pod)) {
      assignedPodAdded(pod);
    } else if (responsible(pod)) {
      queue.add(pod, PodInfo.of(pod, templates));
    }
  }

  private void assignedPodAdded(KubeObject pod) {
    cache.addPod(PodInfo.of(pod, templates));
    queue.moveAllToActiveOrBackoffQueue(ClusterEvent.ASSIGNED_POD_ADD, null, pod);
  }

  private void assignedPodUpdated(KubeObject before, KubeObject pod) {
    if (EffectiveRequests.differ(before, pod)
        || before.labels() != pod.labels()
        || before.terminating() != pod.terminating()
        || differ(before, pod, "startTime")) {
      cache.updatePod(PodInfo.of(pod, templates));
    }
    for (ClusterEvent event : ClusterEvents.ofPod(before, pod, templates)) {
      queue.moveAllToActiveOrBackoffQueue(event, before, pod);
    }
  }

  private void waitingPodUpdated(KubeObject before, KubeObject pod) {
    PodInfo info = PodInfo.of(pod, templates);
    if (cache.assumedPod(info.key()) != null) {
      if (pod.terminating() && !before.terminating()) {
        binding.assumedPodDeleted(info.key(), pod);
      }
      return;
    }
    queue.update(before, pod, info, ClusterEvents.ofPod(before, pod, templates));
    PodInfo old = PodInfo.of(before, templates);
    if (!old.nominatedNodeName().isEmpty()
        && !old.nominatedNodeName().equals(info.nominatedNodeName())) {
      nominationGone(before, old);
    }
  }

  /** A pod that is not nominated any more makes room for those of its priority and below. */
  private void nominationGone(KubeObject pod, PodInfo info) {
    queue.moveAllToActiveOrBackoffQueue(
        ClusterEvent.ASSIGNED_POD_DELETE,
        pod,
        null,
        other -> other.spec().priority() <= info.spec().priority());
  }

  private void podDeleted(KubeObject pod) {
    ObjectKey key = pod.key(ResourceType.PODS);
    if (assigned(pod)) {
      cache.removePod(key);
      queue.moveAllToActiveOrBackoffQueue(ClusterEvent.ASSIGNED_POD_DELETE, pod, null);
    } else if (responsible(pod)) {
      queue.delete(key, pod.uid());
      if (cache.assumedPod(key) != null) {
        binding.assumedPodDeleted(key, pod);
        return;
      }
      PodInfo info = PodInfo.of(pod, templates);
      if (!info.nominatedNodeName().isEmpty()) {
        nominationGone(pod, info);
      }
    }
  }
}
