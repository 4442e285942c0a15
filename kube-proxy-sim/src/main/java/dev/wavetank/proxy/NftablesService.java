package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.proxy.nftables.Chain;
import dev.wavetank.proxy.nftables.ElementKey;
import dev.wavetank.proxy.nftables.NamedSet;

/**
 * What one Service port adds to the table of nodes that see its endpoints the same way.
 *
 * @param variant number of this view among those of the port, from 0
 * @param chains the chains of the port alone, in the order in which kube-proxy makes them
 * @param affinitySets the sets of clients that stay with an endpoint
 * @param members its elements of the sets and maps that all ports share
 */
record NftablesService(
    int variant,
    ImmutableList<Chain> chains,
    ImmutableList<NamedSet> affinitySets,
    ImmutableList<Member> members) {

  /** An element and the name of its set. */
  record Member(String set, ElementKey key, NamedSet.Element element) {}
}
