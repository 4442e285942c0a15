package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ResourceType;

/** Kinds that the scheduler reads where the cluster serves them. */
public final class SchedulingTypes {

  public static final ResourceType REPLICATION_CONTROLLERS =
      new ResourceType(
          "",
          "v1",
          "ReplicationController",
          "replicationcontrollers",
          "replicationcontroller",
          true,
          "rc");
  public static final ResourceType STATEFUL_SETS =
      new ResourceType("apps", "v1", "StatefulSet", "statefulsets", "statefulset", true, "sts");

  private SchedulingTypes() {}

  /** All of them, nodes and pods first. */
  public static ImmutableList<ResourceType> all() {
    return ImmutableList.of(
        ResourceType.NODES,
        ResourceType.PODS,
        ResourceType.NAMESPACES,
        ResourceType.SERVICES,
        ResourceType.REPLICA_SETS,
        REPLICATION_CONTROLLERS,
        STATEFUL_SETS,
        ResourceType.POD_DISRUPTION_BUDGETS,
        ResourceType.PERSISTENT_VOLUMES,
        ResourceType.PERSISTENT_VOLUME_CLAIMS,
        ResourceType.STORAGE_CLASSES,
        ResourceType.CSI_NODES,
        ResourceType.CSI_DRIVERS,
        ResourceType.CSI_STORAGE_CAPACITIES,
        ResourceType.VOLUME_ATTACHMENTS);
  }
}
