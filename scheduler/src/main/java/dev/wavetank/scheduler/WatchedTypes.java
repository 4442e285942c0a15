package dev.wavetank.scheduler;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.SchedulingTypes;
import org.jspecify.annotations.Nullable;

/**
 * The kinds beside pods and nodes that plugins read, and what their changes mean to the queue.
 *
 * <p>Follows {@code addAllEventHandlers} of pkg/scheduler/eventhandlers.go (v1.36).
 */
final class WatchedTypes {

  /** Kinds that plugins read but whose changes move no pod. */
  static final ResourceType[] READ = {
    ResourceType.NAMESPACES,
    ResourceType.SERVICES,
    ResourceType.REPLICA_SETS,
    SchedulingTypes.REPLICATION_CONTROLLERS,
    SchedulingTypes.STATEFUL_SETS,
    ResourceType.POD_DISRUPTION_BUDGETS
  };

  /** Kinds whose changes may make pods schedulable. */
  static final ImmutableMap<ResourceType, EventResource> MOVING =
      ImmutableMap.of(
          ResourceType.PERSISTENT_VOLUMES, EventResource.PERSISTENT_VOLUME,
          ResourceType.PERSISTENT_VOLUME_CLAIMS, EventResource.PERSISTENT_VOLUME_CLAIM,
          ResourceType.STORAGE_CLASSES, EventResource.STORAGE_CLASS,
          ResourceType.CSI_NODES, EventResource.CSI_NODE,
          ResourceType.CSI_DRIVERS, EventResource.CSI_DRIVER,
          ResourceType.CSI_STORAGE_CAPACITIES, EventResource.CSI_STORAGE_CAPACITY,
          ResourceType.VOLUME_ATTACHMENTS, EventResource.VOLUME_ATTACHMENT);

  private WatchedTypes() {}

  /** Whether a change can matter to the scheduler; a status report of a workload does not. */
  static boolean ofInterest(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    ResourceType type = commit.key().type();
    if (before == null || after == null) {
      return true;
    }
    if (type.equals(ResourceType.POD_DISRUPTION_BUDGETS) || MOVING.containsKey(type)) {
      return true;
    }
    return type.equals(ResourceType.NAMESPACES)
        ? before.labels() != after.labels()
        : before.spec().get("selector") != after.spec().get("selector");
  }

  /** What a change of a kind in {@link #MOVING} is called. */
  static ClusterEvent event(
      ResourceType type, @Nullable KubeObject before, @Nullable KubeObject after) {
    EventResource resource = MOVING.getOrDefault(type, EventResource.WILD_CARD);
    if (before == null) {
      return new ClusterEvent(resource, ActionType.ADD, type.kind() + "Add");
    }
    return after == null
        ? new ClusterEvent(resource, ActionType.DELETE, type.kind() + "Delete")
        : new ClusterEvent(resource, ActionType.UPDATE, type.kind() + "Update");
  }
}
