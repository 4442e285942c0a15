package dev.wavetank.scheduler;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.NodeToStatus;
import dev.wavetank.scheduler.framework.ScoreSheet;
import dev.wavetank.scheduler.framework.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to schedule a pod, with the verdict on every node that was looked at. Verdicts are
 * kept as small numbers and written out only when someone asks.
 */
public final class Attempt {

  /**
   * What one plugin made of a node.
   *
   * @param raw as the plugin said it
   * @param normalized the same in 0..100
   * @param weight what the normalized score is multiplied with
   */
  public record PluginScore(String plugin, long raw, long normalized, int weight) {

    /** What it adds to the total. */
    public long weighted() {
      return normalized * weight;
    }
  }

  /**
   * What became of one node.
   *
   * @param node its name
   * @param plugin who turned it down; empty when it passed
   * @param status why; success when it passed
   * @param scores in the order of the profile; empty when it was not scored
   */
  public record Verdict(
      String node, String plugin, Status status, ImmutableList<PluginScore> scores) {

    /** Whether the node passed all filters. */
    public boolean feasible() {
      return status.success();
    }

    /** Sum of the weighted scores; 0 when it was not scored. */
    public long total() {
      long total = 0;
      for (PluginScore score : scores) {
        total += score.weighted();
      }
      return total;
    }
  }

  private record Rejection(int plugin, Status status) {}

  private static final byte UNSEEN = 0;
  private static final byte FEASIBLE = 1;
  private static final int FIRST_REJECTION = 2;
  private static final int REJECTIONS_MAX = 250;

  /** Stands for all rejections after the first 250 different ones. */
  private static final Rejection TOO_MANY =
      new Rejection(Framework.NONE, Status.unschedulable("one of too many reasons to keep"));

  private final ObjectKey pod;
  private final int number;
  private final long timeNanos;
  private final ScheduleResult result;
  private final Framework framework;
  private final String[] nodes;
  private final int from;
  private final byte[] outcomes;
  private final List<Rejection> rejections = new ArrayList<>(2);

  /** Positions of feasible nodes by row, where rows are not in the order of the search. */
  private final int @Nullable [] rows;

  private final ImmutableList<ScoreColumn> columns;

  Attempt(
      ObjectKey pod,
      int number,
      long timeNanos,
      ScheduleResult result,
      SchedulingAlgorithm algorithm,
      String[] nodes) {
    this.pod = pod;
    this.number = number;
    this.timeNanos = timeNanos;
    this.result = result;
    this.framework = algorithm.framework();
    this.nodes = nodes;
    this.from = algorithm.searchedFrom();
    this.outcomes = new byte[algorithm.searched()];
    NodeToStatus statuses = algorithm.statuses();
    if (statuses.size() > 0) {
      keepRejections(statuses);
    }
    this.rows = keepFeasible(algorithm);
    ImmutableList.Builder<ScoreColumn> kept = ImmutableList.builder();
    if (algorithm.scored()) {
      ScoreSheet sheet = algorithm.scores();
      for (int plugin = 0; plugin < framework.plugins().size(); plugin++) {
        if (sheet.scored(plugin)) {
          kept.add(new ScoreColumn(sheet, plugin));
        }
      }
    }
    this.columns = kept.build();
  }

  /**
   * The attempt that an algorithm made last, as the first of its pod at time 0.
   *
   * @param result what the algorithm answered
   */
  public static Attempt of(ObjectKey pod, ScheduleResult result, SchedulingAlgorithm algorithm) {
    return new Attempt(pod, 1, 0, result, algorithm, algorithm.nodeNames());
  }

  private int index(int position) {
    return position >= from ? position - from : position - from + nodes.length;
  }

  private void keepRejections(NodeToStatus statuses) {
    int lastPlugin = Framework.NONE;
    Status lastStatus = null;
    byte last = UNSEEN;
    int position = from;
    for (int i = 0; i < outcomes.length; i++) {
      Status status = statuses.explicit(position);
      if (status != null) {
        if (status != lastStatus || statuses.plugin(position) != lastPlugin) {
          lastStatus = status;
          lastPlugin = statuses.plugin(position);
          last = outcome(new Rejection(lastPlugin, status));
        }
        outcomes[i] = last;
      }
      position = position + 1 == nodes.length ? 0 : position + 1;
    }
  }

