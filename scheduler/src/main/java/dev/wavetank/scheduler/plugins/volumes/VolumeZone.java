package dev.wavetank.scheduler.plugins.volumes;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a pod in the zone and region that the labels of its volumes name.
 *
 * <p>Follows pkg/scheduler/framework/plugins/volumezone/volume_zone.go (v1.36).
 */
public final class VolumeZone implements PreFilterPlugin, FilterPlugin, EnqueueExtensions {

  private static final String NAME = "VolumeZone";
  private static final Status CONFLICT =
      Status.unresolvable("node(s) had no available volume zone");
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String REGION = "topology.kubernetes.io/region";
  private static final ImmutableList<String> TOPOLOGY_LABELS =
      ImmutableList.of(
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region",
          ZONE,
          REGION);

  /** A label of a volume and the values that it allows. */
  private record Topology(String key, ImmutableSet<String> values) {

    boolean allows(KubeMap nodeLabels) {
      Object value = nodeLabels.get(key);
      if (value == null) {
        value = nodeLabels.get(key.endsWith("zone") ? ZONE : REGION);
      }
      return value != null && values.contains(value);
    }
  }

  private record State(List<Topology> topologies) implements CycleState.StateData {
    @Override
    public State copy() {
      return this;
    }
  }

  private final Handle handle;

  public VolumeZone(Handle handle) {
    this.handle = handle;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    ImmutableList<String> claims = pod.spec().claims();
    if (claims.isEmpty()) {
      return PreFilterResult.SKIP;
    }
    List<Topology> topologies = new ArrayList<>();
    for (String name : claims) {
      String problem = collect(pod, name, topologies);
      if (!problem.isEmpty()) {
        return PreFilterResult.of(Status.unresolvable(problem));
      }
    }
    if (topologies.isEmpty()) {
      return PreFilterResult.SKIP;
    }
    state.write(NAME, new State(topologies));
    return PreFilterResult.SUCCESS;
  }

  /** Adds what the volume of a claim allows. Returns why that is not known; empty when it is. */
  private String collect(PodInfo pod, String name, List<Topology> topologies) {
    if (name.isEmpty()) {
      return "PersistentVolumeClaim had no name";
    }
    KubeObject claim = handle.view().find(Claims.key(pod, name));
    if (claim == null) {
      return Claims.notFound(name);
    }
    String volumeName = PersistentVolumes.volumeName(claim);
    if (volumeName.isEmpty()) {
      return unbound(PersistentVolumes.storageClass(claim));
    }
    KubeObject volume =
        handle.view().find(ObjectKey.of(ResourceType.PERSISTENT_VOLUMES, "", volumeName));
    if (volume == null) {
      return "persistentvolume \"" + volumeName + "\" not found";
    }
    topologies.addAll(topologies(volume));
    return "";
  }

  private String unbound(String className) {
    if (className.isEmpty()) {
      return "PersistentVolumeClaim had no pv name and storageClass name";
    }
    KubeObject storageClass =
        handle.view().find(ObjectKey.of(ResourceType.STORAGE_CLASSES, "", className));
    if (storageClass == null) {
      return "storageclass.storage.k8s.io \"" + className + "\" not found";
    }
    String mode = storageClass.root().string("volumeBindingMode");
    if (mode == null) {
      return "VolumeBindingMode not set for StorageClass \"" + className + "\"";
    }
    return mode.equals("WaitForFirstConsumer") ? "" : "PersistentVolume had no name";
  }

  private static List<Topology> topologies(KubeObject volume) {
    List<Topology> found = new ArrayList<>();
    for (String key : TOPOLOGY_LABELS) {
      String value = volume.labels().string(key);
      if (value != null) {
        ImmutableSet<String> zones =
            ImmutableSet.copyOf(Splitter.on("__").trimResults().split(value));
        if (!zones.contains("")) {
          found.add(new Topology(key, zones));
        }
      }
    }
    return found;
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    State found = (State) state.read(NAME);
    if (found == null || !hasTopology(node.labels())) {
      return Status.SUCCESS;
    }
    for (Topology topology : found.topologies()) {
      if (!topology.allows(node.labels())) {
        return CONFLICT;
      }
    }
    return Status.SUCCESS;
  }

  private static boolean hasTopology(KubeMap labels) {
    for (String key : TOPOLOGY_LABELS) {
      if (labels.has(key)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    int addOrUpdate = ActionType.ADD | ActionType.UPDATE;
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.STORAGE_CLASS,
            ActionType.ADD,
            (pod, before, after) ->
                after != null
                    && "WaitForFirstConsumer".equals(after.root().get("volumeBindingMode"))),
        ClusterEventWithHint.of(
            EventResource.NODE,
            ActionType.ADD | ActionType.UPDATE_NODE_LABEL,
            QueueingHintFn.QUEUE),
        ClusterEventWithHint.of(
            EventResource.PERSISTENT_VOLUME_CLAIM,
            addOrUpdate,
            (pod, before, after) ->
                after != null
                    && pod.key().namespace().equals(after.namespace())
                    && pod.spec().claims().contains(after.name())),
        ClusterEventWithHint.of(
            EventResource.PERSISTENT_VOLUME, addOrUpdate, VolumeZone::afterVolumeChange));
  }

  private static boolean afterVolumeChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    return before == null || after == null || !topologies(before).equals(topologies(after));
  }
}
