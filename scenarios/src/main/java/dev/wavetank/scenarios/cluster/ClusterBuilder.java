package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.cloudprovider.SimulatedLoadBalancers;
import dev.wavetank.core.container.image.ImageRegistry;
import dev.wavetank.core.controller.persistentvolume.LocalPathProvisioner;
import dev.wavetank.core.kubelet.NodeConfig;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.network.NetworkLatencies;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.core.trace.Trace;
import dev.wavetank.dns.plugin.Outside;
import dev.wavetank.proxy.Balancer;
import dev.wavetank.proxy.KubeProxyConfiguration;
import dev.wavetank.proxy.ProxyMode;
import dev.wavetank.proxy.ipvs.Scheduler;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a {@link Cluster} is started with. Every setting has a default. */
public final class ClusterBuilder {

  /** Most nodes that {@link #nodes(int)} numbers. */
  public static final int NODES_MAX = 1 << 17;

  /** Most nodes of a cluster of both families. */
  public static final int DUAL_STACK_NODES_MAX = SecondaryFamily.NODES_MAX;

  /** Up to so many nodes pod addresses are as kubeadm and kind lay them out. */
  private static final int SMALL_NODES_MAX = 256;

  Choices choices = Choices.seeded(0);
  ApiServerConfiguration apiServer = ApiServerConfiguration.at(IpAddress.parse("172.18.0.2"));
  ImmutableList<NodeConfig> nodes = numbered(3);
  AddressBlock podNetwork = AddressBlock.parse("10.244.0.0/16");
  boolean dualStack;
  Balancer balancer = Balancer.ROUND_ROBIN;
  ProxyMode proxyMode = ProxyMode.IPTABLES;
  Scheduler ipvsScheduler = Scheduler.RR;
  boolean dns = true;
  boolean nodeLocalDns;
  int conntrackRacePercent;
  boolean networkPolicies = true;
  SimulatedLoadBalancers.@Nullable IpMode loadBalancers;
  boolean metricsServer;
  IpBlock loadBalancerAddresses = IpBlock.parse("203.0.113.0/24");
  boolean storageClass = true;
  long provisioningNanos = LocalPathProvisioner.DELAY_NANOS;
  Latencies latencies = Latencies.DEFAULT;
  NetworkLatencies networkLatencies = NetworkLatencies.DEFAULT;
  final List<KubeSchedulerConfiguration> schedulers = new ArrayList<>();
  Registry schedulerPlugins = DefaultPlugins.registry();
  String clusterDomain = "cluster.local";
  Duration uptime = Duration.ofMinutes(1);
  Instant startsAt = Simulation.START;
  int traceKept = Trace.KEPT_DEFAULT;
  Outside outside = nowhere();
  final ImageRegistry images = new ImageRegistry();

  ClusterBuilder() {}

  /** The resolver that every node names; it knows no name outside of the cluster. */
  private static Outside nowhere() {
    return new Outside()
        .with(
            Cluster.NODE_NAMESERVER,
            new Outside.Server(
                ImmutableList.of(), Outside.rootSoa(), /* recursive= */ true, 5_000_000L));
  }

  /** Where every choice of the run comes from; {@code Choices.seeded(0)} by default. */
  public ClusterBuilder choices(Choices source) {
    choices = source;
    return this;
  }

  /** Pseudo-random, repeatable choices. */
  public ClusterBuilder seed(long seed) {
    return choices(Choices.seeded(seed));
  }

  /**
   * Nodes {@code node-1}, {@code node-2} and so on, each with 4 cores and 16 GiB; 3 by default.
   *
   * @param count 0 to {@link #NODES_MAX}
   */
  public ClusterBuilder nodes(int count) {
    return nodes(count, node -> node);
  }

  /** Numbered nodes, each changed by a function. */
  public ClusterBuilder nodes(int count, UnaryOperator<NodeConfig> change) {
    SimulationBug.check(count >= 0 && count <= NODES_MAX, "0 to " + NODES_MAX + " nodes");
    nodes = numbered(count).stream().map(change).collect(ImmutableList.toImmutableList());
    podNetwork = AddressBlock.parse(count <= SMALL_NODES_MAX ? "10.244.0.0/16" : "11.0.0.0/8");
    return this;
  }

