package dev.wavetank.core.cloudprovider;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.EdgeRouter.Hop;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.network.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One load balancer: packets of one flow go to one node, of those that pass their health checks.
 *
 * <p>A flow is its addresses and ports; with session affinity ClientIP only the client's address.
 * Each node has a number for each flow and the highest wins, so that a node that comes or goes
 * moves its own flows only.
 */
final class Balancer {

  private static final int PORT_FIRST = 32_768;
  private static final int PORT_LAST = 60_999;

  /** Flows of datagrams whose port is kept, so that their answers find back. */
  private static final int FLOWS_MAX = 10_000;

  private record Behind(IpAddress address, HealthCheck check) {}

  private final SimulatedLoadBalancers.IpMode mode;
  private final IpAddress address;
  private final Map<String, Behind> nodes = new LinkedHashMap<>();
  private final Map<Packet, Integer> flowPorts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Packet, Integer> eldest) {
          return size() > FLOWS_MAX;
        }
      };
  private KubeObject service = KubeObject.of(KubeMap.EMPTY);
  private Ports ports = Ports.of(service);
  private ImmutableList<IpBlock> sourceRanges = ImmutableList.of();
  private int nextPort = PORT_FIRST;

  Balancer(SimulatedLoadBalancers.IpMode mode, IpAddress address) {
    this.mode = mode;
    this.address = address;
  }

  IpAddress address() {
    return address;
  }

  KubeObject service() {
    return service;
  }

  void configure(KubeObject newService, Ports newPorts) {
    service = newService;
    ports = newPorts;
    sourceRanges = SimulatedLoadBalancers.sourceRanges(newService);
  }

  /** The port at which nodes tell whether they have endpoints of their own; 0 for none. */
  int healthCheckPort() {
    boolean local = service.spec().string("externalTrafficPolicy", "").equals("Local");
    return local ? (int) service.spec().number("healthCheckNodePort", 0) : 0;
  }

  /** The nodes from now on; known ones keep what is believed of them. */
  void nodes(ImmutableList<KubeObject> wanted, Function<String, HealthCheck> newCheck) {
    Map<String, Behind> before = new LinkedHashMap<>(nodes);
    nodes.clear();
    for (KubeObject node : wanted) {
      IpAddress internal = internalAddress(node);
      Behind known = before.get(node.name());
      if (internal != null) {
        HealthCheck check = known == null ? newCheck.apply(node.name()) : known.check();
        nodes.put(node.name(), new Behind(internal, check));
      }
    }
  }

  private static @Nullable IpAddress internalAddress(KubeObject node) {
    for (KubeMap written : node.status().listOrEmpty("addresses").maps()) {
      IpAddress ip = IpAddress.parseOrNull(written.string("address", ""));
      if (ip != null && !ip.isV6() && written.string("type", "").equals("InternalIP")) {
        return ip;
      }
    }
    return null;
  }

  @Nullable HealthCheck check(String node) {
    Behind behind = nodes.get(node);
    return behind == null ? null : behind.check();
  }

  Hop route(Packet packet, long nowNanos, @Nullable Trail trail) {
    String where = "load balancer " + address;
    if (!ports.takes(packet)) {
      return stopped(
          where + " takes no " + packet.protocol() + " port " + packet.destinationPort());
    }
    if (sourceRanges.stream().noneMatch(range -> range.contains(packet.source()))) {
      return stopped(where + ": loadBalancerSourceRanges do not have " + packet.source());
    }
    String chosen = choose(packet, nowNanos);
    Behind behind = chosen == null ? null : nodes.get(chosen);
    if (chosen == null || behind == null) {
      String words = ": none of " + nodes.size() + " nodes passes its health checks";
      return mode == SimulatedLoadBalancers.IpMode.VIP
          ? stopped(where + words)
          : new Hop(new Verdict.Reject(where + words), "");
    }
    Packet onward = mode == SimulatedLoadBalancers.IpMode.VIP ? packet : proxied(packet, behind);
    if (trail != null) {
      String how = onward == packet ? "" : ", from its own address to its node port ";
      trail.step(
          where,
          "",
          "for Service "
              + service.namespace()
              + "/"
              + service.name()
              + ": goes to node "
              + chosen
              + how
              + (onward == packet ? "" : onward.destinationPort()));
    }
    return new Hop(new Verdict.Forward(onward), chosen);
  }

  private static Hop stopped(String by) {
    return new Hop(new Verdict.Drop(by), "");
  }

  private Packet proxied(Packet packet, Behind behind) {
    int port =
        packet.protocol() == Protocol.UDP ? flowPorts.computeIfAbsent(packet, p -> port()) : port();
    return packet.from(address, port).to(behind.address(), ports.nodePort(packet));
  }

  private int port() {
    int port = nextPort;
    nextPort = port == PORT_LAST ? PORT_FIRST : port + 1;
    return port;
  }

  private @Nullable String choose(Packet packet, long nowNanos) {
    boolean byClient = service.spec().string("sessionAffinity", "").equals("ClientIP");
    long flow = byClient ? packet.source().hashCode() : packet.hashCode();
    String best = null;
    long highest = 0;
    for (Map.Entry<String, Behind> node : nodes.entrySet()) {
      if (node.getValue().check().healthy(nowNanos)) {
        long rank = mixed(flow * 31 + node.getKey().hashCode());
        if (best == null || rank > highest) {
          best = node.getKey();
          highest = rank;
        }
      }
    }
    return best;
  }

  /** Numbers that differ little become such that differ much. */
  private static long mixed(long number) {
    long mixed = (number ^ number >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }
}
