package dev.wavetank.scenarios;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.cloudprovider.SimulatedLoadBalancers;
import dev.wavetank.core.container.image.ImagePersonality;
import dev.wavetank.core.container.image.PersonalityReader;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.kubelet.NodeConfig;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.proxy.Balancer;
import dev.wavetank.proxy.ProxyMode;
import dev.wavetank.proxy.ipvs.Scheduler;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.cluster.ClusterBuilder;
import dev.wavetank.scenarios.step.NodeFields;
import dev.wavetank.scenarios.step.StepFiles;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.whatif.DryRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The part {@code cluster} of a scenario file, as settings of a {@link ClusterBuilder}. */
final class ClusterSettings {

  private static final String DUAL_STACK = "IPv4,IPv6";

  static final ImmutableList<String> KEYS =
      ImmutableList.of(
          "profile",
          "nodes",
          "pod-network",
          "first-pod",
          "ip-families",
          "balancer",
          "proxy-mode",
          "ipvs-scheduler",
          "dns",
          "node-local-dns",
          "conntrack-race",
          "network-policies",
          "load-balancers",
          "load-balancer-addresses",
          "metrics-server",
          "uptime",
          "images",
          "preloaded",
          "schedulers");
  static final ImmutableList<String> BALANCERS = ImmutableList.of("round-robin", "random");
  static final ImmutableList<String> PROXY_MODES =
      Stream.of(ProxyMode.values())
          .map(ProxyMode::configName)
          .collect(ImmutableList.toImmutableList());
  static final ImmutableList<String> IPVS_SCHEDULERS =
      Stream.of(Scheduler.values())
          .map(Scheduler::schedulerName)
          .collect(ImmutableList.toImmutableList());
  static final ImmutableList<String> IP_FAMILIES = ImmutableList.of("IPv4", DUAL_STACK);
  static final ImmutableList<String> LOAD_BALANCERS = ImmutableList.of("none", "VIP", "Proxy");
  static final ImmutableList<String> PROFILES = ImmutableList.of("numbered", "docker-desktop");

  private final List<Consumer<ClusterBuilder>> settings = new ArrayList<>();
  private final List<Consumer<Cluster>> afterStart = new ArrayList<>();

  private ClusterSettings() {}

  /**
   * Reads the part; without it every setting is the default.
   *
   * @throws dev.wavetank.core.api.ScenarioException when it is wrong
   */
  static ClusterSettings read(@Nullable FileFields fields, StepFiles files) {
    ClusterSettings read = new ClusterSettings();
    if (fields != null) {
      read.readAll(fields.known(KEYS), files);
    }
    return read;
  }

  /** A cluster with these settings, just started. */
  Cluster start(ClusterBuilder builder) {
    settings.forEach(setting -> setting.accept(builder));
    Cluster cluster = builder.start();
    afterStart.forEach(action -> action.accept(cluster));
    return cluster;
  }

  private void readAll(FileFields fields, StepFiles files) {
    if (fields.word("profile", "numbered", PROFILES).equals("docker-desktop")) {
      settings.add(ClusterBuilder::dockerDesktop);
    }
    if (fields.isList("nodes")) {
      nodes(fields);
    } else if (fields.has("nodes")) {
      int count = (int) fields.number("nodes", 0, 0, ClusterBuilder.NODES_MAX);
      settings.add(builder -> builder.nodes(count));
    }
    families(fields);
    boolean random = fields.word("balancer", "round-robin", BALANCERS).equals("random");
    settings.add(builder -> builder.balancer(random ? Balancer.RANDOM : Balancer.ROUND_ROBIN));
    ProxyMode mode =
        ProxyMode.of(fields.word("proxy-mode", ProxyMode.IPTABLES.configName(), PROXY_MODES));
    settings.add(builder -> builder.proxyMode(mode));
    Scheduler ipvs = Scheduler.of(fields.word("ipvs-scheduler", "rr", IPVS_SCHEDULERS));
    settings.add(builder -> builder.ipvsScheduler(ipvs));
    boolean dns = fields.bool("dns", true);
    settings.add(builder -> builder.dns(dns));
    boolean nodeLocal = fields.bool("node-local-dns", false);
    if (nodeLocal && !dns) {
      throw fields.wrong("node-local-dns", "there is no DNS to cache");
    }
    settings.add(builder -> builder.nodeLocalDns(nodeLocal));
    int race = (int) fields.number("conntrack-race", 0, 0, 100);
    if (race > 0 && mode == ProxyMode.IPVS) {
      throw fields.wrong("conntrack-race", "mode ipvs has no such race here");
    }
    settings.add(builder -> builder.conntrackRace(race));
    boolean policies = fields.bool("network-policies", true);
    settings.add(builder -> builder.networkPolicies(policies));
    loadBalancers(fields);
    boolean metrics = fields.bool("metrics-server", false);
    settings.add(builder -> builder.metricsServer(metrics));
    if (fields.has("uptime")) {
      Duration uptime = Duration.ofNanos(fields.nanos("uptime", 0));
      settings.add(builder -> builder.uptime(uptime));
    }
    if (fields.has("first-pod")) {
      IpAddress first = address(fields, "first-pod");
      afterStart.add(cluster -> firstPod(cluster, first));
    }
    ImmutableList<String> preloaded = fields.texts("preloaded");
    afterStart.add(
        cluster ->
            cluster
                .kubelets()
                .all()
                .forEach(kubelet -> preloaded.forEach(kubelet.runtime()::preload)));
    for (String scheduler : fields.texts("schedulers")) {
      KubeSchedulerConfiguration configuration = scheduler(fields, scheduler, files);
      settings.add(builder -> builder.scheduler(configuration));
    }
    for (String image : fields.texts("images")) {
      ImagePersonality personality = personality(fields, image, files);
      settings.add(builder -> builder.images().add(personality));
    }
  }

