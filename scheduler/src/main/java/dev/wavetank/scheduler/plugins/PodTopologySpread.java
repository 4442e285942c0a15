package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Domains;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterExtensions;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.PreScorePlugin;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.SchedulingTypes;
import dev.wavetank.scheduler.framework.ScoreExtensions;
import dev.wavetank.scheduler.framework.SpreadConstraint;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.args.PluginArgs;
import dev.wavetank.scheduler.plugins.topology.Recent;
import dev.wavetank.scheduler.plugins.topology.SpreadCounts;
import dev.wavetank.scheduler.plugins.topology.SpreadSelector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spreads pods evenly over topology domains, as their constraints or the defaults say.
 *
 * <p>Follows filtering.go, scoring.go and common.go of
 * pkg/scheduler/framework/plugins/podtopologyspread (v1.36). What upstream counts for every pod
 * anew is kept here, see {@link SpreadCounts}.
 */
public final class PodTopologySpread
    implements PreFilterExtensions,
        FilterPlugin,
        PreScorePlugin,
        ScoreExtensions,
        EnqueueExtensions {

  private static final String NAME = "PodTopologySpread";
  private static final String SCORE_STATE = "PreScore" + NAME;
  private static final Status CONSTRAINTS =
      Status.unschedulable("node(s) didn't match pod topology spread constraints");
  private static final Status MISSING_LABEL =
      Status.unresolvable(
          "node(s) didn't match pod topology spread constraints (missing required label)");
  private static final int KEPT_MAX = 128;

  /** At most 3 pods more on a node, and 5 in a zone, than where there are fewest. */
  private static final ImmutableList<SpreadConstraint> SYSTEM_DEFAULTS =
      ImmutableList.of(
          systemDefault(3, SpreadCounts.HOSTNAME), systemDefault(5, "topology.kubernetes.io/zone"));

  /** Whose pods are counted; the spec decides which nodes count. */
  private record Key(
      SchedulingSpec spec, String namespace, boolean hard, List<@Nullable KubeMap> selectors) {}

  /** A pod's own Services and controller, as far as they decide the default selector. */
  private record Owners(KubeMap labels, String namespace, @Nullable KubeMap owner) {}

  /** The selector deduced for a pod; null for none. */
  private record Deduced(@Nullable KubeMap selector) {}

  private final Handle handle;
  private final ImmutableList<SpreadConstraint> defaultConstraints;
  private final boolean systemDefaulted;
  private final Recent<Key, SpreadCounts> known = new Recent<>(KEPT_MAX);
  private final Recent<Owners, Deduced> deduced = new Recent<>(KEPT_MAX);
  private long deducedGeneration = -1;

  /** With the arguments {@code defaultingType} and {@code defaultConstraints}. */
  public PodTopologySpread(KubeMap args, Handle handle) {
    PluginArgs.check(PluginArgs.podTopologySpread("", args));
    this.handle = handle;
    this.systemDefaulted = args.string("defaultingType", "System").equals("System");
    ImmutableList.Builder<SpreadConstraint> listed = ImmutableList.builder();
    for (KubeMap constraint : args.listOrEmpty("defaultConstraints").maps()) {
      listed.add(SpreadConstraint.of(constraint));
    }
    this.defaultConstraints = systemDefaulted ? SYSTEM_DEFAULTS : listed.build();
  }

  private static SpreadConstraint systemDefault(int maxSkew, String topologyKey) {
    return SpreadConstraint.of(
        KubeMap.of(
            "maxSkew", maxSkew, "topologyKey", topologyKey, "whenUnsatisfiable", "ScheduleAnyway"));
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * The pods that the constraints of one kind count; null when the pod has no such constraint.
   *
   * @param hard those that keep pods off nodes, else those that make nodes less liked
   */
  private @Nullable SpreadCounts counts(PodInfo pod, boolean hard) {
    boolean own = !pod.spec().spreadConstraints().isEmpty();
    List<SpreadConstraint> constraints =
        ofKind(own ? pod.spec().spreadConstraints() : defaultConstraints, hard);
    if (constraints.isEmpty()) {
      return null;
    }
    List<@Nullable KubeMap> selectors = new ArrayList<>(constraints.size());
    KubeMap ofOwners = own ? null : ownersSelector(pod);
    if (!own && ofOwners == null) {
      return null;
    }
    for (SpreadConstraint constraint : constraints) {
      selectors.add(own ? SpreadSelector.of(constraint, pod.labels()) : ofOwners);
    }
    Key key = new Key(pod.spec(), pod.key().namespace(), hard, selectors);
    SpreadCounts counts = known.get(key);
    if (counts == null) {
      counts =
          new SpreadCounts(
              constraints,
              selectors,
              hard || own || !systemDefaulted,
              pod.key().namespace(),
              pod.spec(),
              handle.snapshotSharedLister());
      known.put(key, counts);
    }
    return counts;
  }

  private static List<SpreadConstraint> ofKind(List<SpreadConstraint> constraints, boolean hard) {
    for (int i = 0; i < constraints.size(); i++) {
      if (constraints.get(i).doNotSchedule() != hard) {
        List<SpreadConstraint> some = new ArrayList<>(constraints.size());
        for (SpreadConstraint constraint : constraints) {
          if (constraint.doNotSchedule() == hard) {
            some.add(constraint);
          }
        }
        return some;
      }
    }
    return constraints;
  }

  private @Nullable KubeMap ownersSelector(PodInfo pod) {
    long generation =
        handle.view().generation(ResourceType.SERVICES)
            + handle.view().generation(ResourceType.REPLICA_SETS)
            + handle.view().generation(SchedulingTypes.STATEFUL_SETS)
            + handle.view().generation(SchedulingTypes.REPLICATION_CONTROLLERS);
    if (generation != deducedGeneration) {
      deduced.clear();
      deducedGeneration = generation;
    }
    Owners owners = new Owners(pod.labels(), pod.key().namespace(), pod.owner());
    Deduced found = deduced.get(owners);
    if (found == null) {
      found = new Deduced(SpreadSelector.ofOwners(pod, handle.view()));
      deduced.put(owners, found);
    }
    return found.selector();
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    SpreadCounts counts;
    try {
      counts = counts(pod, true);
    } catch (IllegalArgumentException e) {
      return PreFilterResult.of(
          Status.error(
              "get constraints from pod: obtaining pod's hard topology spread constraints: "
                  + e.getMessage()));
    }
    if (counts == null) {
      return PreFilterResult.SKIP;
    }
    counts.refresh();
    state.write(NAME, new SpreadState(pod, counts));
    return PreFilterResult.SUCCESS;
  }

  @Override
  public Status addPod(CycleState state, PodInfo podToSchedule, PodInfo podToAdd, NodeInfo node) {
    return update(state, podToSchedule, podToAdd, node, 1);
  }

  @Override
  public Status removePod(
      CycleState state, PodInfo podToSchedule, PodInfo podToRemove, NodeInfo node) {
    return update(state, podToSchedule, podToRemove, node, -1);
  }

  private static Status update(
      CycleState state, PodInfo podToSchedule, PodInfo other, NodeInfo node, int sign) {
    SpreadState spread = (SpreadState) state.read(NAME);
    if (spread != null && other.key().namespace().equals(podToSchedule.key().namespace())) {
      spread.update(other, node, sign);
    }
    return Status.SUCCESS;
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    SpreadState spread = (SpreadState) state.read(NAME);
    if (spread == null) {
      return Status.error("reading \"PreFilter" + NAME + "\" from cycleState: not found");
    }
    for (int i = 0; i < spread.size(); i++) {
      int domain = spread.domain(i, node);
      if (domain == Domains.NONE) {
        return MISSING_LABEL;
      }
      if (spread.skewed(i, domain)) {
        return CONSTRAINTS;
      }
    }
    return Status.SUCCESS;
  }

  @Override
  public Status preScore(CycleState state, PodInfo pod, NodeInfo[] nodes, int count) {
    SpreadCounts counts;
    try {
      counts = counts(pod, false);
    } catch (IllegalArgumentException e) {
      return Status.error(
          "calculating preScoreState: obtaining pod's soft topology spread constraints: "
              + e.getMessage());
    }
    if (counts == null) {
      return Status.SKIP;
    }
    counts.refresh();
    boolean allTopologies = !pod.spec().spreadConstraints().isEmpty() || !systemDefaulted;
    state.write(SCORE_STATE, new SpreadScores(counts, allTopologies, nodes, count));
    return Status.SUCCESS;
  }

  @Override
  public long score(CycleState state, PodInfo pod, NodeInfo node) {
    SpreadScores scores = (SpreadScores) state.read(SCORE_STATE);
    return scores == null ? 0 : scores.of(node);
  }

  @Override
  public void normalizeScore(
      CycleState state, PodInfo pod, long[] scores, NodeInfo[] nodes, int count) {
    SpreadScores spread = (SpreadScores) state.read(SCORE_STATE);
    if (spread != null) {
      spread.normalize(scores, nodes, count);
    }
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return new PodTopologySpreadHints(pod -> counts(pod, true)).eventsToRegister();
  }
}
