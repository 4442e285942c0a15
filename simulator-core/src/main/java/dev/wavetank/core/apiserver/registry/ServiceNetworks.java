package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The networks of one family that cluster IPs come from: the one that the API server is started
 * with, and that of every other ServiceCIDR that is ready and not being deleted. Those that {@link
 * ServiceIpAllocator} cannot hand out give none.
 *
 * <p>Follows pkg/registry/core/service/ipallocator/cidrallocator.go (v1.36).
 */
final class ServiceNetworks {

  private static final ResourceType TYPE = ResourceType.SERVICE_CIDRS;

  private final ApiServer server;
  private final ServiceIpAllocator first;
  private final ChoiceStream orders;

  /** Every network that there ever was, by its CIDR: addresses of a deleted one may be taken. */
  private final Map<String, ServiceIpAllocator> networks = new LinkedHashMap<>();

  private List<ServiceIpAllocator> ready;

  /**
   * The networks of a server.
   *
   * @param first what the server is started with
   */
  ServiceNetworks(ApiServer server, ServiceIpAllocator first) {
    this.server = server;
    this.first = first;
    String orderOf = first.isV6() ? "apiserver/serviceCidr/IPv6" : "apiserver/serviceCidr";
    this.orders = server.simulation().choices().stream(orderOf);
    this.ready = List.of(first);
    networks.put(first.cidr(), first);
    server.listen(
        commit -> {
          if (commit.key().type().equals(TYPE)) {
            ready = ready();
          }
        });
  }

  /** Those that are ready, that of the server first. */
  private List<ServiceIpAllocator> ready() {
    List<ServiceIpAllocator> found = new ArrayList<>();
    for (KubeObject serviceCidr : server.list(TYPE)) {
      if (serviceCidr.terminating() || !Conditions.isTrue(serviceCidr.status(), "Ready")) {
        continue;
      }
      for (Object cidr : serviceCidr.spec().listOrEmpty("cidrs")) {
        ServiceIpAllocator network = network(cidr.toString());
        if (network != null && !found.contains(network)) {
          found.add(network == first ? 0 : found.size(), network);
        }
      }
    }
    return found;
  }

  private @Nullable ServiceIpAllocator network(String cidr) {
    IpBlock block = IpBlock.parseOrNull(cidr);
    if (block == null
        || block.network().isV6() != first.isV6()
        || !ServiceIpAllocator.allocates(block)) {
      return null;
    }
    return networks.computeIfAbsent(
        block.toString(),
        key ->
            new ServiceIpAllocator(
                block.network(),
                block.prefixLength(),
                server.simulation().choices().stream("apiserver/clusterIP/" + key)));
  }

  /** An address that stands for any, for a dry run. */
  IpAddress any() {
    return first.address(0);
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
    for (ServiceIpAllocator network : ready) {
      if (network.contains(address)) {
        return network.allocate(address, owner, dryRun, foreign);
      }
    }
    return ready.contains(first)
        ? first.allocate(address, owner, dryRun, foreign)
        : ServiceIpAllocator.MISMATCH;
  }

  /**
   * Takes a free address of any network, or null when all are full.
   *
   * @param foreign whether somebody else says to have an address
   */
  @Nullable IpAddress allocateNext(String owner, Predicate<IpAddress> foreign) {
    int count = ready.size();
    int start = count > 1 ? orders.choose(count) : 0;
    for (int i = 0; i < count; i++) {
      IpAddress next = ready.get((start + i) % count).allocateNext(owner, foreign);
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  /** Gives an address back, if that owner has it; whether he had. */
  boolean release(IpAddress address, String owner) {
    for (ServiceIpAllocator network : networks.values()) {
      if (network.release(address, owner)) {
        return true;
      }
    }
    return false;
  }
}
