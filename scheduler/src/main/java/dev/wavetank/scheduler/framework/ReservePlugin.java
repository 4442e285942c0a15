package dev.wavetank.scheduler.framework;

/** Keeps state of its own about resources that an assumed pod takes. */
public interface ReservePlugin extends Plugin {

  Status reserve(CycleState state, PodInfo pod, String node);

  /** Undoes {@link #reserve}; also called when the plugin itself refused. */
  void unreserve(CycleState state, PodInfo pod, String node);
}
