/**
 * kube-proxy: turns Services and EndpointSlices into the iptables rules of a node.
 *
 * <p>The rules it writes are the ones that packets meet. Must not know the scheduler or DNS.
 */
@NullMarked
package dev.wavetank.proxy;

import org.jspecify.annotations.NullMarked;
