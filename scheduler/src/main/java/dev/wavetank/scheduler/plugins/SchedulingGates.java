package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreEnqueuePlugin;
import dev.wavetank.scheduler.framework.Status;

/**
 * Keeps a pod out of the queue while it has {@code spec.schedulingGates}.
 *
 * <p>Follows pkg/scheduler/framework/plugins/schedulinggates/scheduling_gates.go (v1.36).
 */
public final class SchedulingGates implements PreEnqueuePlugin, EnqueueExtensions {

  @Override
  public String name() {
    return "SchedulingGates";
  }

  @Override
  public Status preEnqueue(PodInfo pod) {
    ImmutableList<String> gates = pod.spec().schedulingGates();
    return gates.isEmpty()
        ? Status.SUCCESS
        : Status.unresolvable("waiting for scheduling gates: [" + String.join(" ", gates) + "]");
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.POD,
            ActionType.UPDATE_POD_SCHEDULING_GATES_ELIMINATED,
            (pod, before, after) -> after != null && after.uid().equals(pod.uid())));
  }
}
