package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * What kube-proxy needs of its own Node.
 *
 * @param zone from the label topology.kubernetes.io/zone; empty when the node has none
 * @param addresses the node's InternalIP addresses
 * @param podCidrs blocks of its pods' addresses
 */
public record ProxyNode(
    String name,
    String zone,
    ImmutableList<IpAddress> addresses,
    ImmutableList<AddressBlock> podCidrs) {

  public static ProxyNode of(KubeObject node) {
    ImmutableList.Builder<IpAddress> addresses = ImmutableList.builder();
    for (KubeMap address : node.status().listOrEmpty("addresses").maps()) {
      IpAddress parsed = IpAddress.parseOrNull(address.string("address", ""));
      if (parsed != null && address.string("type", "").equals("InternalIP")) {
        addresses.add(parsed);
      }
    }
    ImmutableList.Builder<AddressBlock> podCidrs = ImmutableList.builder();
    KubeList cidrs = node.spec().listOrEmpty("podCIDRs");
    if (cidrs.isEmpty()) {
      cidrs = KubeList.of(node.spec().string("podCIDR", ""));
    }
    for (int i = 0; i < cidrs.size(); i++) {
      AddressBlock block = AddressBlock.parseOrNull(cidrs.get(i).toString());
      if (block != null) {
        podCidrs.add(block);
      }
    }
    return new ProxyNode(
        node.name(),
        node.labels().string("topology.kubernetes.io/zone", ""),
        addresses.build(),
        podCidrs.build());
  }

  /** The node's first address of that family, or null. */
  public @Nullable IpAddress address(IpFamily family) {
    for (IpAddress address : addresses) {
      if (IpFamily.of(address) == family) {
        return address;
      }
    }
    return null;
  }

  /** The node's first block of pod addresses of that family, or null. */
  public @Nullable AddressBlock podCidr(IpFamily family) {
    for (AddressBlock block : podCidrs) {
      if (block.family() == family) {
        return block;
      }
    }
    return null;
  }
}
