package dev.wavetank.proxy.iptables;

/** What connection tracking knows about a packet, in the order in which a rule lists it. */
public enum ConnectionState {
  INVALID,
  NEW,
  RELATED,
  ESTABLISHED,
  UNTRACKED,
  SNAT,
  DNAT;

  int bit() {
    return 1 << ordinal();
  }
}
