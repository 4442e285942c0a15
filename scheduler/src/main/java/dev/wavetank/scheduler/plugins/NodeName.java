package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeLocal;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.QueueingHintFn;
import dev.wavetank.scheduler.framework.Status;

/**
 * Lets a pod that names a node go to that node only.
 *
 * <p>Follows pkg/scheduler/framework/plugins/nodename/node_name.go (v1.36).
 */
public final class NodeName implements FilterPlugin, NodeLocal, EnqueueExtensions {

  private static final Status OTHER_NODE =
      Status.unresolvable("node(s) didn't match the requested node name");

  @Override
  public String name() {
    return "NodeName";
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    return pod.nodeName().isEmpty() || pod.nodeName().equals(node.name())
        ? Status.SUCCESS
        : OTHER_NODE;
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(EventResource.NODE, ActionType.ADD, QueueingHintFn.QUEUE));
  }
}
