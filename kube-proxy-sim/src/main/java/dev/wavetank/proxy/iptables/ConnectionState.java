package dev.wavetank.proxy.iptables;

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

  int bit() {
    return bit;
  }
}