  /**
   * These nodes.
   *
   * @param network the block that all their pod addresses are in, such as {@code 10.1.0.0/16}
   */
  public ClusterBuilder nodes(ImmutableList<NodeConfig> configs, String network) {
    nodes = configs;
    podNetwork = AddressBlock.parse(network);
    return this;
  }

  /**
   * The one node of a desktop installation, as in the book chapter that this project began from:
   * {@code docker-desktop} with the API server on its own address and pods in 10.1.0.0/16.
   */
  public ClusterBuilder dockerDesktop() {
    IpAddress address = IpAddress.parse("192.168.65.3");
    apiServer = ApiServerConfiguration.at(address);
    NodeConfig node = NodeConfig.of("docker-desktop", address, IpAddress.parse("10.1.0.0"));
    return nodes(ImmutableList.of(node), "10.1.0.0/16");
  }

  private static ImmutableList<NodeConfig> numbered(int count) {
    boolean small = count <= SMALL_NODES_MAX;
    IpAddress first = IpAddress.parse("172.18.0.3");
    IpAddress pods = IpAddress.parse(small ? "10.244.0.0" : "11.0.0.0");
    int prefix = small ? 24 : 25;
    ImmutableList.Builder<NodeConfig> numbered = ImmutableList.builderWithExpectedSize(count);
    for (int i = 0; i < count; i++) {
      numbered.add(
          NodeConfig.of("node-" + (i + 1), first.plus(i), pods.plus((long) i << (32 - prefix)))
              .withPodPrefixLength(prefix));
    }
    return numbered.build();
  }

  /**
   * Whether nodes, pods and Services can have addresses of both families, IPv4 first; false by
   * default: IPv4 alone. Second addresses are of {@code fd00:10:244::/48} for pods, a block of 64
   * bits a node, {@code fd00:172:18::/64} for nodes and {@code fd00:10:96::/112} for Services, of
   * which each says by its {@code ipFamilyPolicy} whether it wants one.
   */
  public ClusterBuilder dualStack(boolean wanted) {
    dualStack = wanted;
    return this;
  }

  /** What the API server is started with. */
  ApiServerConfiguration apiServer() {
    return dualStack ? apiServer.withSecondaryServiceNetwork(SecondaryFamily.SERVICES) : apiServer;
  }

  /**
   * How kube-proxy's rules choose among endpoints: round robin by default, upstream's is random.
   */
  public ClusterBuilder balancer(Balancer how) {
    balancer = how;
    return this;
  }

  /** For which part of the kernel kube-proxy writes its rules: iptables by default, as upstream. */
  public ClusterBuilder proxyMode(ProxyMode mode) {
    proxyMode = mode;
    return this;
  }

  /** How IPVS chooses among endpoints, in that mode: round robin by default, as upstream. */
  public ClusterBuilder ipvsScheduler(Scheduler scheduler) {
    ipvsScheduler = scheduler;
    return this;
  }

  /** The settings of every node's kube-proxy. */
  KubeProxyConfiguration kubeProxy() {
    ImmutableList<AddressBlock> services =
        apiServer().serviceNetworks().stream()
            .map(network -> AddressBlock.parse(network.toString()))
            .collect(ImmutableList.toImmutableList());
    ImmutableList<AddressBlock> pods =
        dualStack
            ? ImmutableList.of(podNetwork, AddressBlock.parse(SecondaryFamily.PODS.toString()))
            : ImmutableList.of(podNetwork);
    return KubeProxyConfiguration.defaults(pods)
        .withServiceCidrs(services)
        .withMode(proxyMode)
        .withIpvsScheduler(ipvsScheduler)
        .withBalancer(balancer);
  }

  /** Whether the cluster has CoreDNS pods behind the Service kube-dns; true by default. */
  public ClusterBuilder dns(boolean wanted) {
    dns = wanted;
    return this;
  }

  /**
   * Whether each node has a cache of its own that pods ask, NodeLocal DNSCache; false by default.
   */
  public ClusterBuilder nodeLocalDns(boolean wanted) {
    nodeLocalDns = wanted;
    return this;
  }

