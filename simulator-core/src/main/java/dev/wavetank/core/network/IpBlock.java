package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/** Addresses that begin alike, as CIDR notation writes them: {@code 10.244.0.0/16}. */
public record IpBlock(IpAddress network, int prefixLength) {

  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;

  /**
   * Reads a block.
   *
   * @throws IllegalArgumentException when the text is none
   */
  public static IpBlock parse(String cidr) {
    IpBlock block = parseOrNull(cidr);
    if (block == null) {
      throw new IllegalArgumentException("\"" + cidr + "\" is no block such as 10.244.0.0/16");
    }
    return block;
  }

  /** The block of that address alone. */
  public static IpBlock of(IpAddress address) {
    return new IpBlock(address, address.isV6() ? V6_BITS : V4_BITS);
  }

  /** Reads a block; null when the text is none. */
  public static @Nullable IpBlock parseOrNull(String cidr) {
    int slash = cidr.indexOf('/');
    IpAddress network = slash < 0 ? null : IpAddress.parseOrNull(cidr.substring(0, slash));
    String length = cidr.substring(slash + 1);
    if (network == null || !length.matches("[0-9]{1,3}")) {
      return null;
    }
    int prefix = Integer.parseInt(length);
    return prefix <= (network.isV6() ? V6_BITS : V4_BITS) ? new IpBlock(network, prefix) : null;
  }

  public boolean contains(IpAddress address) {
    return address.in(network, prefixLength);
  }

  @Override
  public String toString() {
    return network + "/" + prefixLength;
  }
}
