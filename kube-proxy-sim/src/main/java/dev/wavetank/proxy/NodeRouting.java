package dev.wavetank.proxy;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.Routing;
import org.jspecify.annotations.Nullable;

/**
 * Routes of a node with one block of pod addresses: its pods behind {@link #POD_INTERFACE}, all
 * else behind {@link #WIRE_INTERFACE}. The node owns its addresses, localhost, and the first
 * address of each pod block, which is its pods' gateway.
 */
public final class NodeRouting implements Routing {

  /** Interface between the node and its pods. */
  public static final String POD_INTERFACE = "cni0";

  /** Interface towards the other nodes and the world. */
  public static final String WIRE_INTERFACE = "eth0";

  private final ProxyNode node;
  private final ImmutableSet<IpAddress> own;

  public NodeRouting(ProxyNode node) {
    this.node = node;
    ImmutableSet.Builder<IpAddress> addresses = ImmutableSet.builder();
    addresses.addAll(node.addresses());
    for (AddressBlock block : node.podCidrs()) {
      addresses.add(gateway(block));
    }
    this.own = addresses.build();
  }

  /** The addresses of the node's interfaces, without localhost. */
  ImmutableSet<IpAddress> ownAddresses() {
    return own;
  }

  private static IpAddress gateway(AddressBlock block) {
    return block.first().plus(1);
  }

  @Override
  public boolean bridge(String interfaceName) {
    return interfaceName.equals(POD_INTERFACE);
  }

  @Override
  public boolean local(IpAddress address) {
    boolean loopback =
        address.isV6() ? address.high() == 0 && address.low() == 1 : address.low() >>> 24 == 127;
    return loopback || own.contains(address);
  }

  private @Nullable AddressBlock podBlock(IpAddress address) {
    for (AddressBlock block : node.podCidrs()) {
      if (block.contains(address)) {
        return block;
      }
    }
    return null;
  }

  @Override
  public String outInterface(IpAddress destination) {
    return podBlock(destination) == null ? WIRE_INTERFACE : POD_INTERFACE;
  }

  @Override
  public IpAddress sourceFor(IpAddress destination) {
    if (local(destination)) {
      return destination;
    }
    AddressBlock block = podBlock(destination);
    if (block != null) {
      return gateway(block);
    }
    IpAddress address = node.address(IpFamily.of(destination));
    return address == null ? destination : address;
  }
}
