/**
 * iptables: tables, chains, matches and targets, and how a packet meets them; reads and writes the
 * text of {@code iptables-save} and {@code iptables-restore}.
 *
 * <p>Hides how a long chain is searched. It must not know Services, EndpointSlices or kube-proxy:
 * the rules are all it sees.
 */
@NullMarked
package dev.wavetank.proxy.iptables;

import org.jspecify.annotations.NullMarked;
