package dev.wavetank.scheduler.plugins.volumes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.storage.PersistentVolumes;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreBindPlugin;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.QueueingHintFn;
import dev.wavetank.scheduler.framework.ReservePlugin;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.args.PluginArgs;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets a pod go where its volumes are or can be, and has them bound before the pod.
 *
 * <p>Follows pkg/scheduler/framework/plugins/volumebinding/volume_binding.go (v1.36). It does not
 * score: StorageCapacityScoring is off by default.
 */
public final class VolumeBinding
    implements PreFilterPlugin, FilterPlugin, ReservePlugin, PreBindPlugin, EnqueueExtensions {

  private static final String NAME = "VolumeBinding";
  private static final long SECOND = 1_000_000_000L;
  private static final PreFilterResult UNBOUND_IMMEDIATE =
      PreFilterResult.of(Status.unresolvable("pod has unbound immediate PersistentVolumeClaims"));

  /** What was found for a pod on each node, and what becomes of it. */
  private static final class State implements CycleState.StateData {
    private final VolumeBinder.PodClaims claims;
    private final Map<String, VolumeBinder.PodVolumes> byNode = new LinkedHashMap<>();
    private VolumeBinder.@Nullable PodVolumes assumed;
    private boolean allBound;
    private boolean written;

    State(VolumeBinder.PodClaims claims) {
      this.claims = claims;
    }

    /** It is the same for every supposition about pods. */
    @Override
    public State copy() {
      return this;
    }
  }

  private final Handle handle;
  private final VolumeBinder binder;
  private final long bindTimeoutNanos;

  /** With the argument {@code bindTimeoutSeconds}. */
  public VolumeBinding(KubeMap args, Handle handle) {
    PluginArgs.check(PluginArgs.volumeBinding("", args));
    this.handle = handle;
    this.binder = new VolumeBinder(handle.view());
    this.bindTimeoutNanos = args.number("bindTimeoutSeconds", 600) * SECOND;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    if (!Claims.any(pod)) {
      return PreFilterResult.SKIP;
    }
    String problem = problem(pod);
    if (!problem.isEmpty()) {
      return PreFilterResult.of(Status.unresolvable(problem));
    }
    VolumeBinder.PodClaims claims = binder.claims(pod);
    if (!claims.error().success()) {
      return PreFilterResult.of(claims.error());
    }
    if (!claims.immediate().isEmpty()) {
      return UNBOUND_IMMEDIATE;
    }
    state.write(NAME, new State(claims));
    return PreFilterResult.SUCCESS;
  }

  /** Why the claims of a pod cannot be used; empty when they can. */
  private String problem(PodInfo pod) {
    for (Claims.Named named : Claims.of(pod)) {
      KubeObject claim = handle.view().find(Claims.key(pod, named.name()));
      if (claim == null) {
        return named.ephemeral()
            ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \""
                + named.name()
                + "\""
            : Claims.notFound(named.name());
      }
      if ("Lost".equals(claim.status().get("phase"))) {
        return "persistentvolumeclaim \""
            + claim.name()
            + "\" bound to non-existent persistentvolume \""
            + PersistentVolumes.volumeName(claim)
            + "\"";
      }
      if (claim.terminating()) {
        return "persistentvolumeclaim \"" + claim.name() + "\" is being deleted";
      }
      String foreign = named.ephemeral() ? Claims.foreign(pod, claim) : "";
      if (!foreign.isEmpty()) {
        return foreign;
      }
    }
    return "";
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    State found = (State) state.read(NAME);
    if (found == null) {
      return Status.error("not found");
    }
    VolumeBinder.PodVolumes volumes = binder.find(found.claims, node);
    if (volumes.status().success()) {
      found.byNode.put(node.name(), volumes);
    }
    return volumes.status();
  }

  @Override
  public Status reserve(CycleState state, PodInfo pod, String node) {
    State found = (State) state.read(NAME);
    VolumeBinder.PodVolumes volumes = found == null ? null : found.byNode.get(node);
    if (found != null) {
      found.allBound = volumes == null || binder.allBound(pod);
      if (volumes != null && !found.allBound) {
        found.assumed = binder.assume(volumes, node);
      }
    }
    return Status.SUCCESS;
  }

  @Override
  public void unreserve(CycleState state, PodInfo pod, String node) {
    State found = (State) state.read(NAME);
    if (found != null && found.assumed != null) {
      binder.revert(found.assumed);
    }
  }

  @Override
  public Status preBindPreFlight(CycleState state, PodInfo pod, String node) {
    State found = (State) state.read(NAME);
    return found == null || found.allBound ? Status.SKIP : Status.SUCCESS;
  }

  @Override
  public Status preBind(CycleState state, PodInfo pod, String node) {
    State found = (State) state.read(NAME);
    ApiClient client = handle.client();
    NodeInfo info = handle.snapshotSharedLister().find(node);
    if (found == null || found.assumed == null || client == null) {
      return Status.error("no pod volume found for node \"" + node + "\"");
    }
    if (!found.written) {
      found.written = true;
      found.assumed = binder.write(found.assumed, client);
      return found.assumed.status().success() ? Status.WAIT : found.assumed.status();
    }
    Status bound =
        info == null
            ? Status.error("failed to get node \"" + node + "\": node \"" + node + "\" not found")
            : binder.bound(pod, found.assumed, info.labels());
    return bound.code() == Code.ERROR ? Status.error("binding volumes: " + bound.message()) : bound;
  }

  @Override
  public long preBindNanosMax() {
    return bindTimeoutNanos;
  }

  @Override
  public String timeoutMessage() {
    return "binding volumes: context deadline exceeded";
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    int addOrUpdate = ActionType.ADD | ActionType.UPDATE;
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.STORAGE_CLASS, addOrUpdate, VolumeBinding::afterStorageClassChange),
        ClusterEventWithHint.of(
            EventResource.PERSISTENT_VOLUME_CLAIM,
            addOrUpdate,
            (pod, before, after) -> after != null && Claims.names(pod, after)),
        ClusterEventWithHint.of(EventResource.PERSISTENT_VOLUME, addOrUpdate, QueueingHintFn.QUEUE),
        ClusterEventWithHint.of(
            EventResource.NODE,
            ActionType.ADD | ActionType.UPDATE_NODE_LABEL,
            QueueingHintFn.QUEUE),
        ClusterEventWithHint.of(
            EventResource.CSI_NODE, addOrUpdate, (pod, before, after) -> before == null),
        ClusterEventWithHint.of(
            EventResource.CSI_DRIVER, ActionType.UPDATE, VolumeBinding::afterDriverChange),
        ClusterEventWithHint.of(
            EventResource.CSI_STORAGE_CAPACITY, addOrUpdate, VolumeBinding::afterCapacityChange));
  }

  private static boolean afterStorageClassChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    return before == null
        || after == null
        || !before
            .root()
            .listOrEmpty("allowedTopologies")
            .equals(after.root().listOrEmpty("allowedTopologies"));
  }

  private static boolean afterDriverChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (before == null || after == null) {
      return true;
    }
    for (KubeMap volume : pod.spec().volumes().maps()) {
      KubeMap inline = volume.map("csi");
      if (inline != null
          && after.name().equals(inline.get("driver"))
          && before.spec().bool("storageCapacity", false)
          && !after.spec().bool("storageCapacity", false)) {
        return true;
      }
    }
    return false;
  }

  private static boolean afterCapacityChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (before == null || after == null) {
      return true;
    }
    Object old = VolumeBinder.limit(before);
    Object now = VolumeBinder.limit(after);
    return now != null && (old == null || Quantity.of(now).cmp(Quantity.of(old)) > 0);
  }
}