  private byte outcome(Rejection rejection) {
    int index = rejections.indexOf(rejection);
    if (index < 0 && rejections.size() < REJECTIONS_MAX) {
      rejections.add(rejection);
      index = rejections.size() - 1;
    } else if (index < 0) {
      index = REJECTIONS_MAX;
      if (rejections.size() == REJECTIONS_MAX) {
        rejections.add(TOO_MANY);
      }
    }
    return (byte) (FIRST_REJECTION + index);
  }

  private int @Nullable [] keepFeasible(SchedulingAlgorithm algorithm) {
    boolean inOrder = true;
    int last = -1;
    for (int row = 0; row < algorithm.feasibleNodes(); row++) {
      int index = index(algorithm.feasiblePosition(row));
      outcomes[index] = FEASIBLE;
      inOrder &= index > last;
      last = index;
    }
    if (inOrder) {
      return null;
    }
    int[] positions = new int[algorithm.feasibleNodes()];
    for (int row = 0; row < positions.length; row++) {
      positions[row] = algorithm.feasiblePosition(row);
    }
    return positions;
  }

  public ObjectKey pod() {
    return pod;
  }

  /** Counted from 1 for each pod. */
  public int number() {
    return number;
  }

  /** When it ended, in nanoseconds of the simulation. */
  public long timeNanos() {
    return timeNanos;
  }

  /** The node that was chosen, or null. */
  public @Nullable String node() {
    return result.suggestedHost();
  }

  /** The node that the pod was nominated to, since pods were evicted there; else empty. */
  public String nominatedNode() {
    String nominated = result.nominatedNodeName();
    return nominated == null ? "" : nominated;
  }

  /** Why no node was chosen: the message of the FailedScheduling event before it is cut. */
  public String message() {
    return result.message();
  }

  /** Whether it ended with an error, as opposed to the pod being turned down. */
  public boolean error() {
    return result.error();
  }

  /** How many nodes there were. */
  public int nodes() {
    return nodes.length;
  }

  public int evaluatedNodes() {
    return result.evaluatedNodes();
  }

  public int feasibleNodes() {
    return result.feasibleNodes();
  }

  /** The plugins that turned the pod down, sorted by name. */
  public ImmutableList<String> unschedulablePlugins() {
    return framework.names(result.unschedulablePlugins());
  }

  /** The verdict on every node that was looked at, in the order of the search. */
  public ImmutableList<Verdict> verdicts() {
    ImmutableList.Builder<Verdict> verdicts = ImmutableList.builder();
    int row = 0;
    for (int i = 0; i < outcomes.length; i++) {
      int position = (from + i) % nodes.length;
      int outcome = outcomes[i] & 0xff;
      if (outcome == FEASIBLE) {
        verdicts.add(feasible(position, rows == null ? row++ : row(position)));
      } else if (outcome >= FIRST_REJECTION) {
        Rejection rejection = rejections.get(outcome - FIRST_REJECTION);
        String plugin =
            rejection.plugin() == Framework.NONE ? "" : framework.name(rejection.plugin());
        verdicts.add(new Verdict(nodes[position], plugin, rejection.status(), ImmutableList.of()));
      }
    }
    return verdicts.build();
  }

  private int row(int position) {
    int row = 0;
    while (rows != null && rows[row] != position) {
      row++;
    }
    return row;
  }

  private Verdict feasible(int position, int row) {
    ImmutableList.Builder<PluginScore> scores = ImmutableList.builder();
    for (ScoreColumn column : columns) {
      scores.add(
          new PluginScore(
              framework.name(column.plugin()),
              column.raw(row),
              column.normalized(row),
              column.weight()));
    }
    return new Verdict(nodes[position], "", Status.SUCCESS, scores.build());
  }

  /** How many bytes the verdicts take, about. */
  int bytes() {
    int bytes = outcomes.length + (rows == null ? 0 : 4 * rows.length) + 200;
    for (ScoreColumn column : columns) {
      bytes += column.bytes();
    }
    return bytes;
  }

  /** The sentence of the event that tells of it, in upstream's words. */
  public String sentence() {
    String node = node();
    return node == null
        ? message()
        : "Successfully assigned " + pod.namespace() + "/" + pod.name() + " to " + node;
  }

  /** A table for people: a line a node, with its verdict and the score of each plugin. */
  public ImmutableList<String> table() {
    return new AttemptTable(this).lines();
  }

  /**
   * What kube-scheduler-simulator writes on a pod: annotations with the verdicts and scores as
   * JSON. Filters that did not take part count as passed.
   */
  public KubeMap annotations() {
    return SimulatorAnnotations.of(this, framework);
  }

  /** Name of the scheduler whose profile it was made with. */
  public String schedulerName() {
    return framework.profile().schedulerName();
  }
}
