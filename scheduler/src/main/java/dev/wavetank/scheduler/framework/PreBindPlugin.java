package dev.wavetank.scheduler.framework;

/** Does what must be done before a pod is bound. */
public interface PreBindPlugin extends Plugin {

  /**
   * Whether there is something to do: success, {@link Status#SKIP}, or an error. The pod's
   * nomination to the node is published when some plugin has something to do.
   */
  default Status preBindPreFlight(CycleState state, PodInfo pod, String node) {
    return Status.SUCCESS;
  }

  /**
   * Does it.
   *
   * @return success, an error, or {@link Status#WAIT} to be asked again after {@link #pollNanos}
   */
  Status preBind(CycleState state, PodInfo pod, String node);

  /** How long a plugin that waits is left alone, in nanoseconds. */
  default long pollNanos() {
    return 1_000_000_000L;
  }

  /** How long the binding of a pod may wait before it fails, in nanoseconds. */
  default long preBindNanosMax() {
    return 600L * 1_000_000_000L;
  }

  /** What the failure says when it has waited that long. */
  default String timeoutMessage() {
    return "context deadline exceeded";
  }
}
