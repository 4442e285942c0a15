package dev.wavetank.proxy;

import dev.wavetank.proxy.iptables.Match;
import dev.wavetank.proxy.netfilter.AddressBlock;

/**
 * How rules tell a pod of the cluster, or of the node, from the rest of the world.
 *
 * <p>Follows pkg/proxy/util/localdetector.go (v1.36).
 *
 * @param local holds for traffic of such a pod
 * @param notLocal holds for other traffic
 */
record LocalTrafficDetector(Match local, Match notLocal) {

  static LocalTrafficDetector cidr(AddressBlock block) {
    return new LocalTrafficDetector(new Match.Source(false, block), new Match.Source(true, block));
  }

  static LocalTrafficDetector bridgeInterface(String name) {
    return new LocalTrafficDetector(
        new Match.InInterface(false, name), new Match.InInterface(true, name));
  }

  static LocalTrafficDetector interfaceNamePrefix(String prefix) {
    return bridgeInterface(prefix + "+");
  }
}
