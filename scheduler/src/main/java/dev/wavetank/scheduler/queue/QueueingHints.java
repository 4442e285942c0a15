package dev.wavetank.scheduler.queue;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PermitPlugin;
import dev.wavetank.scheduler.framework.Plugin;
import dev.wavetank.scheduler.framework.PreEnqueuePlugin;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.QueueingHintFn;
import dev.wavetank.scheduler.framework.ReservePlugin;
import org.jspecify.annotations.Nullable;

/** Which change in the cluster may help which plugin's rejects. */
final class QueueingHints {

  enum Strategy {
    SKIP,
    AFTER_BACKOFF,
    IMMEDIATELY
  }

  private record Registration(ClusterEvent event, int plugin, QueueingHintFn hint) {}

  private static final ImmutableList<ClusterEventWithHint> EVERYTHING = everything();

  private final ImmutableList<Registration> registrations;

  private static ImmutableList<ClusterEventWithHint> everything() {
    ImmutableList.Builder<ClusterEventWithHint> all = ImmutableList.builder();
    for (EventResource resource : EventResource.values()) {
      switch (resource) {
        case ASSIGNED_POD, UNSCHEDULED_POD, WILD_CARD -> {}
        default -> all.add(ClusterEventWithHint.of(resource, ActionType.ALL, QueueingHintFn.QUEUE));
      }
    }
    return all.build();
  }

  QueueingHints(Framework framework) {
    ImmutableList.Builder<Registration> found = ImmutableList.builder();
    for (Plugin plugin : framework.plugins()) {
      for (ClusterEventWithHint registered : registered(plugin)) {
        found.add(
            new Registration(registered.event(), framework.indexOf(plugin), registered.hint()));
      }
    }
    this.registrations = found.build();
  }

  private static ImmutableList<ClusterEventWithHint> registered(Plugin plugin) {
    if (plugin instanceof EnqueueExtensions extensions) {
      return extensions.eventsToRegister();
    }
    boolean rejects =
        plugin instanceof PreEnqueuePlugin
            || plugin instanceof PreFilterPlugin
            || plugin instanceof FilterPlugin
            || plugin instanceof ReservePlugin
            || plugin instanceof PermitPlugin;
    return rejects ? EVERYTHING : ImmutableList.of();
  }

  /** Whether some plugin waits for such changes. */
  boolean ofInterest(ClusterEvent event) {
    if (event.wildCard()) {
      return true;
    }
    for (int i = 0; i < registrations.size(); i++) {
      if (registrations.get(i).event().covers(event)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the plugin waits for such changes. */
  boolean ofInterest(int plugin, ClusterEvent event) {
    for (Registration registration : registrations) {
      if (registration.plugin == plugin && registration.event.covers(event)) {
        return true;
      }
    }
    return false;
  }

  /** What a change means for a rejected pod. */
  Strategy worthRequeuing(
      QueuedPod pod, ClusterEvent event, @Nullable KubeObject before, @Nullable KubeObject after) {
    long rejectors = pod.unschedulablePlugins | pod.pendingPlugins;
    if (rejectors == 0) {
      return Strategy.AFTER_BACKOFF;
    }
    if (event.wildCard()) {
      return after == null || after.uid().equals(pod.podInfo().uid())
          ? Strategy.AFTER_BACKOFF
          : Strategy.SKIP;
    }
    Strategy strategy = Strategy.SKIP;
    for (int i = 0; i < registrations.size(); i++) {
      Registration registration = registrations.get(i);
      long bit = 1L << registration.plugin;
      if ((rejectors & bit) == 0
          || !registration.event.covers(event)
          || !registration.hint.queue(pod.podInfo(), before, after)) {
        continue;
      }
      if ((pod.pendingPlugins & bit) != 0) {
        return Strategy.IMMEDIATELY;
      }
      strategy = Strategy.AFTER_BACKOFF;
      if (pod.pendingPlugins == 0) {
        return strategy;
      }
    }
    return strategy;
  }
}
