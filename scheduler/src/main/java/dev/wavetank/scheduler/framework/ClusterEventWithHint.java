package dev.wavetank.scheduler.framework;

/**
 * A registration: which changes, and which of them matter for a given pod.
 *
 * @param event the kinds of change
 * @param hint asked for each one that happens
 */
public record ClusterEventWithHint(ClusterEvent event, QueueingHintFn hint) {

  public static ClusterEventWithHint of(EventResource resource, int actions, QueueingHintFn hint) {
    return new ClusterEventWithHint(new ClusterEvent(resource, actions, ""), hint);
  }
}
