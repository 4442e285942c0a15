package dev.wavetank.scheduler.framework;

/** Orders the active queue; a profile has exactly one. */
public interface QueueSortPlugin extends Plugin {

  /** Whether the first pod is to be scheduled before the second. */
  boolean less(QueuedPodInfo first, QueuedPodInfo second);
}
