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
 *
 * <p>A rule is put among the words of its table when a packet is first led to it, in front of the
 * chain to which it jumps: the index leads straight to both, which lie side by side. Before the
 * rule comes its link: in the lower half its position in the chain, in the upper half that of the
 * next rule in its list, plus one, or 0 behind the last.
 */
final class ChainIndex {

  private final TableCode code;
  private final Chain chain;
  private final Lists byAddress;
  private final Lists byPort;
  private final int firstGeneral;

  /** Of each rule, the next one in its list, plus one. */
  private final int[] next;

  /** Of each rule, where it is among the words of the table, or {@link TableCode#NOWHERE}. */
  private final int[] places;

  /** The index of a chain in that table. */
  ChainIndex(Chain chain, TableCode code) {
    this.code = code;
    this.chain = chain;
    List<Rule> rules = chain.rules();
    next = new int[rules.size()];
    places = new int[rules.size()];
    int addressed = 0;
    int ported = 0;
    for (Rule rule : rules) {
      addressed += finds(rule) && rule.destination() != null ? 1 : 0;
      ported += finds(rule) && rule.destination() == null ? 1 : 0;
    }
    byAddress = new Lists(addressed);
    byPort = new Lists(ported);
    int general = 0;
    for (int position = rules.size() - 1; position >= 0; position--) {
      Rule rule = rules.get(position);
      Protocol protocol = rule.protocol();
      IpAddress address = rule.destination();
      if (!finds(rule) || protocol == null) {
        next[position] = general;
        general = position + 1;
      } else if (address == null) {
        next[position] = byPort.putFirst(0, 0, key(protocol, rule.port()), position);
      } else {
        next[position] =
            byAddress.putFirst(address.high(), address.low(), key(protocol, rule.port()), position);
      }
    }
    firstGeneral = general;
  }

  private static int key(Protocol protocol, int port) {
    return protocol.number() << 16 | port;
  }

  /** Where the first rule is that is always asked, or NOWHERE. */
  int general() {
    return firstGeneral == 0 ? TableCode.NOWHERE : place(firstGeneral - 1);
  }

  /** Where the first rule is for the packet's destination, protocol and port, or NOWHERE. */
  int byAddress(PacketBuffer packet) {
    IpAddress destination = packet.destination();
    return first(
        byAddress,
        destination.high(),
        destination.low(),
        key(packet.protocol(), packet.destinationPort()));
  }

  /** Where the first rule is for the packet's protocol and port, whatever the destination. */
  int byPort(PacketBuffer packet) {
    return first(byPort, 0, 0, key(packet.protocol(), packet.destinationPort()));
  }

  private int first(Lists lists, long high, long low, int key) {
    int slot = lists.slot(Lists.hash(high, low, key));
    int found = (int) lists.slots[slot];
    if (found < 0) {
      found = place(~found);
      lists.set(slot, found);
    }
    return found;
  }

  /** Where the rule is that comes after that one in its list, or NOWHERE. */
  int after(int place) {
    int following = ChainCode.upper(code.words()[place - 1]);
    return following == 0 ? TableCode.NOWHERE : place(following - 1);
  }

  private int place(int position) {
    int known = places[position];
    if (known == TableCode.NOWHERE) {
      known = code.put(chain, position, (long) next[position] << Integer.SIZE | position);
      places[position] = known;
    }
    return known;
  }

  /** Whether the rule is found by its destination. */
  static boolean finds(Rule rule) {
    return rule.protocol() != null && rule.port() != Rule.ANY_PORT;
  }

  /**
   * Where lists begin, by address, protocol and port: an open hash table, of which a quarter is
   * free or more: what is looked up at random should be small. Of what is looked up a slot holds a
   * hash alone, so that a list may also have rules of another destination, if the hashes are equal;
   * those do not hold.
   */
  private static final class Lists {

    /**
     * Of each slot: the hash, and where the rule is, or while it is nowhere the complement of its
     * position; 0 for a free one.
     */
    private final long[] slots;

    private final int mask;

    Lists(int expected) {
      int size = Integer.highestOneBit(Math.max(4, expected + expected / 3)) * 2;
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
      while (slots[slot] != 0 && ChainCode.upper(slots[slot]) != hash) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    /** Puts a position before the list; returns the one that was first, plus one, or 0. */
    int putFirst(long high, long low, int key, int position) {
      int hash = hash(high, low, key);
      int slot = slot(hash);
      int before = slots[slot] == 0 ? 0 : ~(int) slots[slot] + 1;
      slots[slot] = (long) hash << Integer.SIZE;
      set(slot, ~position);
      return before;
    }

    private void set(int slot, int value) {
      slots[slot] = (slots[slot] & ~0xffffffffL) | (value & 0xffffffffL);
    }
  }
}
