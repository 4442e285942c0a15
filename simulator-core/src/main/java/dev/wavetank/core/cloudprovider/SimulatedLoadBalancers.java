package dev.wavetank.core.cloudprovider;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.EdgeRouter;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The load balancers of a simulated cloud, at the edge of the cluster's network. They take IPv4,
 * TCP and UDP.
 *
 * <p>A request takes from {@link #REQUEST_NANOS_MIN} to {@link #REQUEST_NANOS_MAX}. Addresses come
 * from a block, the lowest free one first, or the one that {@code spec.loadBalancerIP} names.
 */
public final class SimulatedLoadBalancers implements LoadBalancer, EdgeRouter {

  /** How long a request takes at least. */
  public static final long REQUEST_NANOS_MIN = 2_000_000_000L;

  /** How long a request takes at most. */
  public static final long REQUEST_NANOS_MAX = 8_000_000_000L;

  /** How a load balancer hands packets to nodes, in the words of {@code ipMode}. */
  public enum IpMode {
    /** As they are: the destination stays the load balancer's address, the source the client's. */
    VIP("VIP"),
    /** From its own address to a node port. */
    PROXY("Proxy");

    private final String apiName;

    IpMode(String apiName) {
      this.apiName = apiName;
    }

    public String apiName() {
      return apiName;
    }

    /** The mode of that name; any other word is a bug. */
    public static IpMode of(String apiName) {
      SimulationBug.check(apiName.equals("VIP") || apiName.equals("Proxy"), "no mode " + apiName);
      return apiName.equals("VIP") ? VIP : PROXY;
    }
  }

  /**
   * Knows how nodes are: the seam that whoever knows kube-proxies fills.
   *
   * <p>A node that changed is told of by {@link #nodeChanged}.
   */
  public interface NodeHealth {

    /**
     * Whether the node would answer a health check well now.
     *
     * @param healthCheckPort of a Service with external traffic policy Local; 0 for others, of
     *     which only the node itself is checked
     */
    boolean answers(String node, KubeObject service, int healthCheckPort);
  }

  private static final IpBlock ALL = IpBlock.parse("0.0.0.0/0");

  private final Simulation simulation;
  private final IpMode mode;
  private final IpBlock addresses;
  private final NodeHealth health;
  private final ChoiceStream choices;
  private final Map<String, Balancer> byUid = new LinkedHashMap<>();
  private final Map<IpAddress, Balancer> byAddress = new LinkedHashMap<>();

  /**
   * A cloud without load balancers yet.
   *
   * @param addresses of load balancers; neither the first nor the last of them is given out
   */
  public SimulatedLoadBalancers(
      Simulation simulation, IpMode mode, IpBlock addresses, NodeHealth health) {
    this.simulation = simulation;
    this.mode = mode;
    this.addresses = addresses;
    this.health = health;
    this.choices = simulation.choices().stream("cloud/load-balancer");
  }

  @Override
  public boolean exists(KubeObject service) {
    return byUid.containsKey(service.uid());
  }

  private void request(String what, KubeObject service, Runnable done) {
    simulation.after(
        choices.between(REQUEST_NANOS_MIN, REQUEST_NANOS_MAX),
        "cloud/" + what,
        service.namespace() + "/" + service.name(),
        done);
  }

  @Override
  public void ensure(KubeObject service, ImmutableList<KubeObject> nodes, Ended ended) {
    request("ensure-load-balancer", service, () -> ensureNow(service, nodes, ended));
  }

  private void ensureNow(KubeObject service, ImmutableList<KubeObject> nodes, Ended ended) {
    Balancer known = byUid.get(service.uid());
    Ports ports = Ports.of(service);
    String asked = service.spec().string("loadBalancerIP", "");
    IpAddress address = known == null ? free(asked) : known.address();
    String error = "";
    if (!service.spec().listOrEmpty("ipFamilies").contains("IPv4")) {
      error = "load balancers of this cloud have IPv4 addresses only";
    } else if (ports.sctp()) {
      error = "load balancers of this cloud take TCP and UDP only";
    } else if (mode == IpMode.PROXY && ports.withoutNodePort()) {
      error = "this load balancer sends to node ports, and a port of the Service has none";
    } else if (address == null) {
      error =
          asked.isEmpty()
              ? "no address is free in " + addresses
              : "address " + asked + " is not free in " + addresses;
    }
    if (!error.isEmpty() || address == null) {
      ended.ended(KubeList.EMPTY, error);
      return;
    }
    Balancer balancer = known == null ? new Balancer(mode, address) : known;
    byUid.put(service.uid(), balancer);
    byAddress.put(address, balancer);
    balancer.configure(service, ports);
    nodes(balancer, nodes);
    ended.ended(KubeList.of(KubeMap.of("ip", address.toString(), "ipMode", mode.apiName())), "");
  }

  private @Nullable IpAddress free(String asked) {
    if (!asked.isEmpty()) {
      IpAddress address = IpAddress.parseOrNull(asked);
      boolean taken = address == null || byAddress.containsKey(address);
      return address == null || taken || !addresses.contains(address) ? null : address;
    }
    IpAddress next = addresses.network().plus(1);
    while (byAddress.containsKey(next)) {
      next = next.plus(1);
    }
    return addresses.contains(next.plus(1)) ? next : null;
  }

  private void nodes(Balancer balancer, ImmutableList<KubeObject> nodes) {
    balancer.nodes(
        nodes,
        node -> {
          long phase = choices.between(0, HealthCheck.INTERVAL_NANOS - 1);
          return new HealthCheck(phase, answers(balancer, node), simulation.now());
        });
    nodes.forEach(node -> look(balancer, node.name()));
  }

  private boolean answers(Balancer balancer, String node) {
    return health.answers(node, balancer.service(), balancer.healthCheckPort());
  }

  private void look(Balancer balancer, String node) {
    HealthCheck check = balancer.check(node);
    if (check != null) {
      check.answers(answers(balancer, node), simulation.now());
    }
  }

  @Override
  public void update(KubeObject service, ImmutableList<KubeObject> nodes, Runnable updated) {
    request(
        "update-load-balancer",
        service,
        () -> {
          Balancer balancer = byUid.get(service.uid());
          if (balancer != null) {
            nodes(balancer, nodes);
          }
          updated.run();
        });
  }

  @Override
  public void ensureDeleted(KubeObject service, Runnable deleted) {
    request(
        "delete-load-balancer",
        service,
        () -> {
          Balancer balancer = byUid.remove(service.uid());
          if (balancer != null) {
            byAddress.remove(balancer.address());
          }
          deleted.run();
        });
  }

  /** A node may answer health checks otherwise than before. */
  public void nodeChanged(String node) {
    byUid.values().forEach(balancer -> look(balancer, node));
  }

  @Override
  public @Nullable Hop route(Packet packet, @Nullable Trail trail) {
    Balancer balancer = byAddress.get(packet.destination());
    return balancer == null ? null : balancer.route(packet, simulation.now(), trail);
  }

  /** From where a Service's load balancer takes packets; all of IPv4 when it does not say. */
  static ImmutableList<IpBlock> sourceRanges(KubeObject service) {
    List<Object> ranges = new ArrayList<>();
    service.spec().listOrEmpty("loadBalancerSourceRanges").forEach(ranges::add);
    if (ranges.isEmpty()) {
      String annotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
      ranges.addAll(List.of(service.annotations().string(annotation, "").split(",", -1)));
    }
    ImmutableList.Builder<IpBlock> blocks = ImmutableList.builder();
    for (Object range : ranges) {
      IpBlock block = IpBlock.parseOrNull(range.toString().strip());
      if (block != null) {
        blocks.add(block);
      }
    }
    ImmutableList<IpBlock> found = blocks.build();
    return found.isEmpty() ? ImmutableList.of(ALL) : found;
  }
}
