package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.GoDuration;

/**
 * The waits between restarts of one container: the first restart is at once, the following ones
 * wait longer and longer, counted from the container's end.
 *
 * <p>Follows doBackOff of pkg/kubelet/kuberuntime/kuberuntime_manager.go (v1.36).
 */
public final class CrashLoop {

  private final BackOff backOff = new BackOff();

  /**
   * Whether a container that ended has to wait still. If not, it is taken to be started now: the
   * next wait is longer.
   */
  public boolean holds(long finishedNanos, long nowNanos) {
    if (backOff.holdsSince(finishedNanos, nowNanos)) {
      return true;
    }
    backOff.next(finishedNanos, nowNanos);
    return false;
  }

  /** When a container that ended then may start. */
  public long untilNanos(long finishedNanos) {
    return finishedNanos + backOff.nanos();
  }

  /**
   * Message of the waiting state {@code CrashLoopBackOff}.
   *
   * @param pod as kubelet messages name it: {@code name_namespace(uid)}
   */
  public String message(String container, String pod) {
    return "back-off "
        + GoDuration.of(backOff.nanos())
        + " restarting failed container="
        + container
        + " pod="
        + pod;
  }
}
