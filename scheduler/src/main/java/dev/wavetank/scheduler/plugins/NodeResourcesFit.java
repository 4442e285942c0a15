package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EffectiveRequests;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeLocal;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreScorePlugin;
import dev.wavetank.scheduler.framework.Resource;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.args.PluginArgs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pods off nodes that have too little left of what they ask for, and rates the nodes that
 * have enough by how full they are.
 *
 * <p>Follows pkg/scheduler/framework/plugins/noderesources/fit.go (v1.36).
 */
public final class NodeResourcesFit
    implements FilterPlugin, PreScorePlugin, ScorePlugin, NodeLocal, EnqueueExtensions {

  private static final String[] REASONS = {
    "Too many pods", "Insufficient cpu", "Insufficient memory", "Insufficient ephemeral-storage"
  };
  private static final int PODS = 1;
  private static final int CPU = 2;
  private static final int MEMORY = 4;
  private static final int EPHEMERAL_STORAGE = 8;
  private static final int STATUSES_MAX = 1024;

  private static final Status[] RESOLVABLE = statuses(Code.UNSCHEDULABLE);
  private static final Status[] UNRESOLVABLE = statuses(Code.UNSCHEDULABLE_AND_UNRESOLVABLE);

  private final ResourceScorer scorer;
  private final ImmutableSet<String> ignoredResources;
  private final ImmutableSet<String> ignoredResourceGroups;
  private final long[] podRequests;
  private final Map<Status, Status> scalarStatuses = new LinkedHashMap<>();
  private final SchedulingSpec.Templates templates = new SchedulingSpec.Templates();
  private @Nullable SchedulingSpec scored;
  private @Nullable KubeObject hintedNode;
  private @Nullable NodeInfo hintedInfo;

  /** With the default strategy: LeastAllocated over CPU and memory. */
  public NodeResourcesFit() {
    this(
        new ResourceScorer(
            ResourceScorer.Strategy.LEAST_ALLOCATED,
            ResourceScorer.CPU_AND_MEMORY,
            ImmutableList.of()),
        ImmutableSet.of(),
        ImmutableSet.of());
  }

  /**
   * With arguments.
   *
   * @param ignoredResources extended resources that are not filtered
   * @param ignoredResourceGroups the same by the part of the name before the slash
   */
  public NodeResourcesFit(
      ResourceScorer scorer,
      ImmutableSet<String> ignoredResources,
      ImmutableSet<String> ignoredResourceGroups) {
    this.scorer = scorer;
    this.ignoredResources = ignoredResources;
    this.ignoredResourceGroups = ignoredResourceGroups;
    this.podRequests = new long[scorer.size()];
  }

  /**
   * With the arguments of a profile.
   *
   * @throws IllegalArgumentException with upstream's words when they are wrong
   */
  static NodeResourcesFit of(KubeMap args) {
    PluginArgs.check(PluginArgs.nodeResourcesFit("", args));
    return new NodeResourcesFit(
        ResourceScorer.of(args.mapOrEmpty("scoringStrategy")),
        texts(args.listOrEmpty("ignoredResources")),
        texts(args.listOrEmpty("ignoredResourceGroups")));
  }

  private static ImmutableSet<String> texts(KubeList list) {
    ImmutableSet.Builder<String> texts = ImmutableSet.builder();
    list.forEach(text -> texts.add(text.toString()));
    return texts.build();
  }

  private static Status[] statuses(Code code) {
    Status[] statuses = new Status[1 << REASONS.length];
    for (int mask = 0; mask < statuses.length; mask++) {
      statuses[mask] = Status.of(code, reasons(mask));
    }
    return statuses;
  }

  private static List<String> reasons(int mask) {
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < REASONS.length; i++) {
      if ((mask & (1 << i)) != 0) {
        reasons.add(REASONS[i]);
      }
    }
    return reasons;
  }

  @Override
  public String name() {
    return "NodeResourcesFit";
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    Resource request = pod.spec().requests();
    Resource allocatable = node.allocatable();
    Resource requested = node.requested();
    int insufficient = node.pods().size() + 1 > allocatable.allowedPodNumber() ? PODS : 0;
    boolean unresolvable = false;
    long milliCpu = request.milliCpu();
    if (milliCpu > 0 && milliCpu > allocatable.milliCpu() - requested.milliCpu()) {
      insufficient |= CPU;
      unresolvable = milliCpu > allocatable.milliCpu();
    }
    long memory = request.memory();
    if (memory > 0 && memory > allocatable.memory() - requested.memory()) {
      insufficient |= MEMORY;
      unresolvable |= memory > allocatable.memory();
    }
    long storage = request.ephemeralStorage();
    if (storage > 0 && storage > allocatable.ephemeralStorage() - requested.ephemeralStorage()) {
      insufficient |= EPHEMERAL_STORAGE;
      unresolvable |= storage > allocatable.ephemeralStorage();
    }
    if (request.scalars() > 0) {
      return withScalars(request, allocatable, requested, insufficient, unresolvable);
    }
    if (insufficient == 0) {
      return Status.SUCCESS;
    }
    return unresolvable ? UNRESOLVABLE[insufficient] : RESOLVABLE[insufficient];
  }

  private Status withScalars(
      Resource request,
      Resource allocatable,
      Resource requested,
      int insufficient,
      boolean unresolvable) {
    List<String> reasons = null;
    boolean never = unresolvable;
    for (int i = 0; i < request.scalars(); i++) {
      String name = request.scalarName(i);
      long amount = request.scalarAmount(i);
      long capacity = allocatable.scalar(name);
      if (amount != 0 && !ignored(name) && amount > capacity - requested.scalar(name)) {
        reasons = reasons == null ? reasons(insufficient) : reasons;
        reasons.add("Insufficient " + name);
        never |= amount > capacity;
      }
    }
    if (reasons == null) {
      return insufficient == 0
          ? Status.SUCCESS
          : unresolvable ? UNRESOLVABLE[insufficient] : RESOLVABLE[insufficient];
    }
    return shared(
        Status.of(never ? Code.UNSCHEDULABLE_AND_UNRESOLVABLE : Code.UNSCHEDULABLE, reasons));
  }

  private Status shared(Status status) {
    Status known = scalarStatuses.get(status);
    if (known != null) {
      return known;
    }
    if (scalarStatuses.size() < STATUSES_MAX) {
      scalarStatuses.put(status, status);
    }
    return status;
  }

  private boolean ignored(String name) {
    if (!Resource.extendedResourceName(name)) {
      return false;
    }
    return ignoredResources.contains(name)
        || (!ignoredResourceGroups.isEmpty()
            && ignoredResourceGroups.contains(name.substring(0, name.indexOf('/'))));
  }

  @Override
  public Status preScore(CycleState state, PodInfo pod, NodeInfo[] nodes, int count) {
    SchedulingSpec spec = pod.spec();
    if (spec != scored) {
      for (int i = 0; i < podRequests.length; i++) {
        podRequests[i] = spec.scoringRequest(scorer.resource(i));
      }
      scored = spec;
    }
    return Status.SUCCESS;
  }

  @Override
  public long score(CycleState state, PodInfo pod, NodeInfo node) {
    return scorer.score(node, podRequests);
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.POD,
            ActionType.DELETE | ActionType.UPDATE_POD_SCALE_DOWN,
            this::schedulableAfterPodEvent),
        ClusterEventWithHint.of(
            EventResource.NODE,
            ActionType.ADD | ActionType.UPDATE_NODE_ALLOCATABLE,
            this::schedulableAfterNodeChange));
  }

  private boolean schedulableAfterPodEvent(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (before == null) {
      return true;
    }
    if (after == null) {
      return before.spec().has("nodeName") || before.status().has("nominatedNodeName");
    }
    if (after.uid().equals(pod.uid())) {
      return true;
    }
    if (!after.spec().has("nodeName")) {
      return false;
    }
    Resource asked = pod.spec().requests();
    Resource old = templates.of(EffectiveRequests.spec(before)).requests();
    Resource now = templates.of(EffectiveRequests.spec(after)).requests();
    boolean freed =
        (asked.milliCpu() != 0 && old.milliCpu() > now.milliCpu())
            || (asked.memory() != 0 && old.memory() > now.memory())
            || (asked.ephemeralStorage() != 0 && old.ephemeralStorage() > now.ephemeralStorage());
    for (int i = 0; i < asked.scalars() && !freed; i++) {
      String name = asked.scalarName(i);
      freed = asked.scalarAmount(i) != 0 && old.scalar(name) > now.scalar(name);
    }
    return freed;
  }

  private boolean schedulableAfterNodeChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null || !filter(new CycleState(), pod, empty(after)).success()) {
      return false;
    }
    if (before == null) {
      return true;
    }
    Resource old = Resource.of(before.status().mapOrEmpty("allocatable"));
    Resource now = empty(after).allocatable();
    Resource asked = pod.spec().requests();
    boolean more =
        now.allowedPodNumber() > old.allowedPodNumber()
            || (asked.milliCpu() > 0 && now.milliCpu() > old.milliCpu())
            || (asked.memory() > 0 && now.memory() > old.memory())
            || (asked.ephemeralStorage() > 0 && now.ephemeralStorage() > old.ephemeralStorage());
    for (int i = 0; i < asked.scalars() && !more; i++) {
      String name = asked.scalarName(i);
      more = asked.scalarAmount(i) != 0 && now.scalar(name) > old.scalar(name);
    }
    return more;
  }

  /** The node without pods; one change is asked about for many pods in a row. */
  private NodeInfo empty(KubeObject node) {
    NodeInfo info = hintedInfo;
    if (info == null || hintedNode != node) {
      info = NodeInfo.of(node);
      hintedInfo = info;
      hintedNode = node;
    }
    return info;
  }
}
