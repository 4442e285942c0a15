package dev.wavetank.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * What the scheduling of one pod came to.
 *
 * @param suggestedHost the node that was chosen; null when there is none
 * @param message why there is none; empty on success
 * @param error whether the attempt failed, as opposed to the pod being turned down
 * @param unschedulablePlugins bits of the plugins that turned it down
 * @param pendingPlugins bits of the plugins that wait for something
 * @param evaluatedNodes how many nodes were looked at
 * @param feasibleNodes how many of them passed
 * @param nominatedNodeName the node that the pod is to be nominated to; empty to take a nomination
 *     back, null to leave it as it is
 */
public record ScheduleResult(
    @Nullable String suggestedHost,
    String message,
    boolean error,
    long unschedulablePlugins,
    long pendingPlugins,
    int evaluatedNodes,
    int feasibleNodes,
    @Nullable String nominatedNodeName) {

  static ScheduleResult node(String name, int evaluatedNodes, int feasibleNodes) {
    return new ScheduleResult(name, "", false, 0, 0, evaluatedNodes, feasibleNodes, null);
  }

  static ScheduleResult rejected(
      String message,
      long unschedulablePlugins,
      long pendingPlugins,
      int evaluatedNodes,
      @Nullable String nominatedNodeName) {
    return new ScheduleResult(
        null,
        message,
        false,
        unschedulablePlugins,
        pendingPlugins,
        evaluatedNodes,
        0,
        nominatedNodeName);
  }

  static ScheduleResult failed(String message) {
    return new ScheduleResult(null, message, true, 0, 0, 0, 0, "");
  }
}
