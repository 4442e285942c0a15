/**
 * The cloud that a cluster may run in: {@link dev.wavetank.core.cloudprovider.LoadBalancer} is what
 * the service controller asks of any, {@link
 * dev.wavetank.core.cloudprovider.SimulatedLoadBalancers} is the one that there is.
 *
 * <p>It hides how a load balancer finds a node that can take a connection. It must not know
 * controllers, kube-proxy or kubelets: whoever knows how nodes are tells it.
 */
@NullMarked
package dev.wavetank.core.cloudprovider;

import org.jspecify.annotations.NullMarked;
