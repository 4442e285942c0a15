package dev.wavetank.scheduler;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.EffectiveRequests;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.Resource;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what the update of a node or pod means for scheduling.
 *
 * <p>Follows pkg/scheduler/framework/events.go (v1.36).
 */
final class ClusterEvents {

  private ClusterEvents() {}

  /** The changes of a node that matter; none for a heartbeat. */
  static List<ClusterEvent> ofNode(KubeObject before, KubeObject after) {
    List<ClusterEvent> events = new ArrayList<>(2);
    if (before.spec().bool("unschedulable", false) && !after.spec().bool("unschedulable", false)) {
      events.add(node(ActionType.UPDATE_NODE_TAINT, "NodeTaintChange"));
    }
    if (!before
        .status()
        .mapOrEmpty("allocatable")
        .equals(after.status().mapOrEmpty("allocatable"))) {
      events.add(node(ActionType.UPDATE_NODE_ALLOCATABLE, "NodeAllocatableChange"));
    }
    if (!before.labels().equals(after.labels())) {
      events.add(node(ActionType.UPDATE_NODE_LABEL, "NodeLabelChange"));
    }
    if (!before.spec().listOrEmpty("taints").equals(after.spec().listOrEmpty("taints"))) {
      events.add(node(ActionType.UPDATE_NODE_TAINT, "NodeTaintChange"));
    }
    if (!conditions(before).equals(conditions(after))) {
      events.add(node(ActionType.UPDATE_NODE_CONDITION, "NodeConditionChange"));
    }
    if (!before.annotations().equals(after.annotations())) {
      events.add(node(ActionType.UPDATE_NODE_ANNOTATION, "NodeAnnotationChange"));
    }
    return events;
  }

  private static ClusterEvent node(int action, String label) {
    return new ClusterEvent(EventResource.NODE, action, label);
  }

  private static Map<String, String> conditions(KubeObject node) {
    Map<String, String> statuses = new LinkedHashMap<>();
    for (KubeMap condition : node.status().listOrEmpty("conditions").maps()) {
      statuses.put(condition.string("type", ""), condition.string("status", ""));
    }
    return statuses;
  }

  /** The changes of a pod; at least one. */
  static List<ClusterEvent> ofPod(
      KubeObject before, KubeObject after, SchedulingSpec.Templates templates) {
    EventResource resource =
        after.spec().has("nodeName") ? EventResource.ASSIGNED_POD : EventResource.UNSCHEDULED_POD;
    List<ClusterEvent> events = new ArrayList<>(1);
    if (!before.labels().equals(after.labels())) {
      events.add(new ClusterEvent(resource, ActionType.UPDATE_POD_LABEL, "PodLabelChange"));
    }
    if (EffectiveRequests.differ(before, after)) {
      Resource old = templates.of(EffectiveRequests.spec(before)).requests();
      Resource now = templates.of(EffectiveRequests.spec(after)).requests();
      if (scaledDown(old, now)) {
        events.add(
            new ClusterEvent(resource, ActionType.UPDATE_POD_SCALE_DOWN, "PodRequestScaledDown"));
      }
      KubeList gates = after.spec().listOrEmpty("schedulingGates");
      if (gates.isEmpty() && !before.spec().listOrEmpty("schedulingGates").isEmpty()) {
        events.add(
            new ClusterEvent(
                resource,
                ActionType.UPDATE_POD_SCHEDULING_GATES_ELIMINATED,
                "PodSchedulingGatesEliminated"));
      }
      if (before.spec().listOrEmpty("tolerations").size()
          != after.spec().listOrEmpty("tolerations").size()) {
        events.add(
            new ClusterEvent(resource, ActionType.UPDATE_POD_TOLERATION, "PodTolerationChange"));
      }
    }
    if (events.isEmpty()) {
      events.add(new ClusterEvent(resource, ActionType.UPDATE_OTHER, "PodUpdate"));
    }
    return events;
  }

  private static boolean scaledDown(Resource old, Resource now) {
    if (old == now) {
      return false;
    }
    boolean less =
        old.milliCpu() > now.milliCpu()
            || old.memory() > now.memory()
            || old.ephemeralStorage() > now.ephemeralStorage();
    for (int i = 0; i < old.scalars() && !less; i++) {
      less = old.scalarAmount(i) > now.scalar(old.scalarName(i));
    }
    return less;
  }
}
