package dev.wavetank.proxy.nftables;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How nft lists blocks of addresses in a set: sorted, and merged where they touch or overlap. */
final class AddressRanges {

  private AddressRanges() {}

  private record Range(BigInteger first, BigInteger last) {}

  /** A block as nft lists it: an address alone stands without a length. */
  static String text(AddressBlock block) {
    return block.single() ? block.first().toString() : block.toString();
  }

  /** The set of these blocks, of one family, in braces. */
  static String of(List<AddressBlock> blocks) {
    IpFamily family = blocks.get(0).family();
    List<Range> ranges = new ArrayList<>();
    for (AddressBlock block : blocks) {
      BigInteger first = number(block.first());
      BigInteger size = BigInteger.ONE.shiftLeft(family.bits() - block.prefixLength());
      ranges.add(new Range(first, first.add(size).subtract(BigInteger.ONE)));
    }
    ranges.sort(Comparator.comparing(Range::first));
    List<Range> merged = new ArrayList<>();
    for (Range range : ranges) {
      Range before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (before != null && range.first.compareTo(before.last.add(BigInteger.ONE)) <= 0) {
        merged.set(merged.size() - 1, new Range(before.first, before.last.max(range.last)));
      } else {
        merged.add(range);
      }
    }
    StringBuilder out = new StringBuilder("{ ");
    for (Range range : merged) {
      out.append(out.length() > 2 ? ", " : "").append(text(range, family));
    }
    return out.append(" }").toString();
  }

  private static String text(Range range, IpFamily family) {
    BigInteger size = range.last.subtract(range.first).add(BigInteger.ONE);
    boolean block = size.bitCount() == 1 && range.first.mod(size).signum() == 0;
    if (!block) {
      return address(range.first, family) + "-" + address(range.last, family);
    }
    String first = address(range.first, family).toString();
    int length = family.bits() - size.getLowestSetBit();
    return length == family.bits() ? first : first + "/" + length;
  }

  private static BigInteger number(IpAddress address) {
    return unsigned(address.high()).shiftLeft(64).or(unsigned(address.low()));
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  private static IpAddress address(BigInteger number, IpFamily family) {
    return family.address(number.shiftRight(64).longValue(), number.longValue());
  }
}
