package dev.wavetank.scheduler.plugins;

import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Diagnosis;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeToStatus;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PostFilterPlugin;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.framework.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out on which nodes the pod would fit if pods of lower priority were gone, and says why it
 * would not on the others. It evicts nobody: where a node is found, the pod stays unschedulable and
 * the message says no more than the filters did.
 *
 * <p>Follows pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go and
 * pkg/scheduler/framework/preemption/preemption.go (v1.36) up to the choice of victims.
 */
public final class DefaultPreemption implements PostFilterPlugin {

  private static final Status NOT_HELPFUL =
      Status.unresolvable("Preemption is not helpful for scheduling");
  private static final Status NO_VICTIMS =
      Status.unresolvable("No preemption victims found for incoming pod");
  private static final Status NEVER =
      Status.unschedulable("preemption: not eligible due to preemptionPolicy=Never.");

  private final Handle handle;
  private final NodeToStatus verdicts = new NodeToStatus();

  public DefaultPreemption(Handle handle) {
    this.handle = handle;
  }

  @Override
  public String name() {
    return "DefaultPreemption";
  }

  @Override
  public Status postFilter(CycleState state, PodInfo pod, NodeToStatus statuses) {
    if ("Never".equals(pod.spec().tree().get("preemptionPolicy"))) {
      return NEVER;
    }
    SharedLister nodes = handle.snapshotSharedLister();
    verdicts.reset(nodes.size());
    verdicts.absentNodesStatus(NOT_HELPFUL);
    for (int i = 0; i < nodes.size(); i++) {
      if (statuses.get(i).code() == Code.UNSCHEDULABLE) {
        Status status = withoutLowerPriority(state, pod, nodes.get(i));
        if (status.success()) {
          return Status.SUCCESS;
        }
        verdicts.set(i, status, 0);
      }
    }
    return Status.unschedulable("preemption: " + Diagnosis.message(verdicts, "", ""));
  }

  private Status withoutLowerPriority(CycleState state, PodInfo pod, NodeInfo node) {
    List<PodInfo> victims = new ArrayList<>();
    for (PodInfo other : node.pods()) {
      if (other.spec().priority() < pod.spec().priority()) {
        victims.add(other);
      }
    }
    if (victims.isEmpty()) {
      return NO_VICTIMS;
    }
    NodeInfo supposed = node.snapshot();
    for (PodInfo victim : victims) {
      supposed.removePod(victim.key());
    }
    return handle.runFilterPlugins(state, pod, supposed);
  }
}
