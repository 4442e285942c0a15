package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeLocal;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.ScoreExtensions;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.framework.Taint;
import dev.wavetank.scheduler.framework.Toleration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer
 * PreferNoSchedule taints that they do not tolerate.
 *
 * <p>Follows pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go (v1.36).
 */
public final class TaintToleration
    implements FilterPlugin, ScoreExtensions, NodeLocal, EnqueueExtensions {

  private static final Status UNTOLERATED = Status.unresolvable("node(s) had untolerated taint(s)");

  @Override
  public String name() {
    return "TaintToleration";
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    Taint[] taints = node.doNotScheduleTaints();
    return taints.length == 0 || Toleration.tolerateAll(pod.spec().tolerations(), taints)
        ? Status.SUCCESS
        : UNTOLERATED;
  }

  @Override
  public long score(CycleState state, PodInfo pod, NodeInfo node) {
    long intolerable = 0;
    for (Taint taint : node.preferNoScheduleTaints()) {
      if (!Toleration.tolerate(pod.spec().tolerations(), taint)) {
        intolerable++;
      }
    }
    return intolerable;
  }

  @Override
  public void normalizeScore(
      CycleState state, PodInfo pod, long[] scores, NodeInfo[] nodes, int count) {
    ScoreExtensions.defaultNormalizeScore(true, scores, count);
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.NODE,
            ActionType.ADD | ActionType.UPDATE_NODE_TAINT,
            (pod, before, after) ->
                tolerated(pod, after) && (before == null || !tolerated(pod, before))),
        ClusterEventWithHint.of(
            EventResource.POD,
            ActionType.UPDATE_POD_TOLERATION,
            (pod, before, after) -> after != null && after.uid().equals(pod.uid())));
  }

  private static boolean tolerated(PodInfo pod, @Nullable KubeObject node) {
    return node != null
        && Toleration.tolerateAll(
            pod.spec().tolerations(), NodeInfo.of(node).doNotScheduleTaints());
  }
}
