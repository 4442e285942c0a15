package dev.wavetank.scheduler;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An attempt as a table for people: a line for each node, its verdict, its total, and for each
 * plugin the raw score and what became of it by normalizing, such as {@code 3>50}.
 */
final class AttemptTable {

  private static final int ROWS_MAX = 50;

  private final Attempt attempt;
  private final List<List<String>> rows = new ArrayList<>();

  AttemptTable(Attempt attempt) {
    this.attempt = attempt;
  }

  /** The lines; the chosen node is first, then those of higher totals, then those turned down. */
  ImmutableList<String> lines() {
    List<Attempt.Verdict> verdicts = new ArrayList<>(attempt.verdicts());
    verdicts.sort(
        Comparator.<Attempt.Verdict, Boolean>comparing(v -> !v.node().equals(attempt.node()))
            .thenComparing(verdict -> !verdict.feasible())
            .thenComparing(Attempt.Verdict::total, Comparator.reverseOrder()));
    List<String> head = new ArrayList<>(List.of("NODE", "TOTAL"));
    boolean scored = false;
    for (Attempt.Verdict verdict : verdicts) {
      if (!scored && !verdict.scores().isEmpty()) {
        scored = true;
        verdict.scores().forEach(score -> head.add(score.plugin() + " x" + score.weight()));
      }
    }
    head.add("VERDICT");
    rows.add(head);
    verdicts.stream().limit(ROWS_MAX).forEach(verdict -> add(verdict, head.size()));
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    aligned().forEach(lines::add);
    rest(verdicts).forEach((what, count) -> lines.add("and " + count + " more: " + what));
    return lines.build();
  }

  private void add(Attempt.Verdict verdict, int columns) {
    List<String> row = new ArrayList<>();
    row.add(verdict.node());
    row.add(verdict.scores().isEmpty() ? "-" : Long.toString(verdict.total()));
    for (Attempt.PluginScore score : verdict.scores()) {
      row.add(
          score.raw() == score.normalized()
              ? Long.toString(score.raw())
              : score.raw() + ">" + score.normalized());
    }
    while (row.size() < columns - 1) {
      row.add("-");
    }
    row.add(verdict.node().equals(attempt.node()) ? "chosen" : words(verdict));
    rows.add(row);
  }

  private static String words(Attempt.Verdict verdict) {
    return verdict.feasible() ? "feasible" : verdict.plugin() + ": " + verdict.status().message();
  }

  private static Map<String, Integer> rest(List<Attempt.Verdict> verdicts) {
    Map<String, Integer> rest = new LinkedHashMap<>();
    verdicts.stream().skip(ROWS_MAX).forEach(v -> rest.merge(words(v), 1, Integer::sum));
    return rest;
  }

  private List<String> aligned() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns - 1; i++) {
        line.append(Strings.padEnd(row.get(i), widths[i] + 2, ' '));
      }
      lines.add(line.append(row.get(columns - 1)).toString());
    }
    return lines;
  }
}
