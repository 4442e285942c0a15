/**
 * nftables: one table of chains, sets and verdict maps, its statements, and how a packet meets
 * them; reads and writes what is fed to {@code nft -f} and writes what {@code nft list table}
 * prints.
 *
 * <p>Hides how sets are searched: a lookup costs the same in a set of ten and of ten thousand. It
 * knows the statements that kube-proxy uses, not all of nftables. It must not know Services,
 * EndpointSlices or kube-proxy.
 */
@NullMarked
package dev.wavetank.proxy.nftables;

import org.jspecify.annotations.NullMarked;
