package dev.wavetank.scheduler;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.NodeToStatus;
import dev.wavetank.scheduler.framework.ScoreSheet;
import dev.wavetank.scheduler.framework.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to schedule a pod, with the verdict on every node. Verdicts are kept as small numbers
 * and written out only when someone asks.
 */
public final class Attempt {

  /**
   * What became of one node.
   *
   * @param node its name
   * @param plugin who turned it down; empty when it passed
   * @param status why; success when it passed
   * @param total sum of the weighted scores; -1 when it was not scored
   * @param scores weighted score of each plugin; empty when it was not scored
   */
  public record Verdict(
      String node, String plugin, Status status, long total, ImmutableMap<String, Long> scores) {}

  private record Rejection(int plugin, Status status) {}

  private static final byte UNSEEN = 0;
  private static final byte FEASIBLE = 1;
  private static final int FIRST_REJECTION = 2;
  private static final int REJECTIONS_MAX = 250;

  private final ObjectKey pod;
  private final int number;
  private final long timeNanos;
  private final ScheduleResult result;
  private final Framework framework;
  private final String[] nodes;
  private final byte[] outcomes;
  private final List<Rejection> rejections = new ArrayList<>(2);
  private final int[] rows;
  private final int[] scoringPlugins;
  private final int[] scores;

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
    this.outcomes = new byte[nodes.length];
    NodeToStatus statuses = algorithm.statuses();
    if (statuses.size() > 0) {
      keepRejections(statuses);
    }
    this.rows = new int[algorithm.feasibleNodes()];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = algorithm.feasiblePosition(row);
      outcomes[rows[row]] = FEASIBLE;
    }
    if (algorithm.scored()) {
      this.scoringPlugins = scoringPlugins(algorithm.scores());
      this.scores = new int[scoringPlugins.length * rows.length];
      keepScores(algorithm.scores());
    } else {
      this.scoringPlugins = new int[0];
      this.scores = scoringPlugins;
    }
  }

  private void keepRejections(NodeToStatus statuses) {
    int lastPlugin = Framework.NONE;
    Status lastStatus = null;
    byte last = UNSEEN;
    for (int i = 0; i < outcomes.length; i++) {
      Status status = statuses.explicit(i);
      if (status != null) {
        if (status != lastStatus || statuses.plugin(i) != lastPlugin) {
          lastStatus = status;
          lastPlugin = statuses.plugin(i);
          last = outcome(new Rejection(lastPlugin, status));
        }
        outcomes[i] = last;
      }
    }
  }

  private byte outcome(Rejection rejection) {
    int index = rejections.indexOf(rejection);
    if (index < 0) {
      index = Math.min(rejections.size(), REJECTIONS_MAX);
      if (index == rejections.size()) {
        rejections.add(rejection);
      }
    }
    return (byte) (FIRST_REJECTION + index);
  }

  private int[] scoringPlugins(ScoreSheet sheet) {
    int count = 0;
    int[] found = new int[framework.plugins().size()];
    for (int plugin = 0; plugin < found.length; plugin++) {
      if (sheet.scored(plugin)) {
        found[count++] = plugin;
      }
    }
    return java.util.Arrays.copyOf(found, count);
  }

  private void keepScores(ScoreSheet sheet) {
    int next = 0;
    for (int plugin : scoringPlugins) {
      for (int row = 0; row < rows.length; row++) {
        scores[next++] = (int) sheet.score(plugin, row);
      }
    }
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

  /** Why no node was chosen: the message of the FailedScheduling event before it is cut. */
  public String message() {
    return result.message();
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

  /** The verdict on every node that was looked at, in the order of the scheduler's node list. */
  public ImmutableList<Verdict> verdicts() {
    ImmutableList.Builder<Verdict> verdicts = ImmutableList.builder();
    int[] rowOf = new int[nodes.length];
    for (int row = 0; row < rows.length; row++) {
      rowOf[rows[row]] = row;
    }
    for (int i = 0; i < nodes.length; i++) {
      int outcome = outcomes[i] & 0xff;
      if (outcome == FEASIBLE) {
        verdicts.add(feasible(nodes[i], rowOf[i]));
      } else if (outcome >= FIRST_REJECTION) {
        Rejection rejection = rejections.get(outcome - FIRST_REJECTION);
        verdicts.add(
            new Verdict(
                nodes[i],
                framework.name(rejection.plugin()),
                rejection.status(),
                -1,
                ImmutableMap.of()));
      }
    }
    return verdicts.build();
  }

  private Verdict feasible(String node, int row) {
    if (scoringPlugins.length == 0) {
      return new Verdict(node, "", Status.SUCCESS, -1, ImmutableMap.of());
    }
    ImmutableMap.Builder<String, Long> byPlugin = ImmutableMap.builder();
    long total = 0;
    for (int i = 0; i < scoringPlugins.length; i++) {
      long score = scores[i * rows.length + row];
      total += score;
      byPlugin.put(framework.name(scoringPlugins[i]), score);
    }
    return new Verdict(node, "", Status.SUCCESS, total, byPlugin.buildOrThrow());
  }

  /** How many bytes the verdicts take, about. */
  int bytes() {
    return outcomes.length + 4 * (rows.length + scores.length) + 160;
  }

  /** The attempt in lines for people: what came of it, then a line a node. */
  public ImmutableList<String> lines() {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    String node = node();
    lines.add(
        node == null
            ? "attempt " + number + ": " + message()
            : "attempt "
                + number
                + ": "
                + node
                + ", one of "
                + feasibleNodes()
                + " feasible nodes of "
                + nodes.length);
    for (Verdict verdict : verdicts()) {
      if (!verdict.status().success()) {
        lines.add(verdict.node() + ": " + verdict.plugin() + " " + verdict.status());
      } else if (verdict.total() < 0) {
        lines.add(verdict.node() + ": feasible");
      } else {
        StringBuilder line = new StringBuilder(verdict.node());
        line.append(": score ").append(verdict.total()).append(" =");
        verdict
            .scores()
            .forEach((plugin, score) -> line.append(' ').append(plugin).append(' ').append(score));
        lines.add(line.toString());
      }
    }
    return lines.build();
  }
}
