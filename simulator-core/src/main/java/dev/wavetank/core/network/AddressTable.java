package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/**
 * To whom addresses belong: a hash table with open addressing whose keys lie in an array, so that a
 * look-up among many touches little memory. A third of it is always free.
 */
final class AddressTable {

  private static final int SIZE_MIN = 16;

  /** Upper and lower half of the address in each slot. */
  private long[] keys = new long[SIZE_MIN * 2];

  private @Nullable Attachment[] values = new Attachment[SIZE_MIN];
  private int used;

  /** Where the address is, or else where it would be put. */
  private int slot(IpAddress address) {
    int mask = values.length - 1;
    int slot = address.hashCode() & mask;
    for (Attachment there = values[slot]; there != null; there = values[slot]) {
      boolean same = keys[slot * 2 + 1] == address.low() && keys[slot * 2] == address.high();
      if (same && there.v6 == address.isV6()) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** To whom the address belongs; null for nobody. */
  @Nullable Attachment get(IpAddress address) {
    return values[slot(address)];
  }

  /** Gives an address to somebody, whoever had it before. */
  void put(Attachment attachment) {
    int slot = slot(attachment.address);
    if (values[slot] == null && ++used * 3 > values.length * 2) {
      grow();
      slot = slot(attachment.address);
    }
    set(slot, attachment);
  }

  private void set(int slot, @Nullable Attachment attachment) {
    values[slot] = attachment;
    if (attachment != null) {
      keys[slot * 2] = attachment.address.high();
      keys[slot * 2 + 1] = attachment.address.low();
    }
  }

  private void grow() {
    @Nullable Attachment[] old = values;
    keys = new long[keys.length * 2];
    values = new Attachment[old.length * 2];
    for (Attachment attachment : old) {
      if (attachment != null) {
        set(slot(attachment.address), attachment);
      }
    }
  }

  /** Takes an address from whoever has it; returns whose it was, or null. */
  @Nullable Attachment remove(IpAddress address) {
    int free = slot(address);
    Attachment removed = values[free];
    if (removed == null) {
      return null;
    }
    used--;
    int mask = values.length - 1;
    // Addresses behind the gap that would no longer be found move into it.
    for (int next = (free + 1) & mask; ; next = (next + 1) & mask) {
      Attachment moved = values[next];
      if (moved == null) {
        break;
      }
      int home = moved.address.hashCode() & mask;
      if (((next - home) & mask) >= ((next - free) & mask)) {
        set(free, moved);
        free = next;
      }
    }
    set(free, null);
    return removed;
  }
}
