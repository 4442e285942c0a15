package dev.wavetank.proxy;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.iptables.Ruleset;
import dev.wavetank.proxy.ipvs.VirtualServers;
import dev.wavetank.proxy.netfilter.IpSet;

/**
 * What kube-proxy in IPVS mode writes on one node, in one family.
 *
 * @param ruleset the rules of iptables, which name the sets
 * @param sets by name
 * @param bound the addresses of the interface kube-ipvs0, so that the node takes packets for them
 */
public record IpvsRules(
    Ruleset ruleset,
    ImmutableMap<String, IpSet> sets,
    VirtualServers servers,
    ImmutableSet<IpAddress> bound) {}
