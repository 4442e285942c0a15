package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;

/**
 * The way of a connection's first packet: each station, the rule that decided there, and what it
 * means.
 *
 * @param resolution how the name became an address, a line a step; empty for an address
 * @param steps of the packet, in order
 * @param reach how it ended
 */
public record PathReport(ImmutableList<String> resolution, ImmutableList<Step> steps, Reach reach) {

  /**
   * One step.
   *
   * @param where the station, such as {@code node-1 nat KUBE-SERVICES}
   * @param rule the rule as iptables-save prints it; empty when none decided
   * @param words what it means
   */
  public record Step(String where, String rule, String words) {}

  /** The report as text; ends with a line break. */
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append("from ").append(reach.from()).append(" to ").append(reach.to()).append('\n');
    for (String line : resolution) {
      out.append("  name: ").append(line).append('\n');
    }
    for (Step step : steps) {
      out.append("  ").append(step.where());
      if (!step.rule().isEmpty()) {
        out.append("\n    ").append(step.rule()).append("\n   ");
      } else {
        out.append(':');
      }
      out.append(' ').append(step.words()).append('\n');
    }
    return out.append("result: ").append(reach.line()).append('\n').toString();
  }
}
