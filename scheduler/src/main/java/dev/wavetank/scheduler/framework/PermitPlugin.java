package dev.wavetank.scheduler.framework;

/** May refuse or delay the binding of a pod. */
public interface PermitPlugin extends Plugin {

  /** Success, a rejection, or {@link Status#WAIT}. */
  Status permit(CycleState state, PodInfo pod, String node);

  /** How long a pod that was told to wait waits before it is rejected, in nanoseconds. */
  default long waitNanosMax() {
    return 15L * 60 * 1_000_000_000L;
  }
}
