package dev.wavetank.proxy;

import dev.wavetank.proxy.iptables.Match;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.nftables.Statement;

/**
 * How rules tell a pod of the cluster, or of the node, from the rest of the world.
 *
 * <p>Follows pkg/proxy/util/localdetector.go (v1.36).
 *
 * @param local holds for traffic of such a pod
 * @param notLocal holds for other traffic
 * @param nftLocal {@code local} in nftables' form
 * @param nftNotLocal {@code notLocal} in nftables' form
 */
record LocalTrafficDetector(
    Match local, Match notLocal, Statement nftLocal, Statement nftNotLocal) {

  static LocalTrafficDetector cidr(AddressBlock block) {
    return new LocalTrafficDetector(
        new Match.Source(false, block),
        new Match.Source(true, block),
        Statement.AddressIn.one(true, false, block),
        Statement.AddressIn.one(true, true, block));
  }

  static LocalTrafficDetector bridgeInterface(String name) {
    return byInterface(name, name);
  }

  static LocalTrafficDetector interfaceNamePrefix(String prefix) {
    return byInterface(prefix + "+", prefix + "*");
  }

  private static LocalTrafficDetector byInterface(String iptablesName, String nftName) {
    return new LocalTrafficDetector(
        new Match.InInterface(false, iptablesName),
        new Match.InInterface(true, iptablesName),
        new Statement.InInterface(false, nftName),
        new Statement.InInterface(true, nftName));
  }
}
