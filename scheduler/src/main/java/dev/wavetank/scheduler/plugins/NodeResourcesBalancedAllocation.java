package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeLocal;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreScorePlugin;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.args.PluginArgs;

/**
 * Prefers nodes whose use of CPU and of memory the pod brings closer together; 75 is neutral.
 *
 * <p>Follows pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go (v1.36).
 */
public final class NodeResourcesBalancedAllocation
    implements PreScorePlugin, ScorePlugin, NodeLocal {

  private final ResourceScorer scorer;
  private final long[] podRequests;

  public NodeResourcesBalancedAllocation() {
    this(ResourceScorer.CPU_AND_MEMORY);
  }

  /**
   * With the arguments of a profile.
   *
   * @throws IllegalArgumentException with upstream's words when they are wrong
   */
  static NodeResourcesBalancedAllocation of(KubeMap args) {
    PluginArgs.check(PluginArgs.nodeResourcesBalancedAllocation("", args));
    return new NodeResourcesBalancedAllocation(
        ResourceScorer.resources(args.listOrEmpty("resources")));
  }

  /** Balances these resources. */
  public NodeResourcesBalancedAllocation(ImmutableList<ResourceScorer.Weighted> resources) {
    this.scorer =
        new ResourceScorer(ResourceScorer.Strategy.BALANCED, resources, ImmutableList.of());
    this.podRequests = new long[scorer.size()];
  }

  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  @Override
  public Status preScore(CycleState state, PodInfo pod, NodeInfo[] nodes, int count) {
    boolean bestEffort = true;
    for (int i = 0; i < podRequests.length; i++) {
      podRequests[i] = pod.spec().requests().amount(scorer.resource(i));
      bestEffort &= podRequests[i] == 0;
    }
    return bestEffort ? Status.SKIP : Status.SUCCESS;
  }

  @Override
  public long score(CycleState state, PodInfo pod, NodeInfo node) {
    return scorer.score(node, podRequests);
  }
}
