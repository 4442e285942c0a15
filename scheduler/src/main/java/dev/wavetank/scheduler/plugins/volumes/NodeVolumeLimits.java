package dev.wavetank.scheduler.plugins.volumes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.storage.PersistentVolumes;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.QueueingHintFn;
import dev.wavetank.scheduler.framework.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pods off nodes to which a CSI driver cannot attach as many volumes.
 *
 * <p>Follows pkg/scheduler/framework/plugins/nodevolumelimits/csi.go (v1.36), without the
 * translation of in-tree volumes to CSI.
 */
public final class NodeVolumeLimits implements PreFilterPlugin, FilterPlugin, EnqueueExtensions {

  private static final Status TOO_MANY = Status.unschedulable("node(s) exceed max volume count");

  /** Stands for a volume that is not made yet. */
  private static final String NOT_PROVISIONED = "\u0000";

  private final Handle handle;

  public NodeVolumeLimits(Handle handle) {
    this.handle = handle;
  }

  @Override
  public String name() {
    return "NodeVolumeLimits";
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    return Claims.any(pod) ? PreFilterResult.SUCCESS : PreFilterResult.SKIP;
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    Map<String, String> wanted = new LinkedHashMap<>();
    Status status = attachable(pod, true, wanted);
    if (!status.success() || wanted.isEmpty()) {
      return status;
    }
    Map<String, Long> limits = limits(node.name());
    if (limits.isEmpty()) {
      return Status.SUCCESS;
    }
    Map<String, String> attached = new LinkedHashMap<>();
    for (PodInfo other : node.pods()) {
      status = attachable(other, false, attached);
      if (!status.success()) {
        return status;
      }
    }
    wanted.keySet().removeAll(attached.keySet());
    attachments(node.name()).forEach(attached::putIfAbsent);
    Map<String, Integer> counts = new LinkedHashMap<>();
    attached.values().forEach(driver -> counts.merge(driver, 1, Integer::sum));
    for (String driver : wanted.values()) {
      Long limit = limits.get(driver);
      if (limit != null && counts.merge(driver, 1, Integer::sum) > limit) {
        return TOO_MANY;
      }
    }
    return Status.SUCCESS;
  }

  private @Nullable KubeObject cluster(ResourceType type, String name) {
    return handle.view().find(ObjectKey.of(type, "", name));
  }

  /** How many volumes each driver can attach to a node. */
  private Map<String, Long> limits(String node) {
    Map<String, Long> limits = new LinkedHashMap<>();
    KubeObject csiNode = cluster(ResourceType.CSI_NODES, node);
    if (csiNode != null) {
      for (KubeMap driver : csiNode.spec().listOrEmpty("drivers").maps()) {
        KubeMap allocatable = driver.mapOrEmpty("allocatable");
        if (allocatable.has("count")) {
          limits.put(driver.string("name", ""), allocatable.number("count", 0));
        }
      }
    }
    return limits;
  }

  /** Adds the volumes of a pod, with the driver that attaches each. */
  private Status attachable(PodInfo pod, boolean newPod, Map<String, String> drivers) {
    for (Claims.Named named : Claims.of(pod)) {
      if (named.name().isEmpty()) {
        return Status.error("PersistentVolumeClaim had no name");
      }
      KubeObject claim = handle.view().find(Claims.key(pod, named.name()));
      if (claim == null) {
        if (newPod) {
          return Status.unresolvable(
              "looking up PVC "
                  + pod.key().namespace()
                  + "/"
                  + named.name()
                  + ": "
                  + Claims.notFound(named.name()));
        }
        continue;
      }
      String foreign = named.ephemeral() ? Claims.foreign(pod, claim) : "";
      if (!foreign.isEmpty()) {
        return Status.error(foreign);
      }
      add(claim, drivers);
    }
    return Status.SUCCESS;
  }

  private void add(KubeObject claim, Map<String, String> drivers) {
    String volumeName = PersistentVolumes.volumeName(claim);
    KubeObject volume =
        volumeName.isEmpty() ? null : cluster(ResourceType.PERSISTENT_VOLUMES, volumeName);
    if (volume != null) {
      KubeMap csi = volume.spec().mapOrEmpty("csi");
      String driver = csi.string("driver", "");
      String handleOfVolume = csi.string("volumeHandle", "");
      if (!driver.isEmpty() && !handleOfVolume.isEmpty()) {
        drivers.put(driver + "/" + handleOfVolume, driver);
      }
      return;
    }
    String className = PersistentVolumes.storageClass(claim);
    KubeObject storageClass =
        className.isEmpty() ? null : cluster(ResourceType.STORAGE_CLASSES, className);
    if (storageClass != null) {
      String driver = storageClass.root().string("provisioner", "");
      if (!driver.isEmpty()) {
        drivers.put(
            driver + "/" + NOT_PROVISIONED + claim.namespace() + "/" + claim.name(), driver);
      }
    }
  }

  /** The volumes that are attached to a node, with their drivers. */
  private Map<String, String> attachments(String node) {
    Map<String, String> attached = new LinkedHashMap<>();
    for (KubeObject attachment : handle.view().list(ResourceType.VOLUME_ATTACHMENTS)) {
      KubeMap spec = attachment.spec();
      String driver = spec.string("attacher", "");
      String name = spec.mapOrEmpty("source").string("persistentVolumeName", "");
      if (!node.equals(spec.get("nodeName")) || driver.isEmpty() || name.isEmpty()) {
        continue;
      }
      KubeObject volume = cluster(ResourceType.PERSISTENT_VOLUMES, name);
      if (volume != null && volume.spec().has("csi")) {
        String handleOfVolume = volume.spec().mapOrEmpty("csi").string("volumeHandle", "");
        attached.put(driver + "/" + handleOfVolume, driver);
      }
    }
    return attached;
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(EventResource.CSI_NODE, ActionType.ADD, QueueingHintFn.QUEUE),
        ClusterEventWithHint.of(
            EventResource.CSI_NODE, ActionType.UPDATE, NodeVolumeLimits::afterCsiNodeUpdated),
        ClusterEventWithHint.of(
            EventResource.POD, ActionType.DELETE, NodeVolumeLimits::afterPodDeleted),
        ClusterEventWithHint.of(
            EventResource.PERSISTENT_VOLUME_CLAIM,
            ActionType.ADD,
            (pod, before, after) -> after != null && Claims.names(pod, after)),
        ClusterEventWithHint.of(
            EventResource.VOLUME_ATTACHMENT,
            ActionType.DELETE,
            (pod, before, after) -> !pod.spec().claims().isEmpty()));
  }

  private static boolean afterPodDeleted(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (before == null
        || !(before.spec().has("nodeName") || before.status().has("nominatedNodeName"))) {
      return false;
    }
    for (KubeMap volume : before.spec().listOrEmpty("volumes").maps()) {
      if (Claims.isClaim(volume)) {
        return true;
      }
    }
    return false;
  }

  private static boolean afterCsiNodeUpdated(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (before == null || after == null) {
      return true;
    }
    Map<String, Long> old = new LinkedHashMap<>();
    for (KubeMap driver : before.spec().listOrEmpty("drivers").maps()) {
      old.put(driver.string("name", ""), driver.mapOrEmpty("allocatable").number("count", 0));
    }
    for (KubeMap driver : after.spec().listOrEmpty("drivers").maps()) {
      long count = driver.mapOrEmpty("allocatable").number("count", 0);
      if (count > old.getOrDefault(driver.string("name", ""), 0L)) {
        return true;
      }
    }
    return false;
  }
}
