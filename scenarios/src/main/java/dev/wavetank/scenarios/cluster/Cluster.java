package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.EventExpiry;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.apiserver.http.ContainerLogs;
import dev.wavetank.core.apiserver.http.PodConnections;
import dev.wavetank.core.container.image.ImageRegistry;
import dev.wavetank.core.controller.persistentvolume.LocalPathProvisioner;
import dev.wavetank.core.controllermanager.KubeControllerManager;
import dev.wavetank.core.gateway.GatewayPrograms;
import dev.wavetank.core.ingress.IngressNginx;
import dev.wavetank.core.kubectl.Kubectl;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.core.kubectl.resource.FileSource;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.kubelet.NodeConfig;
import dev.wavetank.core.metricsserver.MetricsServer;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.networkpolicy.NetworkPolicies;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.core.trace.Trace;
import dev.wavetank.dns.ClusterDns;
import dev.wavetank.dns.resolver.PodDns;
import dev.wavetank.dns.resolver.ResolvConf;
import dev.wavetank.proxy.KubeProxies;
import dev.wavetank.scheduler.Attempt;
import dev.wavetank.scheduler.Scheduler;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.whatif.DryRun;
import dev.wavetank.scheduler.whatif.Remedies;
import dev.wavetank.scheduler.whatif.Remedy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A simulated Kubernetes cluster: the front door for Java programs.
 *
 * <pre>{@code
 * Cluster cluster = Cluster.builder().nodes(3).seed(42).start();
 * cluster.apply("web.yaml", text);
 * cluster.run(Duration.ofSeconds(30));
 * System.out.println(cluster.kubectl("get pods").stdout());
 * }</pre>
 *
 * <p>Time stands still between calls and passes only in those that say so. One cluster is used from
 * one thread; many clusters may run side by side. Two clusters that are started alike and used
 * alike are alike, to the last byte of their traces.
 */
public final class Cluster {

  /** The name server in every node's resolver file; an address that documentation may use. */
  public static final String NODE_NAMESERVER = "192.0.2.53";

  static final String API_SERVER = "kube-apiserver";
  private static final ResolvConf NODE_RESOLV_CONF =
      ResolvConf.parse("nameserver " + NODE_NAMESERVER + "\n");
  static final String DEFAULT_NAMESPACE = "default";

  /** By then a lookup or a connection attempt is over, whatever its own limits are. */
  private static final Duration GIVE_UP = Duration.ofMinutes(5);

  private final Simulation simulation;
  private final Trace trace;
  private final ApiServer api;
  private final ApiServerConfiguration configuration;
  private final @Nullable SecondaryFamily secondaryFamily;
  private final Network network;
  private final Kubelets kubelets;
  private final KubeProxies proxies;
  private final ClusterDns dns;
  private final PodNetwork podNetwork;
  private final CoreDnsProcesses coreDns;
  private final KubeletStreams streams;
  private final NodeProcesses nodeProcesses;
  private final Registry schedulerPlugins;
  private final ImmutableList<Scheduler> schedulers;
  private final KubeControllerManager controllers;
  private final NodePower power;
  private final @Nullable NodeLocalDns nodeLocalDns;
  private final Reachability reachability;

