/**
 * IPVS: virtual servers inside a node's kernel, their schedulers, persistence and connections, and
 * how a packet meets them beside the rules of iptables; writes what {@code ipvsadm} prints.
 *
 * <p>Hides what is remembered of connections. It must not know Services, EndpointSlices or
 * kube-proxy.
 */
@NullMarked
package dev.wavetank.proxy.ipvs;

import org.jspecify.annotations.NullMarked;
