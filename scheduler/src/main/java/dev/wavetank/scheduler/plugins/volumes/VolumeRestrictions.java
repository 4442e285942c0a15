package dev.wavetank.scheduler.plugins.volumes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterExtensions;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.QueueingHintFn;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.Status;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two pods from using one disk at a time that only one can use.
 *
 * <p>Follows pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go (v1.36).
 */
public final class VolumeRestrictions
    implements PreFilterExtensions, FilterPlugin, EnqueueExtensions {

  private static final String NAME = "VolumeRestrictions";
  private static final Status DISK_CONFLICT = Status.unschedulable("node(s) had no available disk");
  private static final Status CLAIM_CONFLICT =
      Status.unschedulable(
          "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access"
              + " mode");

  /** How many pods use the claims of the pod that only one pod may use. */
  private static final class State implements CycleState.StateData {
    private final Set<String> claims;
    private int uses;

    State(Set<String> claims, int uses) {
      this.claims = claims;
      this.uses = uses;
    }

    @Override
    public State copy() {
      return new State(claims, uses);
    }

    void update(PodInfo other, int sign) {
      for (String claim : other.spec().claims()) {
        if (claims.contains(claim)) {
          uses += sign;
        }
      }
    }
  }

  private final Handle handle;
  private final SchedulingSpec.Templates templates = new SchedulingSpec.Templates();

  public VolumeRestrictions(Handle handle) {
    this.handle = handle;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    boolean disks = disks(pod.spec().volumes());
    if (!disks && pod.spec().claims().isEmpty()) {
      return PreFilterResult.SKIP;
    }
    Set<String> oncePod = new LinkedHashSet<>();
    for (String name : pod.spec().claims()) {
      KubeObject claim = handle.view().find(Claims.key(pod, name));
      if (claim == null) {
        return PreFilterResult.of(Status.unresolvable(Claims.notFound(name)));
      }
      if (claim.spec().listOrEmpty("accessModes").contains("ReadWriteOncePod")) {
        oncePod.add(name);
      }
    }
    int uses = 0;
    for (String claim : oncePod) {
      uses += used(pod.key().namespace() + "/" + claim) ? 1 : 0;
    }
    if (!disks && uses == 0) {
      return PreFilterResult.SKIP;
    }
    state.write(NAME, new State(oncePod, uses));
    return PreFilterResult.SUCCESS;
  }

  private boolean used(String claim) {
    for (NodeInfo node : handle.snapshotSharedLister().nodes()) {
      if (node.claimUses(claim) > 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean disks(KubeList volumes) {
    for (KubeMap volume : volumes.maps()) {
      if (restricted(volume)) {
        return true;
      }
    }
    return false;
  }

  private static boolean restricted(KubeMap volume) {
    return volume.has("gcePersistentDisk")
        || volume.has("awsElasticBlockStore")
        || volume.has("rbd")
        || volume.has("iscsi");
  }

  @Override
  public Status addPod(CycleState state, PodInfo podToSchedule, PodInfo podToAdd, NodeInfo node) {
    return update(state, podToSchedule, podToAdd, 1);
  }

  @Override
  public Status removePod(
      CycleState state, PodInfo podToSchedule, PodInfo podToRemove, NodeInfo node) {
    return update(state, podToSchedule, podToRemove, -1);
  }

  private static Status update(CycleState state, PodInfo pod, PodInfo other, int sign) {
    State found = (State) state.read(NAME);
    if (found != null && other.key().namespace().equals(pod.key().namespace())) {
      found.update(other, sign);
    }
    return Status.SUCCESS;
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    for (PodInfo other : node.pods()) {
      if (conflict(pod.spec().volumes(), other.spec().volumes())) {
        return DISK_CONFLICT;
      }
    }
    State found = (State) state.read(NAME);
    return found != null && found.uses > 0 ? CLAIM_CONFLICT : Status.SUCCESS;
  }

  private static boolean conflict(KubeList wanted, KubeList used) {
    for (KubeMap volume : wanted.maps()) {
      if (restricted(volume)) {
        for (KubeMap other : used.maps()) {
          if (conflict(volume, other)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean conflict(KubeMap volume, KubeMap other) {
    return sameDisk(volume.map("gcePersistentDisk"), other.map("gcePersistentDisk"), "pdName")
        || sameVolume(volume.map("awsElasticBlockStore"), other.map("awsElasticBlockStore"))
        || sameDisk(volume.map("iscsi"), other.map("iscsi"), "iqn")
        || sameImage(volume.map("rbd"), other.map("rbd"));
  }

  private static boolean sameDisk(@Nullable KubeMap one, @Nullable KubeMap other, String id) {
    return one != null
        && other != null
        && Objects.equals(one.get(id), other.get(id))
        && !bothReadOnly(one, other);
  }

  private static boolean bothReadOnly(KubeMap one, KubeMap other) {
    return one.bool("readOnly", false) && other.bool("readOnly", false);
  }

  private static boolean sameVolume(@Nullable KubeMap one, @Nullable KubeMap other) {
    return one != null
        && other != null
        && Objects.equals(one.get("volumeID"), other.get("volumeID"));
  }

  private static boolean sameImage(@Nullable KubeMap one, @Nullable KubeMap other) {
    if (one == null || other == null || bothReadOnly(one, other)) {
      return false;
    }
    boolean sharedMonitor = false;
    for (Object monitor : one.listOrEmpty("monitors")) {
      sharedMonitor |= other.listOrEmpty("monitors").contains(monitor);
    }
    return sharedMonitor
        && one.string("pool", "rbd").equals(other.string("pool", "rbd"))
        && Objects.equals(one.get("image"), other.get("image"));
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(EventResource.POD, ActionType.DELETE, this::afterPodDeleted),
        ClusterEventWithHint.of(EventResource.NODE, ActionType.ADD, QueueingHintFn.QUEUE),
        ClusterEventWithHint.of(
            EventResource.PERSISTENT_VOLUME_CLAIM,
            ActionType.ADD,
            (pod, before, after) ->
                after != null
                    && pod.key().namespace().equals(after.namespace())
                    && pod.spec().claims().contains(after.name())));
  }

  private boolean afterPodDeleted(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (before == null || !before.namespace().equals(pod.key().namespace())) {
      return false;
    }
    SchedulingSpec gone = templates.of(before.spec());
    if (conflict(pod.spec().volumes(), gone.volumes())) {
      return true;
    }
    for (String claim : gone.claims()) {
      if (pod.spec().claims().contains(claim)) {
        return true;
      }
    }
    return false;
  }
}
