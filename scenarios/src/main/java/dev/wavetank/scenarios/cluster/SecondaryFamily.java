package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.kubelet.NodeConfig;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.sim.SimulationBug;

/**
 * The IPv6 half of a cluster of both families: its networks, and what each node gets of them in the
 * order in which they join.
 */
final class SecondaryFamily {

  /** Second cluster IPs. */
  static final IpBlock SERVICES = IpBlock.parse("fd00:10:96::/112");

  /** Second addresses of pods, a block of 64 bits a node: as many as a controller manager takes. */
  static final IpBlock PODS = IpBlock.parse("fd00:10:244::/48");

  /** Most nodes whose pods have room. */
  static final int NODES_MAX = 1 << 16;

  private static final int NODE_PREFIX = 64;
  private static final IpAddress FIRST_NODE = IpAddress.parse("fd00:172:18::3");

  private int joined;

  /** The node with an address and a pod network of the second family, if it has none yet. */
  NodeConfig complete(NodeConfig config) {
    if (config.secondary() != null) {
      return config;
    }
    SimulationBug.check(
        joined < NODES_MAX, "a cluster of both families has at most " + NODES_MAX + " nodes");
    IpAddress pods = PODS.network();
    NodeConfig.Secondary secondary =
        new NodeConfig.Secondary(
            FIRST_NODE.plus(joined), IpAddress.v6(pods.high() + joined, 0), NODE_PREFIX);
    joined++;
    return config.withSecondary(secondary);
  }
}
