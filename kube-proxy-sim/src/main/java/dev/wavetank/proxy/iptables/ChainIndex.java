package dev.wavetank.proxy.iptables;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private static final int[] NONE = {};

  private final int[] general;
  private final Buckets byAddress;
  private final Buckets byPort;

  private ChainIndex(int[] general, Buckets byAddress, Buckets byPort) {
    this.general = general;
    this.byAddress = byAddress;
    this.byPort = byPort;
  }

  static ChainIndex of(List<Rule> rules) {
    int[] general = new int[rules.size()];
    int generalCount = 0;
    Buckets byAddress = new Buckets(rules.size());
    Buckets byPort = new Buckets(rules.size());
    for (int position = 0; position < rules.size(); position++) {
      Rule rule = rules.get(position);
      Protocol protocol = rule.protocol();
      int port = rule.port();
      if (protocol == null || port == Rule.ANY_PORT) {
        general[generalCount++] = position;
        continue;
      }
      IpAddress address = rule.destination();
      if (address == null) {
        byPort.add(0, 0, key(protocol, port), position);
      } else {
        byAddress.add(address.high(), address.low(), key(protocol, port), position);
      }
    }
    return new ChainIndex(Arrays.copyOf(general, generalCount), byAddress, byPort);
  }

  private static int key(Protocol protocol, int port) {
    int number =
        switch (protocol) {
          case TCP -> 6;
          case UDP -> 17;
          case SCTP -> 132;
        };
    return number << 16 | port;
  }

  int[] general() {
    return general;
  }

  int[] byAddress(PacketBuffer packet) {
    return byAddress.find(
        packet.destinationHigh(),
        packet.destinationLow(),
        key(packet.protocol(), packet.destinationPort()));
  }

  int[] byPort(PacketBuffer packet) {
    return byPort.find(0, 0, key(packet.protocol(), packet.destinationPort()));
  }

  /** An open hash table from (address, protocol and port) to ascending positions. */
  private static final class Buckets {
    private final long[] highs;
    private final long[] lows;
    private final int[] keys;
    private final int[] @Nullable [] positions;

    Buckets(int expected) {
      int size = Integer.highestOneBit(Math.max(4, expected) * 2 - 1) * 2;
      highs = new long[size];
      lows = new long[size];
      keys = new int[size];
      positions = new int[size][];
    }

    private int slot(long high, long low, int key) {
      long hash = (high * 31 + low) * 0x9E3779B97F4A7C15L + key * 0xC2B2AE3D27D4EB4FL;
      int slot = (int) (hash >>> 32 ^ hash) & (keys.length - 1);
      while (positions[slot] != null
          && (keys[slot] != key || lows[slot] != low || highs[slot] != high)) {
        slot = (slot + 1) & (keys.length - 1);
      }
      return slot;
    }

    void add(long high, long low, int key, int position) {
      int slot = slot(high, low, key);
      int[] before = positions[slot];
      int[] after = before == null ? new int[1] : Arrays.copyOf(before, before.length + 1);
      after[after.length - 1] = position;
      highs[slot] = high;
      lows[slot] = low;
      keys[slot] = key;
      positions[slot] = after;
    }

    int[] find(long high, long low, int key) {
      int[] found = positions[slot(high, low, key)];
      return found == null ? NONE : found;
    }
  }
}
