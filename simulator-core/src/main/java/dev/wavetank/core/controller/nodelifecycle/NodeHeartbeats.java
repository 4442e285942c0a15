package dev.wavetank.core.controller.nodelifecycle;

/**
 * When the kubelets last renewed their leases. A kubelet renews every 10 s, which nobody stores;
 * the controller asks when it matters.
 */
public interface NodeHeartbeats {

  /**
   * When the kubelet of a node last renewed its Lease, as far as can be seen by now: a renewal of
   * this very instant does not hide the one before it.
   *
   * @return nanoseconds since the start of the simulation; -1 when it never did
   */
  long lastRenewNanos(String node);
}
