package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/**
 * To whom addresses belong: a hash table with open addressing whose keys are 32 bits in an array of
 * their own, so that a look-up among many touches little memory. A third of it is always free.
 */
final class AddressTable {

  private static final int SIZE_MIN = 16;

  /** Of the address in each slot: an IPv4 address itself, or the hash of an IPv6 one. */
  private int[] keys = new int[SIZE_MIN];

  private @Nullable Attachment[] values = new Attachment[SIZE_MIN];
  private int used;

  /** Where the address is, or else where it would be put. */
  private int slot(IpAddress address) {
    int mask = values.length - 1;
    int slot = address.hashCode() & mask;
    int key = key(address);
    for (Attachment there = values[slot]; there != null; there = values[slot]) {
      if (keys[slot] == key && isOf(there, address)) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static int key(IpAddress address) {
    return address.isV6() ? address.hashCode() : (int) address.low();
  }

  /** Whether one of the same key is the address's own. */
  private static boolean isOf(Attachment attachment, IpAddress address) {
    return attachment.v6 == address.isV6()
        && (!attachment.v6 || attachment.address.equals(address));
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
      keys[slot] = key(attachment.address);
    }
  }

  private void grow() {
    @Nullable Attachment[] old = values;
    keys = new int[keys.length * 2];
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
