package dev.wavetank.core.cloudprovider;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;

/**
 * What a cloud does for Services of type LoadBalancer. Each request takes its time; its end comes
 * as an event, and one Service has one request at a time.
 *
 * <p>Follows LoadBalancer of staging/src/k8s.io/cloud-provider/cloud.go (v1.36).
 */
public interface LoadBalancer {

  /** Takes the end of {@link #ensure}. */
  interface Ended {
    /**
     * The load balancer is as it was asked for, or cannot be.
     *
     * @param ingress for {@code status.loadBalancer.ingress}; empty after an error
     * @param error in the cloud's words; empty when there is none
     */
    void ended(KubeList ingress, String error);
  }

  /** Whether the cloud has a load balancer for that Service, or is making one. */
  boolean exists(KubeObject service);

  /** Makes the Service's load balancer, or makes it as the Service is now. */
  void ensure(KubeObject service, ImmutableList<KubeObject> nodes, Ended ended);

  /** Gives an existing load balancer other nodes. */
  void update(KubeObject service, ImmutableList<KubeObject> nodes, Runnable updated);

  /** Removes the Service's load balancer, if there is one. */
  void ensureDeleted(KubeObject service, Runnable deleted);
}
