package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeToStatus;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PostFilterPlugin;
import dev.wavetank.scheduler.framework.PostFilterResult;
import dev.wavetank.scheduler.framework.PreEnqueuePlugin;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.framework.Status;

/**
 * The part of dynamic resource allocation that every pod meets: a pod without claims is not
 * filtered, and when it fits nowhere there is no claim of it to give back. Where a plugin before
 * this one has rejected the pod, the cycle has no state of it, and upstream says {@code not found}.
 *
 * <p>Follows pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (v1.36) for pods
 * without {@code resourceClaims}; a pod with claims never enters the queue, because no
 * ResourceClaim can exist.
 */
public final class DynamicResources
    implements PreEnqueuePlugin, PreFilterPlugin, PostFilterPlugin, ScorePlugin, EnqueueExtensions {

  private static final String NAME = "DynamicResources";
  private static final PostFilterResult NOTHING_TO_DEALLOCATE =
      PostFilterResult.of(Status.unschedulable("no new claims to deallocate"));
  private static final Status NO_CLAIM = Status.unresolvable("ResourceClaim not created yet");
  private static final PostFilterResult NO_STATE = PostFilterResult.of(Status.error("not found"));

  /** Says that the pre-filter part has run. */
  private static final class Seen implements CycleState.StateData {
    private static final Seen SEEN = new Seen();

    @Override
    public Seen copy() {
      return this;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Status preEnqueue(PodInfo pod) {
    return pod.spec().tree().listOrEmpty("resourceClaims").isEmpty() ? Status.SUCCESS : NO_CLAIM;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    state.write(NAME, Seen.SEEN);
    return PreFilterResult.SKIP;
  }

  @Override
  public PostFilterResult postFilter(CycleState state, PodInfo pod, NodeToStatus statuses) {
    return state.read(NAME) == null ? NO_STATE : NOTHING_TO_DEALLOCATE;
  }

  @Override
  public boolean scoresNothing(CycleState state, PodInfo pod) {
    return true;
  }

  @Override
  public long score(CycleState state, PodInfo pod, NodeInfo node) {
    return 0;
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of();
  }
}
