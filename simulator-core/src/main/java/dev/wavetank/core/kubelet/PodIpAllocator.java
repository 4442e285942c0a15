package dev.wavetank.core.kubelet;

import dev.wavetank.core.network.IpAddress;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the addresses of a node's pod CIDR as the host-local plugin does: each the next one
 * after the last, the gateway (the first) left out, and round again.
 */
final class PodIpAllocator {

  private static final int ADDRESSES_MAX = 1 << 16;

  private final IpAddress network;
  private final int size;
  private final BitSet taken = new BitSet();
  private int last = 1;

  PodIpAllocator(IpAddress network, int prefixLength) {
    this.network = network;
    int hostBits = (network.isV6() ? 128 : 32) - prefixLength;
    this.size = hostBits >= 16 ? ADDRESSES_MAX : 1 << hostBits;
  }

  /** The next free address, or null when all are taken. */
  @Nullable IpAddress allocate() {
    for (int tried = 0; tried < size; tried++) {
      last = last + 1 >= size - 1 ? 2 : last + 1;
      if (last < size - 1 && !taken.get(last)) {
        taken.set(last);
        return network.plus(last);
      }
    }
    return null;
  }

  /** The next address handed out is that one, if it is free. */
  void continueAt(IpAddress address) {
    last = (int) (address.low() - network.low()) - 1;
  }

  /** Whether all are taken. */
  boolean full() {
    return taken.cardinality() >= size - 3;
  }

  void release(IpAddress address) {
    taken.clear((int) (address.low() - network.low()));
  }

  /** The range, as the plugin's error names it. */
  String range() {
    return network.plus(1) + "-" + network.plus(size - 2);
  }
}
