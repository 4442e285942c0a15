package dev.wavetank.scheduler.framework;

/**
 * A kind of change in the cluster that may make pods schedulable.
 *
 * @param resource what changed
 * @param actions how, as bits of {@link ActionType}; one bit when it happens, any when registered
 * @param label how the queue names it
 */
public record ClusterEvent(EventResource resource, int actions, String label) {

  public static final ClusterEvent ASSIGNED_POD_ADD =
      new ClusterEvent(EventResource.ASSIGNED_POD, ActionType.ADD, "AssignedPodAdd");
  public static final ClusterEvent ASSIGNED_POD_DELETE =
      new ClusterEvent(EventResource.ASSIGNED_POD, ActionType.DELETE, "AssignedPodDelete");
  public static final ClusterEvent NODE_ADD =
      new ClusterEvent(EventResource.NODE, ActionType.ADD, "NodeAdd");
  public static final ClusterEvent NODE_DELETE =
      new ClusterEvent(EventResource.NODE, ActionType.DELETE, "NodeDelete");
  public static final ClusterEvent UNSCHEDULABLE_TIMEOUT =
      new ClusterEvent(EventResource.WILD_CARD, ActionType.ALL, "UnschedulableTimeout");
  public static final ClusterEvent FORCE_ACTIVATE =
      new ClusterEvent(EventResource.WILD_CARD, ActionType.ALL, "ForceActivate");

  /** Whether it stands for every change. */
  public boolean wildCard() {
    return resource == EventResource.WILD_CARD && actions == ActionType.ALL;
  }

  /** Whether a registration of this event covers one that happened. */
  public boolean covers(ClusterEvent incoming) {
    return wildCard()
        || (resource.matches(incoming.resource)
            && (actions & incoming.actions) == incoming.actions);
  }
}
