package dev.wavetank.core.controller.nodelifecycle;

/**
 * When the kubelets last renewed their leases. A kubelet renews every 10 s, which nobody stores;
 * the controller asks when it matters.
 */
public interface NodeHeartbeats {

  /**
   * When the kubelet of a node last renewed its Lease.
   *
   * @return nanoseconds since the start of the simulation, not after now; -1 when it never did
   */
  long lastRenewNanos(String node);
}