  Cluster(ClusterBuilder builder) {
    simulation = new Simulation(builder.choices, builder.startsAt);
    trace = new Trace(simulation, builder.traceKept);
    api = new ApiServer(simulation, builder.latencies);
    api.listen(this::committed);
    configuration = builder.apiServer();
    secondaryFamily = builder.dualStack ? new SecondaryFamily() : null;
    configuration.install(api);
    network = new Network(simulation, builder.networkLatencies);
    dns = new ClusterDns(api, network, builder.outside);
    coreDns = new CoreDnsProcesses(api, dns, NODE_RESOLV_CONF);
    coreDns.install(builder.images);
    new IngressNginx(api).install(builder.images);
    new GatewayPrograms(api).install(builder.images);
    nodeLocalDns = NodeLocalDns.of(builder, api, network, dns);
    podNetwork = new PodNetwork(simulation, network, dns, coreDns, podDns(builder), this::rules);
    kubelets = new Kubelets(api, builder.images, podNetwork);
    kubelets.listen(podNetwork);
    streams = new KubeletStreams(simulation, kubelets, network, configuration.address());
    nodeProcesses =
        new NodeProcesses(api, configuration, kubelets, coreDns, streams, builder.clusterDomain);
    proxies = new KubeProxies(api, builder.kubeProxy());
    if (builder.conntrackRacePercent > 0) {
      proxies.race(builder.conntrackRacePercent / 100.0);
      dns.shareSockets();
    }
    if (builder.networkPolicies) {
      new NetworkPolicies(api, network);
    }
    schedulerPlugins = builder.schedulerPlugins;
    schedulers = schedulers(builder);
    reachability = new Reachability(api, kubelets, podNetwork, NODE_RESOLV_CONF);
    simulation.act("cluster/start", "cluster", () -> start(builder));
    new EventExpiry(api);
    controllers = new KubeControllerManager(api, this::lastRenewNanos);
    power = new NodePower(api, network, kubelets, proxies, controllers.nodeLifecycle());
    if (builder.loadBalancers != null) {
      Cloud.start(api, network, proxies, builder.loadBalancers, builder.loadBalancerAddresses);
    }
    schedulers.forEach(Scheduler::start);
    run(builder.uptime);
  }

  private ImmutableList<Scheduler> schedulers(ClusterBuilder builder) {
    if (builder.schedulers.isEmpty()) {
      return ImmutableList.of(
          new Scheduler(api, KubeSchedulerConfiguration.DEFAULT, builder.schedulerPlugins));
    }
    ImmutableList.Builder<Scheduler> built = ImmutableList.builder();
    for (KubeSchedulerConfiguration configuration : builder.schedulers) {
      built.add(new Scheduler(api, configuration, builder.schedulerPlugins));
    }
    return built.build();
  }

  private static PodDns podDns(ClusterBuilder builder) {
    return new PodDns(NodeLocalDns.serversOfPods(builder), builder.clusterDomain, NODE_RESOLV_CONF);
  }

  /** Settings of a cluster that is not started. */
  public static ClusterBuilder builder() {
    return new ClusterBuilder();
  }

  private void start(ClusterBuilder builder) {
    new Bootstrap(api, configuration).create();
    for (NodeConfig node : builder.nodes) {
      joinNow(node);
    }
    if (!network.isNode(configuration.address())) {
      network.addNode(
          API_SERVER,
          configuration.address(),
          nodeProcesses.at(configuration.address(), (port, path) -> null));
    }
    IpAddress resolver = IpAddress.parse(NODE_NAMESERVER);
    network.addNode("outside-dns", resolver, dns.outside(resolver));
    if (secondaryFamily != null) {
      network.outside(Reachability.OUTSIDE, Reachability.OUTSIDE_IPV6);
    }
    if (builder.storageClass) {
      api.create(ResourceType.STORAGE_CLASSES, LocalPathProvisioner.standardClass());
      new LocalPathProvisioner(api, builder.provisioningNanos);
    }
    if (builder.dns) {
      CoreDnsAddon.create(api, configuration, builder.clusterDomain);
    }
    if (nodeLocalDns != null) {
      nodeLocalDns.createService();
    }
    if (builder.metricsServer) {
      MetricsServer.start(api, kubelets);
    }
  }

  private long lastRenewNanos(String node) {
    Kubelet kubelet = kubelets.find(node);
    return kubelet == null ? -1 : kubelet.lastRenewNanos();
  }

  private Kubelet joinNow(NodeConfig given) {
    NodeConfig config = secondaryFamily == null ? given : secondaryFamily.complete(given);
    String name = config.name();
    nodeProcesses.join(network, config, (port, path) -> proxies.health(name, port, path));
    Kubelet kubelet = kubelets.join(config);
    KubeObject node = api.get(ObjectKey.of(ResourceType.NODES, "", config.name()));
    network.dataPath(config.name(), proxies.start(node));
    if (nodeLocalDns != null) {
      nodeLocalDns.createPod(config.name());
    }
    return kubelet;
  }

