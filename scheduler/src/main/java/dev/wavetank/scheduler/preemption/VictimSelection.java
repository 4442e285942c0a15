package dev.wavetank.scheduler.preemption;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.framework.Status;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pods of a node that must go for another to fit there: as few and as unimportant as
 * possible. For pods of equal spec what was found for a node holds until the node changes.
 *
 * <p>Follows {@code SelectVictimsOnNode} of
 * pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go (v1.36).
 */
final class VictimSelection {

  private static final Status NO_VICTIMS =
      Status.unresolvable("No preemption victims found for incoming pod");
  private static final int SPECS_MAX = 8;

  /** What was found for a node: a candidate, or why it is none. */
  record Found(@Nullable Candidate candidate, Status status) {}

  /** What was found for the nodes for pods of one spec. */
  private static final class Known {
    final NodeInfo[] nodes;
    final long budgetGeneration;
    final long[] generations;
    final @Nullable Found[] found;

    Known(NodeInfo[] nodes, long budgetGeneration) {
      this.nodes = nodes;
      this.budgetGeneration = budgetGeneration;
      this.generations = new long[nodes.length];
      this.found = new Found[nodes.length];
    }
  }

  private final Handle handle;
  private final DisruptionBudgets budgets;
  private final Map<SchedulingSpec, Known> known = new LinkedHashMap<>(16, 0.75f, true);

  VictimSelection(Handle handle) {
    this.handle = handle;
    this.budgets = new DisruptionBudgets(handle.view());
  }

  /** What was found before for pods of a spec; valid until the nodes or budgets change. */
  private Known known(SchedulingSpec spec) {
    NodeInfo[] nodes = handle.snapshotSharedLister().nodes();
    Known of = known.get(spec);
    if (of == null || of.nodes != nodes || of.budgetGeneration != budgets.generation()) {
      of = new Known(nodes, budgets.generation());
      known.put(spec, of);
      if (known.size() > SPECS_MAX) {
        Iterator<SchedulingSpec> oldest = known.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }
    return of;
  }

  /** The selection for one pod in one cycle. */
  final class ForPod {
    private final CycleState state;
    private final PodInfo pod;
    private final SharedLister lister;
    private final NodeInfo[] nodes;
    private final @Nullable Known known;
    private final int ownNomination;

    private ForPod(CycleState state, PodInfo pod, boolean nodeLocal) {
      this.state = state;
      this.pod = pod;
      this.lister = handle.snapshotSharedLister();
      this.nodes = lister.nodes();
      this.known = nodeLocal ? known(pod.spec()) : null;
      String nominated = handle.nominator().nominatedNode(pod);
      NodeInfo node = nominated == null ? null : lister.find(nominated);
      this.ownNomination = node == null ? -1 : node.position();
    }

    /** Finds the victims on the node at a position. */
    Found on(int position) {
      Known of = known;
      if (of == null || position == ownNomination) {
        return select(state.copy(), pod, nodes[position].snapshot());
      }
      Found found = of.found[position];
      if (found == null || of.generations[position] != lister.generation(position)) {
        found = select(state.copy(), pod, nodes[position].snapshot());
        of.found[position] = found;
        of.generations[position] = lister.generation(position);
      }
      return found;
    }
  }

  /**
   * The selection for a pod.
   *
   * @param nodeLocal whether the verdict on a node depends on nothing but the node and the spec
   */
  ForPod forPod(CycleState state, PodInfo pod, boolean nodeLocal) {
    return new ForPod(state, pod, nodeLocal);
  }

  private Found select(CycleState state, PodInfo pod, NodeInfo node) {
    List<PodInfo> potential = new ArrayList<>();
    for (PodInfo other : node.pods()) {
      if (other.spec().priority() < pod.spec().priority()) {
        potential.add(other);
      }
    }
    if (potential.isEmpty()) {
      return new Found(null, NO_VICTIMS);
    }
    for (PodInfo other : potential) {
      Status status = remove(state, pod, other, node);
      if (!status.success()) {
        return new Found(null, status);
      }
    }
    Status status = handle.runFilterPluginsWithNominatedPods(state, pod, node);
    if (!status.success()) {
      return new Found(null, status);
    }
    potential.sort(Importance.MOST_IMPORTANT_FIRST);
    DisruptionBudgets.Division division = budgets.divide(potential);
    List<PodInfo> victims = new ArrayList<>();
    status = reprieve(state, pod, node, division.violating(), victims);
    int violations = victims.size();
    if (status.success()) {
      status = reprieve(state, pod, node, division.others(), victims);
    }
    if (!status.success()) {
      return new Found(null, status);
    }
    if (victims.isEmpty()) {
      return new Found(
          null, Status.error("expected at least one victim pod on node \"" + node.name() + "\""));
    }
    victims.sort(Importance.MOST_IMPORTANT_FIRST);
    return new Found(
        new Candidate(node.name(), ImmutableList.copyOf(victims), violations), Status.SUCCESS);
  }

  /** Lets pods stay, one by one, where the pod fits beside them; the others are victims. */
  private Status reprieve(
      CycleState state, PodInfo pod, NodeInfo node, List<PodInfo> pods, List<PodInfo> victims) {
    for (PodInfo other : pods) {
      node.addPod(other);
      Status status = handle.runPreFilterExtensionAddPod(state, pod, other, node);
      if (!status.success()) {
        return status;
      }
      if (!handle.runFilterPluginsWithNominatedPods(state, pod, node).success()) {
        status = remove(state, pod, other, node);
        if (!status.success()) {
          return status;
        }
        victims.add(other);
      }
    }
    return Status.SUCCESS;
  }

  private Status remove(CycleState state, PodInfo pod, PodInfo other, NodeInfo node) {
    node.removePod(other.key());
    return handle.runPreFilterExtensionRemovePod(state, pod, other, node);
  }
}
