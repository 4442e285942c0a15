/**
 * HTTP traffic into the cluster: Ingresses and the proxy that serves them, which runs in a pod
 * behind a Service and sends requests to the addresses of EndpointSlices.
 *
 * <p>Hides how a request finds its backend. It must not know the kubelet, rules of nodes or DNS:
 * the proxy sees the network as any program in a container does.
 */
@NullMarked
package dev.wavetank.core.ingress;

import org.jspecify.annotations.NullMarked;
