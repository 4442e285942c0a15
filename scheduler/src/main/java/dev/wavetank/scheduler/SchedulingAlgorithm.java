package dev.wavetank.scheduler;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Diagnosis;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeToStatus;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PodNominator;
import dev.wavetank.scheduler.framework.PostFilterResult;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.framework.ScoreSheet;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.framework.SpecVerdicts;
import dev.wavetank.scheduler.framework.Status;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a node for a pod: filters the nodes from where the last search ended until enough pass,
 * scores those, and picks one of the best. Its buffers are used again for every pod; what they hold
 * is that of the last one.
 *
 * <p>Follows {@code schedulePod} and {@code schedulingAlgorithm} of pkg/scheduler/schedule_one.go
 * (v1.36).
 */
public final class SchedulingAlgorithm {

  private static final int MIN_FEASIBLE_NODES_TO_FIND = 100;
  private static final int MIN_FEASIBLE_NODES_PERCENTAGE_TO_FIND = 5;

  private final SharedLister lister;
  private final Framework framework;
  private final PodNominator nominator;
  private final SearchStart start;
  private final KnownVerdicts knownVerdicts;
  private final ChoiceStream tie;
  private final NodeToStatus statuses = new NodeToStatus();
  private final ScoreSheet sheet;
  private NodeInfo[] feasible = new NodeInfo[0];
  private int[] feasiblePositions = new int[0];
  private int feasibleCount;
  private boolean scored;
  private Status error = Status.SUCCESS;

  private NodeInfo @Nullable [] namedNodes;
  private String[] names = {};

  // Of the current cycle.
  private @Nullable SpecVerdicts verdicts;
  private boolean nodeLocalOnly;

  /** Position of the node to which the pod itself is nominated; -1 for none. */
  private int ownNomination;

  private int lastRejector;
  private int searchedFrom;
  private int searched;

  /**
   * An algorithm over nodes.
   *
   * @param handle makes what the plugins get, given the algorithm that is being built
   * @param tie decides between nodes of equal score
   * @throws IllegalArgumentException with upstream's words when the profile cannot be
   */
  public SchedulingAlgorithm(
      Registry registry,
      Profile profile,
      Function<SchedulingAlgorithm, Handle> handle,
      ChoiceStream tie) {
    this(registry, profile, handle, new SearchStart(), tie);
  }

  SchedulingAlgorithm(
      Registry registry,
      Profile profile,
      Function<SchedulingAlgorithm, Handle> handle,
      SearchStart start,
      ChoiceStream tie) {
    Handle given = handle.apply(this);
    this.framework = new Framework(registry, profile, given);
    this.lister = given.snapshotSharedLister();
    this.nominator = given.nominator();
    this.start = start;
    this.knownVerdicts = new KnownVerdicts(framework, lister);
    this.tie = tie;
    this.sheet = new ScoreSheet(framework.plugins().size());
  }

  public Framework framework() {
    return framework;
  }

  /** Names of the nodes in their order; the same array until that order changes. */
  String[] nodeNames() {
    NodeInfo[] nodes = lister.nodes();
    if (nodes != namedNodes) {
      names = new String[nodes.length];
      for (int i = 0; i < nodes.length; i++) {
        names[i] = nodes[i].name();
      }
      namedNodes = nodes;
    }
    return names;
  }

  /**
   * Chooses a node for a pod, or says why there is none after trying to make room.
   *
   * @param state of this cycle
   */
  public ScheduleResult schedule(CycleState state, PodInfo pod) {
    NodeInfo[] nodes = lister.nodes();
    feasibleCount = 0;
    scored = false;
    error = Status.SUCCESS;
    searchedFrom = 0;
    searched = 0;
    statuses.reset(nodes.length);
    if (nodes.length == 0) {
      return ScheduleResult.rejected(Diagnosis.NO_NODES_AVAILABLE, 0, 0, 0, "");
    }
    PreFilterResult preFilter = framework.runPreFilterPlugins(state, pod);
    Status status = preFilter.status();
    if (!status.success()) {
      if (!status.rejected()) {
        return ScheduleResult.failed(status.message());
      }
      statuses.absentNodesStatus(status);
      long rejectors = framework.restricting() | bit(framework.rejector());
      return unschedulable(state, pod, status.message(), rejectors, 0);
    }
    long rejectors = framework.restricting();
    verdicts = knownVerdicts.of(pod.spec());
    nodeLocalOnly = !framework.needsMoreThanTheNode(state);
    ownNomination = ownNomination(pod);
    rejectors |= checkNominatedNode(state, pod);
    if (feasibleCount == 0) {
      ImmutableSet<String> names = preFilter.nodeNames();
      rejectors |=
          names == null
              ? search(state, pod, nodes)
              : searchNamed(state, pod, names, framework.restricting());
      start.advance(feasibleCount + statuses.size(), nodes.length);
    }
    int evaluated = feasibleCount + statuses.size();
    if (!error.success()) {
      return ScheduleResult.failed(error.message());
    }
    if (feasibleCount == 0) {
      return unschedulable(state, pod, "", rejectors, evaluated);
    }
    gatherFeasible(nodes);
    if (feasibleCount == 1) {
      return ScheduleResult.node(feasible[0].name(), evaluated, 1);
    }
    return prioritize(state, pod, evaluated);
  }

  private int ownNomination(PodInfo pod) {
    String name = nominator.isEmpty() ? null : nominator.nominatedNode(pod);
    NodeInfo node = name == null ? null : lister.find(name);
    return node == null ? -1 : node.position();
  }

  private static long bit(int plugin) {
    return plugin == Framework.NONE ? 0 : 1L << plugin;
  }

