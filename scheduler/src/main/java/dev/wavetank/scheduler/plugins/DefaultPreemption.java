package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Diagnosis;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeToStatus;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PostFilterPlugin;
import dev.wavetank.scheduler.framework.PostFilterResult;
import dev.wavetank.scheduler.framework.PreEnqueuePlugin;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.args.PluginArgs;
import dev.wavetank.scheduler.preemption.Candidate;
import dev.wavetank.scheduler.preemption.Evaluator;
import dev.wavetank.scheduler.preemption.Executor;

/**
 * Makes room for a pod that fits nowhere by evicting pods of lower priority from one node, to which
 * the pod is nominated.
 *
 * <p>Follows pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go (v1.36).
 */
public final class DefaultPreemption
    implements PostFilterPlugin, PreEnqueuePlugin, EnqueueExtensions {

  private static final String NAME = "DefaultPreemption";
  private static final Status RUNNING =
      Status.unresolvable("waiting for the preemption for this pod to be finished");

  private final Evaluator evaluator;
  private final Executor executor;

  /** With the arguments about how many candidates are enough. */
  public DefaultPreemption(KubeMap args, Handle handle) {
    PluginArgs.check(PluginArgs.defaultPreemption("", args));
    this.evaluator =
        new Evaluator(
            handle,
            (int) args.number("minCandidateNodesPercentage", 10),
            (int) args.number("minCandidateNodesAbsolute", 100));
    this.executor = new Executor(handle, NAME);
  }

  @Override
  public String name() {
    return NAME;
  }

  /** What finds candidates, to be asked in dry runs. */
  public Evaluator evaluator() {
    return evaluator;
  }

  @Override
  public PostFilterResult postFilter(CycleState state, PodInfo pod, NodeToStatus statuses) {
    String ineligible = evaluator.ineligibility(pod, statuses);
    if (!ineligible.isEmpty()) {
      return PostFilterResult.of(Status.unschedulable("preemption: " + ineligible));
    }
    Evaluator.Search search = evaluator.findCandidates(state, pod, statuses);
    if (!search.error().success()) {
      return PostFilterResult.of(Status.error("preemption: " + search.error().message()));
    }
    Candidate best = evaluator.select(search.candidates());
    if (best == null) {
      String message = "preemption: " + Diagnosis.message(search.others(), "", "");
      return new PostFilterResult(Status.unschedulable(message), "");
    }
    executor.actuate(best, pod);
    return new PostFilterResult(Status.SUCCESS, best.node());
  }

  @Override
  public Status preEnqueue(PodInfo pod) {
    return executor.running(pod.uid()) ? RUNNING : Status.SUCCESS;
  }

  /** A deletion may end the waiting; whether the pod is tried again others decide. */
  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.POD, ActionType.DELETE, (pod, before, after) -> false));
  }
}
