package dev.wavetank.proxy.netfilter;

import dev.wavetank.core.network.Packet;
import org.jspecify.annotations.Nullable;

/**
 * Tracked connections by the addresses of their packets: a hash table with open addressing, which
 * costs no object a flow. Half of it is always free; of a table that was large once, so much is
 * given back that a quarter is in use.
 */
final class FlowTable {

  private static final int SIZE_MIN = 64;

  private Conntrack.@Nullable Entry[] entries = new Conntrack.Entry[SIZE_MIN];

  /** Of the flow in each slot, so that an entry is looked at only when the hash is right. */
  private int[] hashes = new int[SIZE_MIN];

  private int used;

  /** Where the flow is, or else where it would be put. */
  private int slot(Packet flow, int hash) {
    int mask = entries.length - 1;
    int slot = hash & mask;
    for (Conntrack.Entry there = entries[slot]; there != null; there = entries[slot]) {
      if (hashes[slot] == hash && there.has(flow)) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  Conntrack.@Nullable Entry get(Packet flow) {
    return entries[slot(flow, flow.hashCode())];
  }

  /**
   * Puts a flow in, or gives a flow that is there another entry.
   *
   * @param entry whose flow it is, in one direction or the other
   */
  void put(Packet flow, Conntrack.Entry entry) {
    int hash = flow.hashCode();
    int slot = slot(flow, hash);
    if (entries[slot] == null) {
      if (++used * 2 > entries.length) {
        resize(entries.length * 2);
        slot = slot(flow, hash);
      }
      hashes[slot] = hash;
    }
    entries[slot] = entry;
  }

  private void resize(int size) {
    Conntrack.@Nullable Entry[] old = entries;
    int[] oldHashes = hashes;
    int mask = size - 1;
    entries = new Conntrack.Entry[size];
    hashes = new int[size];
    for (int i = 0; i < old.length; i++) {
      if (old[i] != null) {
        int slot = oldHashes[i] & mask;
        while (entries[slot] != null) {
          slot = (slot + 1) & mask;
        }
        entries[slot] = old[i];
        hashes[slot] = oldHashes[i];
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
    int mask = entries.length - 1;
    used--;
    // Flows behind the gap that would no longer be found move into it.
    for (int next = (free + 1) & mask; ; next = (next + 1) & mask) {
      Conntrack.Entry moved = entries[next];
      if (moved == null) {
        break;
      }
      int home = hashes[next] & mask;
      if (((next - home) & mask) >= ((next - free) & mask)) {
        entries[free] = moved;
        hashes[free] = hashes[next];
        free = next;
      }
    }
    entries[free] = null;
    if (entries.length > SIZE_MIN && used * 16 < entries.length) {
      resize(Math.max(SIZE_MIN, entries.length / 4));
    }
    return true;
  }
}
