package dev.wavetank.proxy.netfilter;

import dev.wavetank.core.network.IpAddress;

/** A family of addresses; each has rules of its own (iptables, ip6tables). */
public enum IpFamily {
  IPV4("IPv4", 32),
  IPV6("IPv6", 128);

  private final String apiName;
  private final int bits;

  IpFamily(String apiName, int bits) {
    this.apiName = apiName;
    this.bits = bits;
  }

  /** The family of an address. */
  public static IpFamily of(IpAddress address) {
    return address.isV6() ? IPV6 : IPV4;
  }

  /** The name that the Kubernetes API uses: {@code IPv4} or {@code IPv6}. */
  public String apiName() {
    return apiName;
  }

  /** Length of an address in bits. */
  public int bits() {
    return bits;
  }

  /** The address of these upper and lower 64 bits. */
  public IpAddress address(long high, long low) {
    return this == IPV6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
  }
}