  /** Tries the node that the pod is nominated to before all others. */
  private long checkNominatedNode(CycleState state, PodInfo pod) {
    NodeInfo node = pod.nominatedNodeName().isEmpty() ? null : lister.find(pod.nominatedNodeName());
    if (node == null) {
      return 0;
    }
    ensure(1);
    searchedFrom = node.position();
    searched = 1;
    long rejectors = check(state, pod, node, node.position());
    // An error here is forgotten: the node is looked at again with all others.
    error = Status.SUCCESS;
    return rejectors;
  }

  /** Filters the nodes from the rotating start on. Returns the plugins that turned nodes down. */
  private long search(CycleState state, PodInfo pod, NodeInfo[] nodes) {
    int wanted = wanted(nodes.length);
    ensure(wanted);
    long rejectors = 0;
    int position = start.among(nodes.length);
    searchedFrom = position;
    int i = 0;
    SpecVerdicts whole = nodeLocalOnly ? verdicts : null;
    while (i < nodes.length && feasibleCount < wanted && error.success()) {
      if (whole != null && position != ownNomination && whole.passes(position)) {
        feasiblePositions[feasibleCount++] = position;
      } else {
        rejectors |= check(state, pod, nodes[position], position);
      }
      position = position + 1 == nodes.length ? 0 : position + 1;
      i++;
    }
    searched = i;
    return rejectors;
  }

  private int wanted(int nodes) {
    return framework.hasScorePlugins()
        ? numFeasibleNodesToFind(framework.profile().percentageOfNodesToScore(), nodes)
        : Math.min(1, nodes);
  }

  private long searchNamed(
      CycleState state, PodInfo pod, ImmutableSet<String> names, long restricting) {
    statuses.absentNodesStatus(
        Status.unresolvable(
            "node(s) didn't satisfy plugin(s) ["
                + String.join(" ", framework.names(restricting))
                + "]"));
    NodeInfo[] named = new NodeInfo[names.size()];
    int count = 0;
    for (String name : names) {
      NodeInfo node = lister.find(name);
      if (node != null) {
        named[count++] = node;
      }
    }
    int wanted = wanted(count);
    ensure(wanted);
    long rejectors = 0;
    int next = count == 0 ? 0 : start.among(count);
    searchedFrom = 0;
    searched = lister.nodes().length;
    for (int i = 0; i < count && feasibleCount < wanted && error.success(); i++) {
      NodeInfo node = named[(next + i) % count];
      rejectors |= check(state, pod, node, node.position());
    }
    return rejectors;
  }

  private long check(CycleState state, PodInfo pod, NodeInfo node, int position) {
    Status status = filter(state, pod, node, position);
    if (status.success()) {
      feasiblePositions[feasibleCount++] = position;
      return 0;
    }
    if (!status.rejected()) {
      error = status;
      return 0;
    }
    statuses.set(position, status, lastRejector);
    return 1L << lastRejector;
  }

  /** The verdict on a node, asked of the plugins only as far as it is not known. */
  private Status filter(CycleState state, PodInfo pod, NodeInfo node, int position) {
    SpecVerdicts known = verdicts;
    if (known == null
        || position == ownNomination
        || (!nodeLocalOnly
            && !nominator.isEmpty()
            && !nominator.nominatedPodsForNode(node.name()).isEmpty())) {
      Status status = framework.runFilterPluginsWithNominatedPods(state, pod, node);
      lastRejector = framework.rejector();
      return status;
    }
    Status status = known.filter(state, pod, position, nodeLocalOnly);
    if (!status.success()) {
      lastRejector = known.rejector(position);
      return status;
    }
    if (!nodeLocalOnly) {
      status = framework.runOtherFilters(state, pod, node);
      lastRejector = framework.rejector();
    }
    return status;
  }

  private void ensure(int count) {
    if (feasiblePositions.length < count) {
      feasible = new NodeInfo[count];
      feasiblePositions = new int[count];
    }
  }

  /** Finds the feasible nodes by their positions: mostly they stand in a row, and are copied so. */
  private void gatherFeasible(NodeInfo[] nodes) {
    int from = 0;
    while (from < feasibleCount) {
      int position = feasiblePositions[from];
      int to = from + 1;
      while (to < feasibleCount && feasiblePositions[to] == position + to - from) {
        to++;
      }
      System.arraycopy(nodes, position, feasible, from, to - from);
      from = to;
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
    String nominated = "";
    if (framework.hasPostFilterPlugins()) {
      PostFilterResult result = framework.runPostFilterPlugins(state, pod, statuses);
      postFilterMessage = result.status().message();
      nominated = result.nominatedNodeName();
    }
    return ScheduleResult.rejected(
        Diagnosis.message(statuses, preFilterMessage, postFilterMessage),
        rejectors,
        pending(rejectors),
        evaluated,
        nominated);
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
    Status status = framework.runPreScorePlugins(state, pod, feasible, feasibleCount);
    if (status.success()) {
      if (verdicts != null) {
        verdicts.score(state, pod, feasiblePositions, feasibleCount);
      }
      status = framework.runScorePlugins(state, pod, feasible, feasibleCount, verdicts, sheet);
    }
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

  /** Position of the first node that was looked at; further ones follow, the last by the first. */
  int searchedFrom() {
    return searchedFrom;
  }

  /** How many positions from there on were passed; some may not have been looked at. */
  int searched() {
    return searched;
  }

  /** How many nodes passed. */
  public int feasibleNodes() {
    return feasibleCount;
  }

  /** A node that passed. */
  public NodeInfo feasibleNode(int row) {
    return feasible[row];
  }

  /** Position of a node that passed. */
  int feasiblePosition(int row) {
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
