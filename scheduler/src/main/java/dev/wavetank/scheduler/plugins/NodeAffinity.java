package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeLocal;
import dev.wavetank.scheduler.framework.NodeSelectorTerms;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.PreScorePlugin;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.ScoreExtensions;
import dev.wavetank.scheduler.framework.Status;
import org.jspecify.annotations.Nullable;

/**
 * Matches {@code spec.nodeSelector} and {@code spec.affinity.nodeAffinity} with the labels of
 * nodes.
 *
 * <p>Follows pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go (v1.36).
 */
public final class NodeAffinity
    implements PreFilterPlugin,
        FilterPlugin,
        PreScorePlugin,
        ScoreExtensions,
        NodeLocal,
        EnqueueExtensions {

  private static final Status NOT_ENFORCED =
      Status.unresolvable("node(s) didn't match scheduler-enforced node affinity");
  private static final Status NO_MATCH =
      Status.unresolvable("node(s) didn't match Pod's node affinity/selector");
  private static final PreFilterResult CONFLICT =
      PreFilterResult.of(Status.unresolvable("pod affinity terms conflict"));

  private final @Nullable NodeSelectorTerms addedRequired;
  private final @Nullable NodeSelectorTerms addedPreferred;

  public NodeAffinity() {
    this(KubeMap.EMPTY);
  }

  /** With a node affinity that every pod of the profile gets on top of its own. */
  public NodeAffinity(KubeMap addedAffinity) {
    this.addedRequired = NodeSelectorTerms.requiredOf(addedAffinity);
    this.addedPreferred = NodeSelectorTerms.preferredOf(addedAffinity);
  }

  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    SchedulingSpec spec = pod.spec();
    if (spec.requiredAffinity() == null && spec.nodeSelector().isEmpty() && addedRequired == null) {
      return PreFilterResult.SKIP;
    }
    ImmutableSet<String> names = spec.affinityNodeNames();
    if (names == null) {
      return PreFilterResult.SUCCESS;
    }
    return names.isEmpty() ? CONFLICT : PreFilterResult.nodes(names);
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    if (addedRequired != null && !addedRequired.matches(node)) {
      return NOT_ENFORCED;
    }
    return pod.spec().matchesNode(node) ? Status.SUCCESS : NO_MATCH;
  }

  @Override
  public Status preScore(CycleState state, PodInfo pod, NodeInfo[] nodes, int count) {
    NodeSelectorTerms preferred = pod.spec().preferredAffinity();
    if (preferred == null) {
      return addedPreferred == null ? Status.SKIP : Status.SUCCESS;
    }
    return preferred.allReadable()
        ? Status.SUCCESS
        : Status.error("preferredDuringSchedulingIgnoredDuringExecution cannot be parsed");
  }

  @Override
  public long score(CycleState state, PodInfo pod, NodeInfo node) {
    NodeSelectorTerms preferred = pod.spec().preferredAffinity();
    long added = addedPreferred == null ? 0 : addedPreferred.weight(node);
    return preferred == null ? added : added + preferred.weight(node);
  }

  @Override
  public void normalizeScore(
      CycleState state, PodInfo pod, long[] scores, NodeInfo[] nodes, int count) {
    ScoreExtensions.defaultNormalizeScore(false, scores, count);
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.NODE,
            ActionType.ADD | ActionType.UPDATE_NODE_LABEL,
            (pod, before, after) ->
                after != null
                    && filter(new CycleState(), pod, NodeInfo.of(after)).success()
                    && (before == null || !pod.spec().matchesNode(NodeInfo.of(before)))));
  }
}
