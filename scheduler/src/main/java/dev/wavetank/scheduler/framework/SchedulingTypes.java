package dev.wavetank.scheduler.framework;

import com.google.common.base.Ascii;
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
  public static final ResourceType POD_DISRUPTION_BUDGETS =
      new ResourceType(
          "policy",
          "v1",
          "PodDisruptionBudget",
          "poddisruptionbudgets",
          "poddisruptionbudget",
          true,
          "pdb");
  public static final ResourceType PRIORITY_CLASSES =
      new ResourceType(
          "scheduling.k8s.io",
          "v1",
          "PriorityClass",
          "priorityclasses",
          "priorityclass",
          false,
          "pc");
  public static final ResourceType PERSISTENT_VOLUMES =
      new ResourceType(
          "", "v1", "PersistentVolume", "persistentvolumes", "persistentvolume", false, "pv");
  public static final ResourceType PERSISTENT_VOLUME_CLAIMS =
      new ResourceType(
          "",
          "v1",
          "PersistentVolumeClaim",
          "persistentvolumeclaims",
          "persistentvolumeclaim",
          true,
          "pvc");
  public static final ResourceType STORAGE_CLASSES =
      storage("StorageClass", "storageclasses", false, "sc");
  public static final ResourceType CSI_NODES = storage("CSINode", "csinodes", false);
  public static final ResourceType CSI_DRIVERS = storage("CSIDriver", "csidrivers", false);
  public static final ResourceType CSI_STORAGE_CAPACITIES =
      storage("CSIStorageCapacity", "csistoragecapacities", true);
  public static final ResourceType VOLUME_ATTACHMENTS =
      storage("VolumeAttachment", "volumeattachments", false);

  private SchedulingTypes() {}

  /** All kinds that the scheduler reads, nodes and pods first. */
  public static ImmutableList<ResourceType> all() {
    return ImmutableList.of(
        ResourceType.NODES,
        ResourceType.PODS,
        ResourceType.NAMESPACES,
        ResourceType.SERVICES,
        ResourceType.REPLICA_SETS,
        REPLICATION_CONTROLLERS,
        STATEFUL_SETS,
        POD_DISRUPTION_BUDGETS,
        PRIORITY_CLASSES,
        PERSISTENT_VOLUMES,
        PERSISTENT_VOLUME_CLAIMS,
        STORAGE_CLASSES,
        CSI_NODES,
        CSI_DRIVERS,
        CSI_STORAGE_CAPACITIES,
        VOLUME_ATTACHMENTS);
  }

  private static ResourceType storage(
      String kind, String plural, boolean namespaced, String... shortNames) {
    return new ResourceType(
        "storage.k8s.io", "v1", kind, plural, Ascii.toLowerCase(kind), namespaced, shortNames);
  }
}