  private void families(FileFields fields) {
    boolean dualStack = fields.word("ip-families", "IPv4", IP_FAMILIES).equals(DUAL_STACK);
    int numbered =
        fields.isList("nodes") ? 0 : (int) fields.number("nodes", 0, 0, ClusterBuilder.NODES_MAX);
    if (dualStack && numbered > ClusterBuilder.DUAL_STACK_NODES_MAX) {
      throw fields.wrong(
          "nodes",
          "a cluster of both families has at most "
              + ClusterBuilder.DUAL_STACK_NODES_MAX
              + " nodes");
    }
    settings.add(builder -> builder.dualStack(dualStack));
  }

  private void loadBalancers(FileFields fields) {
    String word = fields.word("load-balancers", "none", LOAD_BALANCERS);
    IpBlock addresses =
        IpBlock.parseOrNull(fields.text("load-balancer-addresses", "203.0.113.0/24"));
    if (addresses == null || addresses.network().isV6()) {
      throw fields.wrong("load-balancer-addresses", "expected a block such as 203.0.113.0/24");
    }
    if (word.equals("none")) {
      if (fields.has("load-balancer-addresses")) {
        throw fields.wrong("load-balancer-addresses", "there are no load balancers");
      }
      return;
    }
    SimulatedLoadBalancers.IpMode mode = SimulatedLoadBalancers.IpMode.of(word);
    settings.add(builder -> builder.loadBalancers(mode).loadBalancerAddresses(addresses));
  }

  private static void firstPod(Cluster cluster, IpAddress address) {
    for (Kubelet kubelet : cluster.kubelets().all()) {
      NodeConfig config = kubelet.config();
      if (address.in(config.podNetwork(), config.podPrefixLength())) {
        kubelet.nextPodIp(address);
      }
    }
  }

  /** A personality, written in place or in a file beside the scenario. */
  private static ImagePersonality personality(FileFields fields, String image, StepFiles files) {
    if (image.contains("\n")) {
      return PersonalityReader.read(fields.place("images").file() + " (images)", image);
    }
    byte[] bytes = files.read(fields, "images", image);
    return PersonalityReader.read(image, new String(bytes, StandardCharsets.UTF_8));
  }

  /** A configuration, written in place or in a file beside the scenario. */
  private static KubeSchedulerConfiguration scheduler(
      FileFields fields, String scheduler, StepFiles files) {
    boolean inPlace = scheduler.contains("\n");
    KubeSchedulerConfiguration read =
        KubeSchedulerConfiguration.read(
            inPlace ? fields.place("schedulers").file() + " (schedulers)" : scheduler,
            inPlace
                ? scheduler
                : new String(files.read(fields, "schedulers", scheduler), StandardCharsets.UTF_8));
    try {
      DryRun.check(read, DefaultPlugins.registry());
    } catch (IllegalArgumentException e) {
      throw fields.wrong("schedulers", String.valueOf(e.getMessage()));
    }
    return read;
  }

  private void nodes(FileFields fields) {
    ImmutableList.Builder<NodeConfig> nodes = ImmutableList.builder();
    for (FileFields node : fields.maps("nodes")) {
      nodes.add(NodeFields.read(node));
    }
    String network = fields.text("pod-network", "10.244.0.0/16");
    if (AddressBlock.parseOrNull(network) == null) {
      throw fields.wrong("pod-network", "expected a block such as 10.244.0.0/16");
    }
    ImmutableList<NodeConfig> all = nodes.build();
    settings.add(builder -> builder.nodes(all, network));
  }

  private static IpAddress address(FileFields fields, String key) {
    try {
      return IpAddress.parse(fields.text(key));
    } catch (IllegalArgumentException e) {
      throw fields.wrong(key, "expected an address such as 172.18.0.3");
    }
  }
}
