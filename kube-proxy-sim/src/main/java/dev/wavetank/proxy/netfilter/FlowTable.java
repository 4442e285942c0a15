package dev.wavetank.proxy.netfilter;

import dev.wavetank.core.network.Packet;
import org.jspecify.annotations.Nullable;

/**
 * Tracked connections by the addresses of their packets: a hash table with open addressing, which
 * costs no object a flow. Half of it is always free.
 */
final class FlowTable {

  private static final int SIZE_MIN = 64;

  private @Nullable Packet[] flows = new Packet[SIZE_MIN];

  /** Of the flows, so that a flow is looked at only when its hash is right. */
  private int[] hashes = new int[SIZE_MIN];

  private Conntrack.@Nullable Entry[] entries = new Conntrack.Entry[SIZE_MIN];
  private int used;

  /** Where the flow is, or else where it would be put. */
  private int slot(Packet flow, int hash) {
    int mask = flows.length - 1;
    int slot = hash & mask;
    for (Packet there = flows[slot]; there != null; there = flows[slot]) {
      if (hashes[slot] == hash && there.equals(flow)) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  Conntrack.@Nullable Entry get(Packet flow) {
    return entries[slot(flow, flow.hashCode())];
  }

  /** Puts a flow in, or gives a flow that is there another entry. */
  void put(Packet flow, Conntrack.Entry entry) {
    int hash = flow.hashCode();
    int slot = slot(flow, hash);
    if (flows[slot] == null) {
      if (++used * 2 > flows.length) {
        grow();
        slot = slot(flow, hash);
      }
      flows[slot] = flow;
      hashes[slot] = hash;
    }
    entries[slot] = entry;
  }

  private void grow() {
    @Nullable Packet[] oldFlows = flows;
    Conntrack.@Nullable Entry[] oldEntries = entries;
    int[] oldHashes = hashes;
    flows = new Packet[oldFlows.length * 2];
    entries = new Conntrack.Entry[oldFlows.length * 2];
    hashes = new int[oldFlows.length * 2];
    for (int i = 0; i < oldFlows.length; i++) {
      Packet flow = oldFlows[i];
      if (flow != null) {
        int slot = slot(flow, oldHashes[i]);
        flows[slot] = flow;
        hashes[slot] = oldHashes[i];
        entries[slot] = oldEntries[i];
      }
    }
  }

  /** Takes a flow out; false when it is not there or belongs to another entry. */
  @SuppressWarnings("ReferenceEquality") // an entry is equal to itself only
  boolean remove(Packet flow, Conntrack.Entry entry) {
    int free = slot(flow, flow.hashCode());
    if (entries[free] != entry) {
      return false;
    }
    int mask = flows.length - 1;
    used--;
    // Flows behind the gap that would no longer be found move into it.
    for (int next = (free + 1) & mask; ; next = (next + 1) & mask) {
      Packet moved = flows[next];
      if (moved == null) {
        break;
      }
      int home = hashes[next] & mask;
      if (((next - home) & mask) >= ((next - free) & mask)) {
        flows[free] = moved;
        entries[free] = entries[next];
        hashes[free] = hashes[next];
        free = next;
      }
    }
    flows[free] = null;
    entries[free] = null;
    return true;
  }
}
