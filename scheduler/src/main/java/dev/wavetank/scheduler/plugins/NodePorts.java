package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.HostPort;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeLocal;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.QueueingHintFn;
import dev.wavetank.scheduler.framework.Status;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pods off nodes on which a host port that they ask for is taken.
 *
 * <p>Follows pkg/scheduler/framework/plugins/nodeports/node_ports.go (v1.36).
 */
public final class NodePorts
    implements PreFilterPlugin, FilterPlugin, NodeLocal, EnqueueExtensions {

  private static final Status TAKEN =
      Status.unschedulable("node(s) didn't have free ports for the requested pod ports");

  @Override
  public String name() {
    return "NodePorts";
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    return pod.spec().hostPorts().length == 0 ? PreFilterResult.SKIP : PreFilterResult.SUCCESS;
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    return conflict(pod.spec().hostPorts(), node.usedPorts()) ? TAKEN : Status.SUCCESS;
  }

  private static boolean conflict(HostPort[] wanted, List<HostPort> used) {
    for (int i = 0; i < used.size(); i++) {
      for (HostPort port : wanted) {
        if (port.conflicts(used.get(i))) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(EventResource.POD, ActionType.DELETE, this::freesPort),
        ClusterEventWithHint.of(EventResource.NODE, ActionType.ADD, QueueingHintFn.QUEUE));
  }

  private boolean freesPort(PodInfo pod, @Nullable KubeObject deleted, @Nullable KubeObject after) {
    return deleted != null
        && (deleted.spec().has("nodeName") || deleted.status().has("nominatedNodeName"))
        && conflict(pod.spec().hostPorts(), Arrays.asList(HostPort.of(deleted.spec())));
  }
}
