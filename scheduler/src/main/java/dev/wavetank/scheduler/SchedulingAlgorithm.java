package dev.wavetank.scheduler;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Diagnosis;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeToStatus;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.ScoreSheet;
import dev.wavetank.scheduler.framework.Status;
import java.util.function.Function;

/**
 * Chooses a node for a pod: filters the nodes from where the last search ended until enough pass,
 * scores those, and picks one of the best. Its buffers are used again for every pod; what they hold
 * is that of the last one.
 *
 * <p>Follows {@code schedulePod} of pkg/scheduler/schedule_one.go (v1.36).
 */
public final class SchedulingAlgorithm {

  private static final int MIN_FEASIBLE_NODES_TO_FIND = 100;
  private static final int MIN_FEASIBLE_NODES_PERCENTAGE_TO_FIND = 5;

  private final SchedulerCache cache;
  private final Framework framework;
  private final ChoiceStream tie;
  private final NodeToStatus statuses = new NodeToStatus();
  private final ScoreSheet sheet;
  private NodeInfo[] feasible = new NodeInfo[0];
  private int[] feasiblePositions = new int[0];
  private int feasibleCount;
  private boolean scored;
  private Status error = Status.SUCCESS;
  private int nextStartNodeIndex;

  /**
   * An algorithm over the nodes of a cache.
   *
   * @param handle makes what the plugins get, given the framework that is being built
   * @param tie decides between nodes of equal score
   */
  public SchedulingAlgorithm(
      SchedulerCache cache,
      Profile profile,
      Function<SchedulingAlgorithm, Handle> handle,
      ChoiceStream tie) {
    this.cache = cache;
    this.framework = new Framework(profile, handle.apply(this));
    this.tie = tie;
    this.sheet = new ScoreSheet(framework.plugins().size());
  }

  public Framework framework() {
    return framework;
  }

  /**
   * Chooses a node for a pod, or says why there is none.
   *
   * @param state of this cycle
   */
  public ScheduleResult schedule(CycleState state, PodInfo pod) {
    NodeInfo[] nodes = cache.nodes();
    feasibleCount = 0;
    scored = false;
    error = Status.SUCCESS;
    statuses.reset(nodes.length);
    if (nodes.length == 0) {
      return ScheduleResult.rejected(Diagnosis.NO_NODES_AVAILABLE, 0, 0, 0);
    }
    long[] restricting = {0};
    PreFilterResult preFilter = framework.runPreFilterPlugins(state, pod, restricting);
    Status status = preFilter.status();
    if (!status.success()) {
      if (!status.rejected()) {
        return ScheduleResult.failed(status.message());
      }
      statuses.absentNodesStatus(status);
      return unschedulable(state, pod, status.message(), restricting[0] | bit(status), 0);
    }
    ImmutableSet<String> names = preFilter.nodeNames();
    long rejectors =
        names == null
            ? search(state, pod, nodes)
            : restricting[0] | searchNamed(state, pod, nodes, names, restricting[0]);
    int evaluated = feasibleCount + statuses.size();
    nextStartNodeIndex = (nextStartNodeIndex + evaluated) % nodes.length;
    if (!error.success()) {
      return ScheduleResult.failed(error.message());
    }
    if (feasibleCount == 0) {
      return unschedulable(state, pod, "", rejectors, evaluated);
    }
    if (feasibleCount == 1) {
      return ScheduleResult.node(feasible[0].name(), evaluated, 1);
    }
    return prioritize(state, pod, evaluated);
  }

  private long bit(Status status) {
    int rejector = framework.rejector();
    return rejector == Framework.NONE || !status.rejected() ? 0 : 1L << rejector;
  }

  /** Filters the nodes from the rotating start on. Returns the plugins that turned nodes down. */
  private long search(CycleState state, PodInfo pod, NodeInfo[] nodes) {
    int wanted =
        framework.hasScorePlugins()
            ? numFeasibleNodesToFind(framework.profile().percentageOfNodesToScore(), nodes.length)
            : 1;
    ensure(wanted);
    long rejectors = 0;
    int position = nextStartNodeIndex % nodes.length;
    for (int i = 0; i < nodes.length && feasibleCount < wanted; i++) {
      rejectors |= check(state, pod, nodes[position], position);
      position = position + 1 == nodes.length ? 0 : position + 1;
    }
    return rejectors;
  }

