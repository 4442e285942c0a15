package dev.wavetank.scheduler.framework;

/** Looks at the pod once, before any node is filtered. */
public interface PreFilterPlugin extends Plugin {

  /**
   * The verdict on the pod.
   *
   * @param state keeps what the plugin wants to read again in {@code filter}
   */
  PreFilterResult preFilter(CycleState state, PodInfo pod);
}