  private void committed(Commit commit) {
    KubeObject after = commit.after();
    trace.fact("apiserver/commit", commit.key(), commit, after == null ? 0 : after.hashCode());
  }

  // Its parts

  public Simulation simulation() {
    return simulation;
  }

  public Trace trace() {
    return trace;
  }

  public ApiServer api() {
    return api;
  }

  public Network network() {
    return network;
  }

  public Kubelets kubelets() {
    return kubelets;
  }

  public KubeProxies kubeProxies() {
    return proxies;
  }

  public ClusterDns dns() {
    return dns;
  }

  public KubeControllerManager controllers() {
    return controllers;
  }

  /** The first scheduler: the default one, unless the builder was told otherwise. */
  public Scheduler scheduler() {
    return schedulers.get(0);
  }

  public ImmutableList<Scheduler> schedulers() {
    return schedulers;
  }

  /** The logs of containers. */
  public ContainerLogs containerLogs() {
    return streams;
  }

  /** Connections into pods, by way of their kubelets. */
  public PodConnections podConnections() {
    return streams;
  }

  /** What can be pulled and what it does. */
  public ImageRegistry images() {
    return kubelets.images();
  }

  // Time

  /** Virtual time since the simulation began. */
  public Duration now() {
    return Duration.ofNanos(simulation.now());
  }

  /** Lets time pass. */
  public void run(Duration time) {
    simulation.runUntil(simulation.now() + time.toNanos());
  }