  private long searchNamed(
      CycleState state,
      PodInfo pod,
      NodeInfo[] nodes,
      ImmutableSet<String> names,
      long restricting) {
    statuses.absentNodesStatus(
        Status.unresolvable(
            "node(s) didn't satisfy plugin(s) ["
                + String.join(" ", framework.names(restricting))
                + "]"));
    ensure(names.size());
    int wanted =
        numFeasibleNodesToFind(framework.profile().percentageOfNodesToScore(), names.size());
    long rejectors = 0;
    for (int position = 0; position < nodes.length && feasibleCount < wanted; position++) {
      if (names.contains(nodes[position].name())) {
        rejectors |= check(state, pod, nodes[position], position);
      }
    }
    return rejectors;
  }

  private long check(CycleState state, PodInfo pod, NodeInfo node, int position) {
    Status status = framework.runFilterPlugins(state, pod, node);
    if (status == Status.SUCCESS) {
      feasible[feasibleCount] = node;
      feasiblePositions[feasibleCount++] = position;
      return 0;
    }
    statuses.set(position, status, framework.rejector());
    if (!status.rejected()) {
      error = status;
      return 0;
    }
    return 1L << framework.rejector();
  }

  private void ensure(int count) {
    if (feasible.length < count) {
      feasible = new NodeInfo[count];
      feasiblePositions = new int[count];
    }
  }

  /** How many feasible nodes are enough. */
  static int numFeasibleNodesToFind(int percentageOfNodesToScore, int nodes) {
    if (nodes < MIN_FEASIBLE_NODES_TO_FIND) {
      return nodes;
    }
    int percentage = percentageOfNodesToScore;
    if (percentage == 0) {
      percentage = Math.max(MIN_FEASIBLE_NODES_PERCENTAGE_TO_FIND, 50 - nodes / 125);
    }
    return (int) Math.max(MIN_FEASIBLE_NODES_TO_FIND, (long) nodes * percentage / 100);
  }

  private ScheduleResult unschedulable(
      CycleState state, PodInfo pod, String preFilterMessage, long rejectors, int evaluated) {
    String postFilterMessage = "";
    if (framework.hasPostFilterPlugins()) {
      postFilterMessage = framework.runPostFilterPlugins(state, pod, statuses).message();
    }
    return ScheduleResult.rejected(
        Diagnosis.message(statuses, preFilterMessage, postFilterMessage),
        rejectors,
        pending(rejectors),
        evaluated);
  }

  private long pending(long rejectors) {
    long pending = 0;
    for (int i = 0; i < statuses.nodes(); i++) {
      Status status = statuses.explicit(i);
      if (status != null && status.code() == Code.PENDING) {
        pending |= 1L << statuses.plugin(i);
      }
    }
    return pending & rejectors;
  }

  private ScheduleResult prioritize(CycleState state, PodInfo pod, int evaluated) {
    Status status = framework.runScorePlugins(state, pod, feasible, feasibleCount, sheet);
    if (!status.success()) {
      return ScheduleResult.failed(status.message());
    }
    scored = true;
    long best = Long.MIN_VALUE;
    int ties = 0;
    for (int row = 0; row < feasibleCount; row++) {
      long total = sheet.total(row);
      if (total > best) {
        best = total;
        ties = 1;
      } else if (total == best) {
        ties++;
      }
    }
    int left = ties == 1 ? 0 : tie.choose(ties);
    int row = 0;
    while (sheet.total(row) != best || left-- > 0) {
      row++;
    }
    return ScheduleResult.node(feasible[row].name(), evaluated, feasibleCount);
  }

  /** Why nodes did not pass. */
  public NodeToStatus statuses() {
    return statuses;
  }

  /** How many nodes passed. */
  public int feasibleNodes() {
    return feasibleCount;
  }

  /** Position, in the order of the cache, of a node that passed. */
  public int feasiblePosition(int row) {
    return feasiblePositions[row];
  }

  /** Whether the nodes that passed were scored. */
  public boolean scored() {
    return scored;
  }

  /** The scores; only when {@link #scored()}. */
  public ScoreSheet scores() {
    return sheet;
  }
}
