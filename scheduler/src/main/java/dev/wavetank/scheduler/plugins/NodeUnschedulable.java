package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeLocal;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.Status;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pods off nodes with {@code spec.unschedulable}, unless they tolerate its taint.
 *
 * <p>Follows pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go (v1.36).
 */
public final class NodeUnschedulable implements FilterPlugin, NodeLocal, EnqueueExtensions {

  private static final Status UNSCHEDULABLE = Status.unresolvable("node(s) were unschedulable");

  private final SchedulingSpec.Templates templates = new SchedulingSpec.Templates();

  @Override
  public String name() {
    return "NodeUnschedulable";
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    return node.unschedulable() && !pod.spec().toleratesUnschedulable()
        ? UNSCHEDULABLE
        : Status.SUCCESS;
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.NODE,
            ActionType.ADD | ActionType.UPDATE_NODE_TAINT,
            (pod, before, after) ->
                after != null
                    && !unschedulable(after)
                    && (before == null || unschedulable(before))),
        ClusterEventWithHint.of(
            EventResource.POD, ActionType.UPDATE_POD_TOLERATION, this::toleratesNow));
  }

  private static boolean unschedulable(KubeObject node) {
    return node.spec().bool("unschedulable", false);
  }

  private boolean toleratesNow(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    return after != null
        && after.uid().equals(pod.uid())
        && templates.of(after.spec()).toleratesUnschedulable();
  }
}