  /**
   * Lets datagrams race: of 100 times when a socket sends two of them in the same moment, in so
   * many two CPUs of the node take one each, and both begin the connection; 0 by default. The
   * second is dropped if the rules translate it otherwise. From the questions of a lookup that are
   * asked together, which then leave from one socket, comes the DNS time-out of five seconds.
   *
   * @param percent 0 to 100; mode ipvs has no such race here
   */
  public ClusterBuilder conntrackRace(int percent) {
    SimulationBug.check(percent >= 0 && percent <= 100, "0 to 100 percent");
    conntrackRacePercent = percent;
    return this;
  }

  /**
   * Whether the network plugin enforces NetworkPolicies, as most do; true by default. One that does
   * not keeps silent about it.
   */
  public ClusterBuilder networkPolicies(boolean enforced) {
    networkPolicies = enforced;
    return this;
  }

  /**
   * The cluster runs in a cloud that gives Services of type LoadBalancer an address, after some
   * seconds; without this, as on a machine of one's own, they wait for one for ever.
   */
  public ClusterBuilder loadBalancers(SimulatedLoadBalancers.IpMode mode) {
    loadBalancers = mode;
    return this;
  }

  /** The addresses of the cloud's load balancers; 203.0.113.0/24 by default. */
  public ClusterBuilder loadBalancerAddresses(IpBlock block) {
    loadBalancerAddresses = block;
    return this;
  }

  /**
   * Whether metrics-server tells what pods and nodes use, for {@code kubectl top} and autoscalers;
   * false by default.
   */
  public ClusterBuilder metricsServer(boolean wanted) {
    metricsServer = wanted;
    return this;
  }

  /**
   * Whether the cluster has a default StorageClass, {@code standard}, whose volumes are directories
   * of the node; true by default.
   */
  public ClusterBuilder storageClass(boolean present) {
    storageClass = present;
    return this;
  }

  /** How long the provisioner of the default StorageClass takes for a volume; two seconds. */
  public ClusterBuilder provisioning(Duration delay) {
    provisioningNanos = delay.toNanos();
    return this;
  }

  /** How long requests and watches take. */
  public ClusterBuilder latencies(Latencies times) {
    latencies = times;
    return this;
  }

  /** How long packets take. */
  public ClusterBuilder networkLatencies(NetworkLatencies times) {
    networkLatencies = times;
    return this;
  }

  /**
   * For how long the cluster has been running when it is handed out; a minute by default, in which
   * CoreDNS becomes ready.
   */
  public ClusterBuilder uptime(Duration time) {
    uptime = time;
    return this;
  }

  /**
   * When the cluster begins, in virtual time: {@link Simulation#START} by default.
   *
   * @param instant a whole second
   */
  public ClusterBuilder startsAt(Instant instant) {
    startsAt = instant;
    return this;
  }

  /** How many trace entries are kept, a power of two, at least 64; the hash is of all entries. */
  public ClusterBuilder traceKept(int entries) {
    traceKept = entries;
    return this;
  }

  /**
   * The name servers outside of the cluster; by default {@link Cluster#NODE_NAMESERVER} answers
   * that no name exists.
   */
  public ClusterBuilder outside(Outside servers) {
    outside = servers;
    return this;
  }

  /**
   * One more scheduler; the first of them is instead of that which a cluster has by default.
   * Profiles of one configuration share a queue and a view of the cluster, those of several do not.
   */
  public ClusterBuilder scheduler(KubeSchedulerConfiguration configuration) {
    schedulers.add(configuration);
    return this;
  }

  /** The plugins that profiles of schedulers may name; {@link DefaultPlugins#registry()} if not. */
  public ClusterBuilder schedulerPlugins(Registry plugins) {
    schedulerPlugins = plugins;
    return this;
  }

  /** What can be pulled and what it does; to be added to. */
  public ImageRegistry images() {
    return images;
  }

  /**
   * Starts the cluster and lets it run for its {@link #uptime}.
   *
   * @throws IllegalArgumentException with upstream's words when a scheduler cannot be as configured
   */
  public Cluster start() {
    return new Cluster(this);
  }
}
