package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scheduler.framework.AffinityTerm;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Domains;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodAffinity;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterExtensions;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.PreScorePlugin;
import dev.wavetank.scheduler.framework.ScoreExtensions;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.args.PluginArgs;
import dev.wavetank.scheduler.plugins.topology.ExistingAffinity;
import dev.wavetank.scheduler.plugins.topology.OwnTerms;
import dev.wavetank.scheduler.plugins.topology.Recent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Places pods near to other pods or apart from them, as their affinity and that of the pods on
 * nodes say.
 *
 * <p>Follows filtering.go and scoring.go of pkg/scheduler/framework/plugins/interpodaffinity
 * (v1.36). What upstream counts for every pod anew is kept here, see {@link ExistingAffinity} and
 * {@link OwnTerms}.
 */
public final class InterPodAffinity
    implements PreFilterExtensions,
        FilterPlugin,
        PreScorePlugin,
        ScoreExtensions,
        EnqueueExtensions {

  private static final String NAME = "InterPodAffinity";
  private static final String SCORE_STATE = "PreScore" + NAME;
  private static final Status NO_AFFINITY =
      Status.unresolvable("node(s) didn't match pod affinity rules");
  private static final Status ANTI_AFFINITY =
      Status.unschedulable("node(s) didn't match pod anti-affinity rules");
  private static final Status EXISTING_ANTI_AFFINITY =
      Status.unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");
  private static final int KEPT_MAX = 128;

  /** Whose terms are counted. */
  private record Key(PodAffinity affinity, String namespace, long namespaceGeneration) {}

  /** The pods that the terms of a pod mean. */
  private static final class Own {
    private final OwnTerms requiredAffinity;
    private final OwnTerms requiredAntiAffinity;
    private final OwnTerms preferredAffinity;
    private final OwnTerms preferredAntiAffinity;

    Own(PodAffinity affinity, String namespace, Handle handle) {
      this.requiredAffinity =
          OwnTerms.together(
              affinity.requiredAffinity(), namespace, handle.view(), handle.snapshotSharedLister());
      this.requiredAntiAffinity = each(affinity.requiredAntiAffinity(), namespace, handle);
      this.preferredAffinity = each(affinity.preferredAffinity(), namespace, handle);
      this.preferredAntiAffinity = each(affinity.preferredAntiAffinity(), namespace, handle);
    }

    private static OwnTerms each(
        ImmutableList<AffinityTerm> terms, String namespace, Handle handle) {
      return OwnTerms.each(terms, namespace, handle.view(), handle.snapshotSharedLister());
    }
  }

  /** Numbers of pods by domain that count for the score, each with a weight. */
  private record Weighted(ExistingAffinity.Counted counted, int weight) {}

  private static final class ScoreState implements CycleState.StateData {
    private final Own own;
    private final List<Weighted> existing = new ArrayList<>();

    ScoreState(Own own) {
      this.own = own;
    }

    @Override
    public ScoreState copy() {
      return this;
    }
  }

  private final Handle handle;
  private final int hardPodAffinityWeight;
  private final boolean ignorePreferredTermsOfExistingPods;
  private final ExistingAffinity existing;
  private final Recent<Key, Own> owns = new Recent<>(KEPT_MAX);
  private final Own nothing;
  private final InterPodAffinityHints hints = new InterPodAffinityHints();

  /** With the arguments {@code hardPodAffinityWeight} and the one about existing pods. */
  public InterPodAffinity(KubeMap args, Handle handle) {
    PluginArgs.check(PluginArgs.interPodAffinity("", args));
    this.handle = handle;
    this.hardPodAffinityWeight = (int) args.number("hardPodAffinityWeight", 1);
    this.ignorePreferredTermsOfExistingPods =
        args.bool("ignorePreferredTermsOfExistingPods", false);
    this.existing = new ExistingAffinity(handle.snapshotSharedLister());
    this.nothing = new Own(PodAffinity.NONE, "", handle);
  }

  @Override
  public String name() {
    return NAME;
  }

  private Own own(PodInfo pod) {
    if (pod.spec().podAffinity().none()) {
      return nothing;
    }
    Key key =
        new Key(
            pod.spec().podAffinity(),
            pod.key().namespace(),
            handle.view().generation(ResourceType.NAMESPACES));
    Own known = owns.get(key);
    if (known == null) {
      known = new Own(key.affinity(), key.namespace(), handle);
      owns.put(key, known);
    }
    return known;
  }

  private KubeMap namespaceLabels(PodInfo pod) {
    KubeObject namespace =
        handle.view().find(ObjectKey.of(ResourceType.NAMESPACES, "", pod.key().namespace()));
    return namespace == null ? KubeMap.EMPTY : namespace.labels();
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    PodAffinity affinity = pod.spec().podAffinity();
    if (!affinity.problem().isEmpty()) {
      return PreFilterResult.of(Status.unresolvable("parsing pod: " + affinity.problem()));
    }
    Own own = own(pod);
    own.requiredAffinity.refresh();
    own.requiredAntiAffinity.refresh();
    KubeMap namespaceLabels = namespaceLabels(pod);
    AffinityState counted =
        new AffinityState(pod, namespaceLabels, own.requiredAffinity, own.requiredAntiAffinity);
    for (ExistingAffinity.Group group : existing.groups()) {
      for (AffinityTerm term : group.affinity().requiredAntiAffinity()) {
        if (term.matches(group.namespace(), pod, namespaceLabels)) {
          counted.keptAwayBy(group.by(term.topologyKey()));
        }
      }
    }
    if (counted.saysNothing()) {
      return PreFilterResult.SKIP;
    }
    state.write(NAME, counted);
    return PreFilterResult.SUCCESS;
  }

  private static @Nullable AffinityState counted(CycleState state) {
    return (AffinityState) state.read(NAME);
  }

  @Override
  public Status addPod(CycleState state, PodInfo podToSchedule, PodInfo podToAdd, NodeInfo node) {
    return update(state, podToAdd, node, 1);
  }

  @Override
  public Status removePod(
      CycleState state, PodInfo podToSchedule, PodInfo podToRemove, NodeInfo node) {
    return update(state, podToRemove, node, -1);
  }

  private Status update(CycleState state, PodInfo other, NodeInfo node, int sign) {
    AffinityState counted = counted(state);
    if (counted != null) {
      counted.update(other, node, sign, handle.snapshotSharedLister());
    }
    return Status.SUCCESS;
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    AffinityState counted = counted(state);
    if (counted == null) {
      return Status.error("reading \"PreFilter" + NAME + "\" from cycleState: not found");
    }
    if (!counted.affinityHolds(node)) {
      return NO_AFFINITY;
    }
    if (!counted.antiAffinityHolds(node)) {
      return ANTI_AFFINITY;
    }
    return counted.existingAntiAffinityHolds(node) ? Status.SUCCESS : EXISTING_ANTI_AFFINITY;
  }

  @Override
  public Status preScore(CycleState state, PodInfo pod, NodeInfo[] nodes, int count) {
    boolean prefers = pod.spec().podAffinity().prefers();
    if (ignorePreferredTermsOfExistingPods && !prefers) {
      return Status.SKIP;
    }
    Own own = own(pod);
    ScoreState scores = new ScoreState(own);
    boolean any = false;
    if (prefers) {
      own.preferredAffinity.refresh();
      own.preferredAntiAffinity.refresh();
      any = own.preferredAffinity.total() > 0 || own.preferredAntiAffinity.total() > 0;
    }
    KubeMap namespaceLabels = namespaceLabels(pod);
    for (ExistingAffinity.Group group : existing.groups()) {
      PodAffinity affinity = group.affinity();
      if (hardPodAffinityWeight > 0) {
        weigh(scores, group, affinity.requiredAffinity(), pod, namespaceLabels, 0);
      }
      weigh(scores, group, affinity.preferredAffinity(), pod, namespaceLabels, 1);
      weigh(scores, group, affinity.preferredAntiAffinity(), pod, namespaceLabels, -1);
    }
    if (!any && scores.existing.isEmpty()) {
      return Status.SKIP;
    }
    state.write(SCORE_STATE, scores);
    return Status.SUCCESS;
  }

  private void weigh(
      ScoreState scores,
      ExistingAffinity.Group group,
      List<AffinityTerm> terms,
      PodInfo pod,
      KubeMap namespaceLabels,
      int sign) {
    for (int i = 0; i < terms.size(); i++) {
      AffinityTerm term = terms.get(i);
      if (term.matches(group.namespace(), pod, namespaceLabels)) {
        ExistingAffinity.Counted counted = group.by(term.topologyKey());
        if (counted.total() > 0) {
          int weight = sign == 0 ? hardPodAffinityWeight : sign * term.weight();
          scores.existing.add(new Weighted(counted, weight));
        }
      }
    }
  }

  @Override
  public long score(CycleState state, PodInfo pod, NodeInfo node) {
    ScoreState scores = (ScoreState) state.read(SCORE_STATE);
    if (scores == null) {
      return 0;
    }
    long sum =
        own(scores.own.preferredAffinity, node) - own(scores.own.preferredAntiAffinity, node);
    for (int i = 0; i < scores.existing.size(); i++) {
      Weighted weighted = scores.existing.get(i);
      int domain = weighted.counted().domains().of(node);
      if (domain != Domains.NONE) {
        sum += (long) weighted.weight() * weighted.counted().in(domain);
      }
    }
    return sum;
  }

  private static long own(OwnTerms terms, NodeInfo node) {
    long sum = 0;
    for (int i = 0; i < terms.size(); i++) {
      sum += (long) terms.term(i).weight() * terms.counts(i).around(node);
    }
    return sum;
  }

  @Override
  public void normalizeScore(
      CycleState state, PodInfo pod, long[] scores, NodeInfo[] nodes, int count) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      min = Math.min(min, scores[i]);
      max = Math.max(max, scores[i]);
    }
    long difference = max - min;
    for (int i = 0; i < count; i++) {
      double score =
          difference > 0
              ? (double) MAX_NODE_SCORE * ((double) (scores[i] - min) / (double) difference)
              : 0;
      scores[i] = (long) score;
    }
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return hints.eventsToRegister();
  }
}
