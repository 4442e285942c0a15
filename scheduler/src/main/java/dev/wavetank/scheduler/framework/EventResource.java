package dev.wavetank.scheduler.framework;

/** What a {@link ClusterEvent} is about. */
public enum EventResource {
  /** Any pod, assigned or not; in the registration of a plugin only. */
  POD,
  ASSIGNED_POD,
  UNSCHEDULED_POD,
  NODE,
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  STORAGE_CLASS,
  CSI_NODE,
  CSI_DRIVER,
  CSI_STORAGE_CAPACITY,
  VOLUME_ATTACHMENT,
  WILD_CARD;

  boolean matches(EventResource incoming) {
    return this == WILD_CARD
        || this == incoming
        || (this == POD && (incoming == ASSIGNED_POD || incoming == UNSCHEDULED_POD));
  }
}
