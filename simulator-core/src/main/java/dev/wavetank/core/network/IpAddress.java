package dev.wavetank.core.network;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An IPv4 or IPv6 address as a value: two longs and its text. */
public final class IpAddress implements Comparable<IpAddress> {

  private final long high;
  private final long low;
  private final boolean v6;
  private @Nullable String text;

  private IpAddress(long high, long low, boolean v6) {
    this.high = high;
    this.low = low;
    this.v6 = v6;
  }

  /**
   * The address written in that text.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static IpAddress parse(String text) {
    return of(InetAddresses.forString(text));
  }

  /** The address written in that text; null when it is none. */
  public static @Nullable IpAddress parseOrNull(String text) {
    return InetAddresses.isInetAddress(text) ? parse(text) : null;
  }

  /** The same address as the JDK's. */
  public static IpAddress of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return v4(ByteBuffer.wrap(bytes).getInt());
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new IpAddress(buffer.getLong(), buffer.getLong(), true);
  }

  /** The IPv4 address with those 32 bits. */
  public static IpAddress v4(int bits) {
    return new IpAddress(0, bits & 0xFFFFFFFFL, false);
  }

  /** The IPv6 address with those bits, the upper half first. */
  public static IpAddress v6(long high, long low) {
    return new IpAddress(high, low, true);
  }

  public boolean isV6() {
    return v6;
  }

  /** The upper 64 bits of an IPv6 address; 0 for IPv4. */
  public long high() {
    return high;
  }

  /** The lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address. */
  public long low() {
    return low;
  }

  /** The address that many above this one, within the lower 64 bits. */
  public IpAddress plus(long offset) {
    return new IpAddress(high, v6 ? low + offset : (low + offset) & 0xFFFFFFFFL, v6);
  }

  /** Whether the first {@code prefixLength} bits equal those of {@code network}. */
  public boolean in(IpAddress network, int prefixLength) {
    if (v6 != network.v6) {
      return false;
    }
    if (!v6) {
      return prefixLength == 0 || ((low ^ network.low) & 0xFFFFFFFFL) >>> (32 - prefixLength) == 0;
    }
    if (prefixLength <= 64) {
      return prefixLength == 0 || (high ^ network.high) >>> (64 - prefixLength) == 0;
    }
    return high == network.high
        && (prefixLength == 128
            ? low == network.low
            : (low ^ network.low) >>> (128 - prefixLength) == 0);
  }

  @Override
  public int compareTo(IpAddress other) {
    if (v6 != other.v6) {
      return v6 ? 1 : -1;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof IpAddress that
            && low == that.low
            && high == that.high
            && v6 == that.v6);
  }

  /** Blocks of neighbouring addresses spread well: the JDK's own mixing folds them together. */
  @Override
  public int hashCode() {
    return (int) (((high * 31 + low) * 0x9E3779B97F4A7C15L) >>> 32);
  }

  /** The canonical text, such as {@code 10.1.0.27} or {@code fd00::1}. */
  @Override
  public String toString() {
    String known = text;
    if (known == null) {
      known = v6 ? v6Text() : v4Text();
      text = known;
    }
    return known;
  }

  private String v4Text() {
    return ((low >>> 24) & 255)
        + "."
        + ((low >>> 16) & 255)
        + "."
        + ((low >>> 8) & 255)
        + "."
        + (low & 255);
  }

  private String v6Text() {
    byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    try {
      return InetAddresses.toAddrString(InetAddress.getByAddress(bytes));
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
