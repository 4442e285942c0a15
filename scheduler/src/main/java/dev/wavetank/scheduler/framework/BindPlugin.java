package dev.wavetank.scheduler.framework;

/** Binds a pod to its node. */
public interface BindPlugin extends Plugin {

  /** Success, an error, or {@link Status#SKIP} to leave it to the next bind plugin. */
  Status bind(CycleState state, PodInfo pod, String node);
}
