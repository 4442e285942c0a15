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
 * that hold, in the same order, as the walk that asks all: a rule left out would have failed
 * without effect.
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
      if (!finds(rule) || protocol == null) {
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

  /** Whether the rule is found by its destination. */
  static boolean finds(Rule rule) {
    return rule.protocol() != null && rule.port() != Rule.ANY_PORT;
  }

  /**
   * Where lists begin, by address, protocol and port: an open hash table, of which a half is free.
   * Of what is looked up a slot holds a hash alone, so that a list may also have rules of another
   * destination, if the hashes are equal; those do not hold.
   */
  private static final class Lists {

    /** Of each slot: the hash, and the position plus one; 0 for a free one. */
    private final long[] slots;

    private final int mask;

    Lists(int expected) {
      int size = Integer.highestOneBit(Math.max(4, expected) * 2 - 1) * 2;
      slots = new long[size];
      mask = size - 1;
    }

    private static int hash(long high, long low, int key) {
      long mixed = (high * 31 + low) * 0x9E3779B97F4A7C15L + key * 0xC2B2AE3D27D4EB4FL;
      return (int) (mixed >>> 32 ^ mixed);
    }

    /** Where the slot of that hash is, or else the free one that it would get. */
    private int slot(int hash) {
      int slot = hash & mask;
      while (slots[slot] != 0 && (int) (slots[slot] >>> Integer.SIZE) != hash) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    /** Puts a position before the list; returns the one that was first, or END. */
    int putFirst(long high, long low, int key, int position) {
      int hash = hash(high, low, key);
      int slot = slot(hash);
      int before = slots[slot] == 0 ? END : (int) slots[slot] - 1;
      slots[slot] = (long) hash << Integer.SIZE | (position + 1);
      return before;
    }

    int first(long high, long low, int key) {
      long there = slots[slot(hash(high, low, key))];
      return there == 0 ? END : (int) there - 1;
    }
  }
}
