/**
 * The Gateway API: a controller that runs a proxy for each Gateway, and the proxy, which serves
 * HTTPRoutes from a pod behind a Service.
 *
 * <p>Hides how a request finds its rule and what is done with it. It must not know the kubelet,
 * rules of nodes or DNS: the proxy sees the network as any program in a container does.
 */
@NullMarked
package dev.wavetank.core.gateway;

import org.jspecify.annotations.NullMarked;
