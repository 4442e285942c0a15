package dev.wavetank.proxy.netfilter;

import java.util.Locale;

/** What connection tracking knows about a packet, in the order in which a rule lists it. */
public enum ConnectionState {
  INVALID(1),
  NEW(2),
  RELATED(4),
  ESTABLISHED(8),
  UNTRACKED(16),
  SNAT(32),
  DNAT(64);

  private final int bit;

  ConnectionState(int bit) {
    this.bit = bit;
  }

  /** The one bit by which sets of states are written as a number. */
  public int bit() {
    return bit;
  }

  /** The name in nftables' rules. */
  public String lowerCase() {
    return name().toLowerCase(Locale.ROOT);
  }
}
