package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The cluster IPs of one service network. Addresses that nobody asked for come from the upper band,
 * so that the lowest ones stay free for those who do: of 10.96.0.0/12 they begin at 10.96.1.1.
 *
 * <p>Follows pkg/registry/core/service/ipallocator/ipallocator.go (v1.36).
 */
public final class ServiceIpAllocator {

  /** Why an address of another network is not given. */
  static final String MISMATCH = "the provided network does not match the current range";

  private static final int OFFSET_MIN = 16;
  private static final int OFFSET_MAX = 256;
  private static final int SMALL_NETWORK = 16;

  /** Fewest bits of a host: the network has an address that can be given. */
  private static final int HOST_BITS_MIN = 2;

  /** Most bits of a host; the API server takes up to 64 of IPv6. */
  private static final int HOST_BITS_MAX = 24;

  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;

  private final IpAddress network;
  private final int prefixLength;
  private final Band band;

  /**
   * An allocator.
   *
   * @param network first address of the network
   * @param prefixLength 8 to 30 of IPv4, 104 to 126 of IPv6
   * @param starts says where to begin to look for a free address
   */
  public ServiceIpAllocator(IpAddress network, int prefixLength, ChoiceStream starts) {
    if (!allocates(new IpBlock(network, prefixLength))) {
      throw new IllegalArgumentException("no service network: " + network + "/" + prefixLength);
    }
    this.network = network;
    this.prefixLength = prefixLength;
    int size = 1 << hostBits(new IpBlock(network, prefixLength));
    int hosts = network.isV6() ? size - 1 : size - 2;
    this.band = new Band(hosts, offset(size), starts);
  }

  private static int hostBits(IpBlock network) {
    return (network.network().isV6() ? V6_BITS : V4_BITS) - network.prefixLength();
  }

  /** Whether addresses of a network can be given: its hosts have 2 to 24 bits. */
  static boolean allocates(IpBlock network) {
    int bits = hostBits(network);
    return bits >= HOST_BITS_MIN && bits <= HOST_BITS_MAX;
  }

  boolean isV6() {
    return network.isV6();
  }

  boolean contains(IpAddress address) {
    return address.in(network, prefixLength);
  }

  /** How many addresses the lower band of a network of that size has. */
  static int offset(int networkSize) {
    if (networkSize <= SMALL_NETWORK) {
      return 0;
    }
    return Math.min(Math.max(OFFSET_MIN, networkSize / 16), OFFSET_MAX);
  }

  /** {@code 10.96.0.0/12}. */
  public String cidr() {
    return network + "/" + prefixLength;
  }

  /** The address that many above the network's own. */
  public IpAddress address(long number) {
    return network.plus(number);
  }

  /** How many addresses are free. */
  public int free() {
    return band.free();
  }

  /**
   * Takes that address.
   *
   * @param dryRun only looks
   * @param foreign whether somebody else says to have an address
   * @return why not, in upstream's words, or null
   */
  @Nullable String allocate(
      IpAddress address, String owner, boolean dryRun, Predicate<IpAddress> foreign) {
    boolean inside = contains(address);
    long number = inside ? address.low() - network.low() - 1 : -1;
    if (!inside && !dryRun) {
      return MISMATCH;
    }
    if (number < 0 || number >= band.size()) {
      return "the provided IP ("
          + address
          + ") is not in the valid range. The range of valid IPs is "
          + cidr();
    }
    boolean free = !band.isTaken((int) number) && !foreign.test(address);
    boolean given = dryRun ? free : free && band.take((int) number, owner);
    return given ? null : "provided IP is already allocated";
  }

  /**
   * Takes a free address, or null when there is none.
   *
   * @param foreign whether somebody else says to have an address
   */
  @Nullable IpAddress allocateNext(String owner, Predicate<IpAddress> foreign) {
    List<Integer> skipped = new ArrayList<>();
    int number = band.takeNext(owner);
    while (number >= 0 && foreign.test(network.plus(number + 1L))) {
      skipped.add(number);
      number = band.takeNext(owner);
    }
    skipped.forEach(taken -> band.release(taken, owner));
    return number < 0 ? null : network.plus(number + 1L);
  }

  /** Gives an address back, if that owner has it; whether he had. */
  boolean release(IpAddress address, String owner) {
    return contains(address)
        && !address.equals(network)
        && band.release((int) (address.low() - network.low() - 1), owner);
  }
}