  /** Lets time pass until the condition holds after an event; false when {@code limit} is over. */
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    return simulation.runUntil(condition, simulation.now() + limit.toNanos());
  }

  // Nodes

  /** Adds a node. */
  public Kubelet join(NodeConfig config) {
    Kubelet[] joined = new Kubelet[1];
    simulation.act("cluster/join", config.name(), () -> joined[0] = joinNow(config));
    return joined[0];
  }

  /**
   * A fault: the node loses power. Its containers, its rules and its tracked connections are gone
   * at once; the API hears of it when leases are missed.
   *
   * @throws dev.wavetank.core.api.ApiException 404 when there is no such node
   */
  public void crashNode(String node) {
    kubelet(node);
    simulation.act("fault/crash-node", node, () -> power.off(node));
  }

  /** Ends {@link #crashNode}: the node starts again. */
  public void recoverNode(String node) {
    kubelet(node);
    simulation.act("fault/recover-node", node, () -> power.on(node));
  }

  /**
   * A fault: a container gets SIGKILL.
   *
   * @param container its name; empty for the first one that runs
   * @return false when it does not run
   * @throws dev.wavetank.core.api.ApiException 404 when there is no such pod
   */
  public boolean killContainer(String namespace, String pod, String container) {
    KubeObject object = api.get(ObjectKey.of(ResourceType.PODS, namespace, pod));
    Kubelet kubelet = kubelets.find(object.spec().string("nodeName", ""));
    boolean[] killed = new boolean[1];
    simulation.act(
        "fault/kill-container",
        object.key(ResourceType.PODS),
        () -> killed[0] = kubelet != null && kubelet.killContainer(namespace, pod, container));
    return killed[0];
  }

  /**
   * A fault: image pulls of a node take so many times as long.
   *
   * @param factor at least 1; 1 is the normal speed
   */
  public void slowPulls(String node, long factor) {
    SimulationBug.check(factor >= 1, "pulls can only be slowed down");
    simulation.act("fault/slow-pulls", node, () -> kubelet(node).runtime().slowPulls(factor));
  }

  /**
   * A fault: an image cannot be pulled any more.
   *
   * @param error the runtime's words; empty for a tag that does not exist
   */
  public void failPulls(String image, String error) {
    simulation.act(
        "fault/fail-pulls",
        image,
        () -> {
          if (error.isEmpty()) {
            images().absent(image);
          } else {
            images().failPulls(image, error);
          }
        });
  }

  private Kubelet kubelet(String node) {
    Kubelet kubelet = kubelets.find(node);
    if (kubelet == null) {
      throw new ApiException(Status.notFound(ResourceType.NODES, node));
    }
    return kubelet;
  }

  /**
   * Connects once and closes, and lets time pass until the outcome is known.
   *
   * @param from {@code pod/NAME}, {@code pod/NAMESPACE/NAME}, {@code node/NAME} or {@code outside}
   * @param host a name or an address
   * @throws IllegalArgumentException when {@code from} is no such reference
   * @throws ApiException 404 when there is no such pod or node, 400 when the pod does not run
   */
  public Reach connect(String from, String host, int port) {
    return reach(from, host, port, HttpClient.Task.CONNECT, null);
  }

  /** The same as an SCTP association; see {@link #connect}. */
  public Reach associate(String from, String host, int port) {
    return reach(from, host, port, HttpClient.Task.ASSOCIATE, null);
  }

  /** Sends one request {@code GET} over a connection of its own; see {@link #connect}. */
  public Reach get(String from, String host, int port, String path) {
    return reach(from, host, port, HttpClient.Task.get(host, port, path), null);
  }

  /** Connects once and tells each step of the way; see {@link #connect}. */
  public PathReport path(String from, String host, int port) {
    PathCollector path = new PathCollector();
    return path.report(reach(from, host, port, HttpClient.Task.CONNECT, path));
  }

  /**
   * Checks that a text is a reference to a client.
   *
   * @throws IllegalArgumentException when it is none; the message says what is expected
   */
  public static void checkClient(String from) {
    Client.Reference.parse(from);
  }

  private Reach reach(
      String from, String host, int port, HttpClient.Task task, @Nullable PathCollector path) {
    Client client = reachability.client(from, DEFAULT_NAMESPACE);
    AtomicReference<Reach> outcome = new AtomicReference<>();
    String target = host + ":" + port;
    simulation.act(
        "user/connect",
        target,
        () ->
            reachability.reach(
                client, host, port, task, Reachability.PATIENCE, path, outcome::set));
    runUntil(() -> outcome.get() != null, Reachability.PATIENCE.plus(GIVE_UP));
    return found(outcome, "a connection to " + target);
  }

  /**
   * A client's way to one port, for many requests; it takes {@code from} as {@link #connect} does.
   *
   * @param header Host of the requests
   */
  public HttpSession session(
      String from, String host, int port, String header, HttpSession.Reuse reuse) {
    return new HttpSession(reachability, network, from, host, port, header, reuse);
  }

  /** The same for datagrams from one socket. */
  public DatagramSession datagrams(String from, String host, int port) {
    return new DatagramSession(reachability, network, from, host, port);
  }

  /**
   * What a program dig prints there; see {@link #connect} for {@code from}.
   *
   * @param arguments without the word dig
   * @throws ApiException 404 and 400 as {@link #connect}; 504 when its questions would take more
   *     than five minutes
   */
  public String dig(String from, String... arguments) {
    Client client = reachability.client(from, DEFAULT_NAMESPACE);
    AtomicReference<String> printed = new AtomicReference<>();
    simulation.act(
        "user/dig",
        String.join(" ", arguments),
        () -> reachability.dig(client, ImmutableList.copyOf(arguments), printed::set));
    if (!runUntil(() -> printed.get() != null, GIVE_UP)) {
      String message = "dig was not over after " + GIVE_UP.toMinutes() + " minutes";
      throw new ApiException(Status.bare(504, "Timeout", message));
    }
    return found(printed, "dig");
  }

  private static <T> T found(AtomicReference<T> outcome, String what) {
    T value = outcome.get();
    if (value == null) {
      throw new SimulationBug(what + " has no outcome after " + GIVE_UP);
    }
    return value;
  }

  /**
   * Runs a kubectl command line in namespace {@code default}, without files; a command that waits
   * lets time pass.
   *
   * @param commandLine split into words as a shell splits it; the word kubectl may be left out
   * @throws IllegalArgumentException when a quote is not closed
   */
  public Output kubectl(String commandLine) {
    return kubectl(commandLine, "", DEFAULT_NAMESPACE, FileSource.NONE);
  }

  /**
   * Runs a kubectl command line.
   *
   * @param stdin what it reads from standard input
   * @param namespace of the context
   * @param files where the files of {@code -f} are
   */
  public Output kubectl(String commandLine, String stdin, String namespace, FileSource files) {
    Kubectl kubectl =
        Kubectl.builder(api)
            .clock(simulation::runUntil)
            .files(files)
            .streams(streams)
            .context("wavetank", namespace)
            .serverAddress("https://" + configuration.address() + ":" + configuration.port())
            .build();
    AtomicReference<Output> output = new AtomicReference<>();
    List<String> words = Words.split(commandLine);
    simulation.act(
        "user/kubectl",
        commandLine,
        () -> output.set(kubectl.run(words, stdin.getBytes(StandardCharsets.UTF_8))));
    return found(output, "kubectl " + commandLine);
  }

  /**
   * Applies manifests, as {@code kubectl apply} does.
   *
   * @param file as errors name it
   * @return what kubectl prints
   * @throws dev.wavetank.core.api.ManifestException when a manifest is wrong; nothing is applied
   */
  public Output apply(String file, String text) {
    AppliedManifests.check(file, text);
    return kubectl("apply -f -", text, DEFAULT_NAMESPACE, FileSource.NONE);
  }

  /** The last attempt of any scheduler to place a pod; null when there was none. */
  public @Nullable Attempt lastAttempt(ObjectKey pod) {
    Attempt last = null;
    for (Scheduler scheduler : schedulers) {
      Attempt attempt = scheduler.lastAttempt(pod);
      if (attempt != null && (last == null || attempt.timeNanos() > last.timeNanos())) {
        last = attempt;
      }
    }
    return last;
  }

  /**
   * Writes the last attempt on the pod, as the annotations of kube-scheduler-simulator.
   *
   * @return false when there was no attempt
   * @throws ApiException 404 when there is no such pod
   */
  public boolean annotateScheduling(ObjectKey pod) {
    Attempt attempt = lastAttempt(pod);
    if (attempt != null) {
      simulation.act(
          "user/annotate",
          pod,
          () -> api.patch(ResourceType.PODS, pod, object -> annotated(object, attempt)));
    }
    return attempt != null;
  }

  private static KubeObject annotated(KubeObject pod, Attempt attempt) {
    KubeMap.Builder annotations = KubeMap.builder();
    pod.annotations().forEach(annotations::put);
    attempt.annotations().forEach(annotations::put);
    return pod.with(annotations.build(), "metadata", "annotations");
  }

  /**
   * The smallest changes with which a pod would fit, each tried out on a copy of the cluster with
   * the profile that the pod names; none when its scheduler is not of this cluster.
   */
  public ImmutableList<Remedy> remedies(KubeObject pod) {
    DryRun copy = dryRun(pod.spec().string("schedulerName", Profile.DEFAULT_SCHEDULER_NAME));
    return copy == null ? ImmutableList.of() : Remedies.find(copy, pod);
  }

  /** A copy of the cluster to think with, by a scheduler's name; null when there is none such. */
  public @Nullable DryRun dryRun(String schedulerName) {
    for (Scheduler scheduler : schedulers) {
      Profile profile = scheduler.profile(schedulerName);
      if (profile != null) {
        return DryRun.of(schedulerPlugins, profile, DryRun.objects(api));
      }
    }
    return null;
  }

  /** How an object came to be as it is, in lines; ends with a line break. */
  public String why(ObjectKey key) {
    return new Why(this).text(key);
  }

  /**
   * The rules of a node, as the tools of the node print them.
   *
   * @throws ApiException 404 when there is no such node
   */
  public NodeRules rules(String node) {
    kubelet(node);
    return new NodeRules(proxies.get(node));
  }

  /**
   * What {@code docker ps} prints on a node: its running containers.
   *
   * @param format a Go template such as <code>{{.ID}}: {{.Status}}</code>; empty for the table
   * @throws ApiException 404 when there is no such node
   * @throws dev.wavetank.core.kubectl.gotemplate.TemplateException when the format is no template
   */
  public String dockerPs(String node, String format) {
    return new DockerPs(simulation, kubelet(node)).print(format);
  }
}
