package dev.wavetank.scheduler.preemption;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DisruptionTarget;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeToStatus;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a node where evicting pods of lower priority makes room.
 *
 * <p>Follows pkg/scheduler/framework/preemption/preemption.go (v1.36). Nodes are tried one after
 * the other, so exactly as many candidates are found as are asked for.
 */
public final class Evaluator {

  private static final Status NOT_HELPFUL =
      Status.unresolvable("Preemption is not helpful for scheduling");

  /**
   * The nodes that come into question.
   *
   * @param candidates those that violate no disruption budget first
   * @param others why nodes that might have helped do not
   * @param error success, or what went wrong while there is no candidate
   */
  public record Search(List<Candidate> candidates, NodeToStatus others, Status error) {}

  private final Handle handle;
  private final int minCandidateNodesPercentage;
  private final int minCandidateNodesAbsolute;
  private final VictimSelection selection;
  private final ChoiceStream offset;
  private final ChoiceStream tie;
  private int[] potentialPositions = {};

  /**
   * An evaluator.
   *
   * @param minCandidateNodesPercentage share of the potential nodes of which candidates are enough
   * @param minCandidateNodesAbsolute but no fewer than this
   */
  public Evaluator(Handle handle, int minCandidateNodesPercentage, int minCandidateNodesAbsolute) {
    this.handle = handle;
    this.minCandidateNodesPercentage = minCandidateNodesPercentage;
    this.minCandidateNodesAbsolute = minCandidateNodesAbsolute;
    this.selection = new VictimSelection(handle);
    this.offset = handle.choices("preemption/offset");
    this.tie = handle.choices("preemption/tie");
  }

  /**
   * Why a pod may not preempt others; empty when it may.
   *
   * @param statuses why each node was turned down
   */
  public String ineligibility(PodInfo pod, NodeToStatus statuses) {
    if (!pod.spec().preempts()) {
      return "not eligible due to preemptionPolicy=Never.";
    }
    String nominated = nominatedNode(pod);
    NodeInfo node = nominated.isEmpty() ? null : handle.snapshotSharedLister().find(nominated);
    if (node == null
        || statuses.get(node.position()).code() == Code.UNSCHEDULABLE_AND_UNRESOLVABLE) {
      return "";
    }
    for (PodInfo other : node.pods()) {
      if (other.spec().priority() < pod.spec().priority() && leavingForAnother(other)) {
        return "not eligible due to a terminating pod on the nominated node.";
      }
    }
    return "";
  }

  /** The nomination in the newest version of the pod that is known. */
  private String nominatedNode(PodInfo pod) {
    KubeObject newest = handle.view().find(pod.key());
    return newest == null
        ? pod.nominatedNodeName()
        : newest.status().string("nominatedNodeName", "");
  }

  /** Whether a pod is being deleted since the scheduler made room for another. */
  private boolean leavingForAnother(PodInfo pod) {
    KubeObject object = handle.view().find(pod.key());
    if (object == null || !object.terminating()) {
      return false;
    }
    KubeMap condition = Conditions.find(object.status(), DisruptionTarget.TYPE);
    return condition != null
        && "True".equals(condition.get("status"))
        && "PreemptionByScheduler".equals(condition.get("reason"));
  }

  /** The nodes whose rejection evicting pods may resolve, in order. */
  public List<NodeInfo> potentialNodes(NodeToStatus statuses) {
    NodeInfo[] nodes = handle.snapshotSharedLister().nodes();
    List<NodeInfo> potential = new ArrayList<>();
    for (int i = 0, count = findPotential(statuses); i < count; i++) {
      potential.add(nodes[potentialPositions[i]]);
    }
    return potential;
  }

  /** Notes the positions of those nodes and returns how many there are. */
  private int findPotential(NodeToStatus statuses) {
    if (potentialPositions.length < statuses.nodes()) {
      potentialPositions = new int[statuses.nodes()];
    }
    int count = 0;
    for (int position = 0; position < statuses.nodes(); position++) {
      if (statuses.get(position).code() == Code.UNSCHEDULABLE) {
        potentialPositions[count++] = position;
      }
    }
    return count;
  }

  /** Looks for candidates. */
  public Search findCandidates(CycleState state, PodInfo pod, NodeToStatus statuses) {
    NodeToStatus others = new NodeToStatus();
    others.reset(statuses.nodes());
    others.absentNodesStatus(NOT_HELPFUL);
    int potential = findPotential(statuses);
    if (potential == 0) {
      return new Search(List.of(), others, Status.SUCCESS);
    }
    int start = offset.choose(potential);
    int enough = enough(potential);
    VictimSelection.ForPod victims =
        selection.forPod(state, pod, !handle.filtersNeedMoreThanTheNode(state));
    List<Candidate> sparing = new ArrayList<>();
    List<Candidate> violating = new ArrayList<>();
    Status error = Status.SUCCESS;
    for (int i = 0; i < potential; i++) {
      int next = start + i < potential ? start + i : start + i - potential;
      int position = potentialPositions[next];
      VictimSelection.Found found = victims.on(position);
      Candidate candidate = found.candidate();
      if (candidate == null) {
        others.set(position, found.status(), 0);
        error = found.status().code() == Code.ERROR ? found.status() : error;
        continue;
      }
      List<Candidate> list = candidate.pdbViolations() == 0 ? sparing : violating;
      if (list.size() < enough) {
        list.add(candidate);
      }
      if (!sparing.isEmpty() && sparing.size() + violating.size() >= enough) {
        break;
      }
    }
    sparing.addAll(violating);
    return new Search(sparing, others, sparing.isEmpty() ? error : Status.SUCCESS);
  }

  /** How many candidates are enough. */
  private int enough(int nodes) {
    long share = (long) nodes * minCandidateNodesPercentage / 100;
    return (int) Math.min(Math.max(share, minCandidateNodesAbsolute), nodes);
  }

  /** The candidates that are the least loss; upstream takes any of them. */
  public static List<Candidate> leastLoss(List<Candidate> candidates) {
    return Importance.leastLoss(candidates);
  }

  /** The candidate that is the least loss; null when there is none. */
  public @Nullable Candidate select(List<Candidate> candidates) {
    List<Candidate> best = leastLoss(candidates);
    if (best.isEmpty()) {
      return null;
    }
    return best.get(best.size() == 1 ? 0 : tie.choose(best.size()));
  }
}
