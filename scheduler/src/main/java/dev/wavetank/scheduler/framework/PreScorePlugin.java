package dev.wavetank.scheduler.framework;

/** Looks at the pod once, before feasible nodes are scored. */
public interface PreScorePlugin extends Plugin {

  /** Success, or {@link Status#SKIP} when the plugin does not score this pod. */
  Status preScore(CycleState state, PodInfo pod);
}
