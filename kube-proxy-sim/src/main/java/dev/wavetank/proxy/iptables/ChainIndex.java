package dev.wavetank.proxy.iptables;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import java.util.List;

/**
 * Which rules of a long chain can hold for a destination, so that a walk does not ask them all.
 *
 * <p>A rule that demands one protocol and one destination port, before any condition that leaves a
 * trace, is found by (address, protocol, port) or by (protocol, port); every other rule is general
 * and always asked. A walk asks the three lists merged in the chain's order, hence the same rules
 * that hold, in the same order, as the plain walk: a rule left out would have failed without
 * effect.
 */
final class ChainIndex {

  /** Behind the last position of a list. */
  static final int END = Integer.MAX_VALUE;

  private final Lists byAddress;
  private final Lists byPort;
  private final int firstGeneral;

  /** The position of the next rule in the list of each rule, or {@link #END}. */
  private final int[] next;

  private ChainIndex(Lists byAddress, Lists byPort, int firstGeneral, int[] next) {
    this.byAddress = byAddress;
    this.byPort = byPort;
    this.firstGeneral = firstGeneral;
    this.next = next;
  }

  static ChainIndex of(List<Rule> rules) {
    int[] next = new int[rules.size()];
    Lists byAddress = new Lists(rules.size());
    Lists byPort = new Lists(rules.size());
    int firstGeneral = END;
    for (int position = rules.size() - 1; position >= 0; position--) {
      Rule rule = rules.get(position);
      Protocol protocol = rule.protocol();
      int port = rule.port();
      IpAddress address = rule.destination();
      if (protocol == null || port == Rule.ANY_PORT) {
        next[position] = firstGeneral;
        firstGeneral = position;
      } else if (address == null) {
        next[position] = byPort.putFirst(0, 0, key(protocol, port), position);
      } else {
        next[position] =
            byAddress.putFirst(address.high(), address.low(), key(protocol, port), position);
      }
    }
    return new ChainIndex(byAddress, byPort, firstGeneral, next);
  }

  private static int key(Protocol protocol, int port) {
    return protocol.number() << 16 | port;
  }

  /** The first rule that is always asked, or {@link #END}. */
  int general() {
    return firstGeneral;
  }

  /** The first rule for the packet's destination, protocol and port, or {@link #END}. */
  int byAddress(PacketBuffer packet) {
    return byAddress.first(
        packet.destination().high(),
        packet.destination().low(),
        key(packet.protocol(), packet.destinationPort()));
  }

  /** The first rule for the packet's protocol and port, whatever the destination. */
  int byPort(PacketBuffer packet) {
    return byPort.first(0, 0, key(packet.protocol(), packet.destinationPort()));
  }

  /** The rule behind that one in its list, or {@link #END}. */
  int after(int position) {
    return next[position];
  }

  /**
   * Where lists begin, by address, protocol and port: an open hash table, of which a half is free.
   * The words of a slot lie side by side.
   */
  private static final class Lists {
    private static final int WORDS = 3;

    /** Of each slot: the address, upper and lower half, and the key with the position. */
    private final long[] slots;

    private final int mask;

    Lists(int expected) {
      int size = Integer.highestOneBit(Math.max(4, expected) * 2 - 1) * 2;
      slots = new long[size * WORDS];
      mask = size - 1;
    }

    /** Where the slot of that key is, or else the free one that it would get; a key is not 0. */
    private int slot(long high, long low, int key) {
      long hash = (high * 31 + low) * 0x9E3779B97F4A7C15L + key * 0xC2B2AE3D27D4EB4FL;
      int slot = (int) (hash >>> 32 ^ hash) & mask;
      while (true) {
        int at = slot * WORDS;
        int there = (int) (slots[at + 2] >>> 32);
        if (there == 0 || (there == key && slots[at + 1] == low && slots[at] == high)) {
          return at;
        }
        slot = (slot + 1) & mask;
      }
    }

    /** Puts a position before the list; returns the one that was first, or END. */
    int putFirst(long high, long low, int key, int position) {
      int at = slot(high, low, key);
      int before = slots[at + 2] == 0 ? END : (int) slots[at + 2];
      slots[at] = high;
      slots[at + 1] = low;
      slots[at + 2] = (long) key << 32 | position;
      return before;
    }

    int first(long high, long low, int key) {
      int at = slot(high, low, key);
      return slots[at + 2] == 0 ? END : (int) slots[at + 2];
    }
  }
}
