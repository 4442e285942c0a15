package dev.wavetank.proxy.netfilter;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses in CIDR form, such as {@code 10.244.0.0/16}; a block may be one address.
 *
 * <p>Equality is that of the addresses. Whether a single address was written with its length
 * ({@code 10.0.0.1/32}) is remembered for the text that feeds {@code iptables-restore} only.
 */
public final class AddressBlock {

  private final IpFamily family;
  private final long high;
  private final long low;
  private final int prefixLength;
  private final long highMask;
  private final long lowMask;
  private final boolean lengthWritten;

  private AddressBlock(
      IpFamily family, long high, long low, int prefixLength, boolean lengthWritten) {
    this.family = family;
    this.prefixLength = prefixLength;
    if (family == IpFamily.IPV4) {
      highMask = 0;
      lowMask = prefixLength == 0 ? 0 : (0xffffffffL << (32 - prefixLength)) & 0xffffffffL;
    } else {
      highMask = prefixLength == 0 ? 0 : -1L << (64 - Math.min(64, prefixLength));
      lowMask = prefixLength <= 64 ? 0 : -1L << (128 - prefixLength);
    }
    this.high = high & highMask;
    this.low = low & lowMask;
    this.lengthWritten = lengthWritten;
  }

  /** The block that is just this address. */
  public static AddressBlock of(IpAddress address) {
    return new AddressBlock(
        IpFamily.of(address), address.high(), address.low(), IpFamily.of(address).bits(), false);
  }

  /**
   * Reads an address or a block; bits beyond the prefix are dropped.
   *
   * @throws IllegalArgumentException when the text is neither
   */
  public static AddressBlock parse(String text) {
    AddressBlock block = parseOrNull(text);
    if (block == null) {
      throw new IllegalArgumentException("no address block: " + text);
    }
    return block;
  }

  /** Reads an address or a block; null when the text is neither. */
  public static @Nullable AddressBlock parseOrNull(String text) {
    if (text.indexOf('/') < 0) {
      IpAddress address = IpAddress.parseOrNull(text);
      return address == null ? null : of(address);
    }
    IpBlock block = IpBlock.parseOrNull(text);
    if (block == null) {
      return null;
    }
    IpAddress address = block.network();
    return new AddressBlock(
        IpFamily.of(address), address.high(), address.low(), block.prefixLength(), true);
  }

  public IpFamily family() {
    return family;
  }

  /** The first address of the block. */
  public IpAddress network() {
    return family == IpFamily.IPV4 ? IpAddress.v4((int) low) : IpAddress.v6(high, low);
  }

  public int prefixLength() {
    return prefixLength;
  }

  /** Which of the upper 64 bits are the prefix's; 0 for IPv4. */
  public long highMask() {
    return highMask;
  }

  /** Which of the lower 64 bits, or of the 32 of IPv4, are the prefix's. */
  public long lowMask() {
    return lowMask;
  }

  /** Whether the block is one address. */
  public boolean single() {
    return prefixLength == family.bits();
  }

  /** The first address. */
  public IpAddress first() {
    return family.address(high, low);
  }

  public boolean contains(IpAddress address) {
    return IpFamily.of(address) == family && contains(address.high(), address.low());
  }

  /** Whether the address of these upper and lower 64 bits lies in the block. */
  public boolean contains(long addressHigh, long addressLow) {
    return (addressHigh & highMask) == high && (addressLow & lowMask) == low;
  }

  /** As kube-proxy writes it: a single address stands without length unless given with one. */
  public String asWritten() {
    return single() && !lengthWritten ? first().toString() : toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddressBlock that
        && family == that.family
        && high == that.high
        && low == that.low
        && prefixLength == that.prefixLength;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high) * 31 + Long.hashCode(low) + prefixLength;
  }

  /** Address and prefix length, always with the length. */
  @Override
  public String toString() {
    return first() + "/" + prefixLength;
  }
}
