/**
 * A packet's way through one node's kernel: the hooks in their order, connection tracking, address
 * translation, routing.
 *
 * <p>Hides how connections are kept. It knows no rule: iptables and nftables rules are {@link
 * dev.wavetank.proxy.netfilter.HookRules} that it asks. It must not know Services, EndpointSlices
 * or kube-proxy.
 */
@NullMarked
package dev.wavetank.proxy.netfilter;

import org.jspecify.annotations.NullMarked;
