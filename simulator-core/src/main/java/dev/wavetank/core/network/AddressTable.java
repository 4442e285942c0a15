package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/**
 * To whom addresses belong: pages of neighbouring addresses, each an array with a place an address,
 * and a hash table with open addressing that finds the pages. Addresses are given out one beside
 * the other, those of a node's pods above all, so that a look-up among many touches little memory.
 */
final class AddressTable {

  private static final int SIZE_MIN = 16;
  private static final int PAGE_BITS = 8;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;

  /** The addresses that differ in their last bits only. */
  private static final class Page {
    final long high;
    final long low;
    final boolean v6;
    final @Nullable Attachment[] owners = new Attachment[PAGE_SIZE];
    int used;

    Page(IpAddress address) {
      high = address.high();
      low = address.low() >>> PAGE_BITS;
      v6 = address.isV6();
    }

    boolean has(IpAddress address) {
      return low == address.low() >>> PAGE_BITS && high == address.high() && v6 == address.isV6();
    }

    int hash() {
      return AddressTable.hash(high, low);
    }
  }

  /** A third of them is always free. */
  private @Nullable Page[] pages = new Page[SIZE_MIN];

  private int used;

  private static int hash(long high, long page) {
    return (int) (((high * 31 + page) * 0x9E3779B97F4A7C15L) >>> 32);
  }

  private static int place(IpAddress address) {
    return (int) address.low() & (PAGE_SIZE - 1);
  }

  /** Where the page of the address is, or else where it would be put. */
  private int slot(IpAddress address) {
    int mask = pages.length - 1;
    int slot = hash(address.high(), address.low() >>> PAGE_BITS) & mask;
    for (Page page = pages[slot]; page != null; page = pages[slot]) {
      if (page.has(address)) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** To whom the address belongs; null for nobody. */
  @Nullable Attachment get(IpAddress address) {
    Page page = pages[slot(address)];
    return page == null ? null : page.owners[place(address)];
  }

  /** Gives an address to somebody, whoever had it before. */
  void put(Attachment attachment) {
    Page page = page(attachment.address);
    int place = place(attachment.address);
    page.used += page.owners[place] == null ? 1 : 0;
    page.owners[place] = attachment;
  }

  /** The page of the address, which is made when there is none. */
  private Page page(IpAddress address) {
    int slot = slot(address);
    Page known = pages[slot];
    if (known != null) {
      return known;
    }
    Page made = new Page(address);
    if (++used * 3 > pages.length * 2) {
      grow();
      slot = slot(address);
    }
    pages[slot] = made;
    return made;
  }

  private void grow() {
    @Nullable Page[] old = pages;
    int mask = old.length * 2 - 1;
    pages = new Page[mask + 1];
    for (Page page : old) {
      if (page != null) {
        int slot = page.hash() & mask;
        while (pages[slot] != null) {
          slot = (slot + 1) & mask;
        }
        pages[slot] = page;
      }
    }
  }

  /** Takes an address from whoever has it; returns whose it was, or null. */
  @Nullable Attachment remove(IpAddress address) {
    int slot = slot(address);
    Page page = pages[slot];
    int place = place(address);
    Attachment removed = page == null ? null : page.owners[place];
    if (page == null || removed == null) {
      return null;
    }
    page.owners[place] = null;
    if (--page.used == 0) {
      removePage(slot);
    }
    return removed;
  }

  private void removePage(int slot) {
    int free = slot;
    used--;
    int mask = pages.length - 1;
    // Pages behind the gap that would no longer be found move into it.
    for (int next = (free + 1) & mask; ; next = (next + 1) & mask) {
      Page moved = pages[next];
      if (moved == null) {
        break;
      }
      int home = moved.hash() & mask;
      if (((next - home) & mask) >= ((next - free) & mask)) {
        pages[free] = moved;
        free = next;
      }
    }
    pages[free] = null;
  }
}
