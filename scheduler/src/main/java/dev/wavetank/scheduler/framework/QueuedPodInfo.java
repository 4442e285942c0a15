package dev.wavetank.scheduler.framework;

/** A pod in the scheduling queue, as far as a queue-sort plugin sees it. */
public interface QueuedPodInfo {

  PodInfo podInfo();

  /** When it was added to the queue or last came back to it, in nanoseconds of the simulation. */
  long timestampNanos();

  /** How often scheduling it was tried. */
  int attempts();
}
