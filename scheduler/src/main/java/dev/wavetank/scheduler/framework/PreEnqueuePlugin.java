package dev.wavetank.scheduler.framework;

/** Decides whether a pod may enter the active queue at all. */
public interface PreEnqueuePlugin extends Plugin {

  /** Success to let the pod in; anything else keeps it out without an event or condition. */
  Status preEnqueue(PodInfo pod);
}
