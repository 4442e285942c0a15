package dev.wavetank.core.kubelet;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.image.ImageRegistry;
import dev.wavetank.core.container.image.PersonalityReader;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An API server with kubelets, for their tests. What stands in for the scheduler binds each new pod
 * at once to the node that its {@code example.com/node} annotation names, or else to the node with
 * the fewest pods. Pods have no volumes but those that they ask for.
 */
final class KubeletCluster {

  static final long SECOND = 1_000_000_000L;
  private static final ImmutableList<String> IMAGES = ImmutableList.of("app", "sidecar", "busybox");

  static final long MILLI = 1_000_000L;

  /** Requests take 2 ms, watches none. */
  static final Latencies FRESH = new Latencies(2 * MILLI, 2 * MILLI, 0, 0);

  final Simulation simulation;
  final ApiServer server;
  final ImageRegistry images = new ImageRegistry();
  final Kubelets kubelets;

  /** Commits of pods, in order. */
  final List<Commit> podCommits = new ArrayList<>();

  private final List<KubeObject> events = new ArrayList<>();

  /** Calm choices and one node, {@code node-1}, that has every image of the tests. */
  KubeletCluster() {
    this(Choices.first(), FRESH);
    join("node-1");
  }

  KubeletCluster(Choices choices, Latencies latencies) {
    this(choices, latencies, ProgramNetwork.NONE);
  }

  KubeletCluster(Choices choices, Latencies latencies, ProgramNetwork network) {
    this.simulation = new Simulation(choices);
    this.server = new ApiServer(simulation, latencies);
    ApiServerConfiguration configuration =
        ApiServerConfiguration.at(IpAddress.parse("192.168.65.3"));
    configuration.install(server);
    new Bootstrap(server, configuration).create();
    create(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: default}
        automountServiceAccountToken: false
        """);
    this.kubelets = new Kubelets(server, images, network);
    server.listen(this::committed);
    Informer.of(server, ResourceType.PODS, "stand-in-scheduler", this::bind);
  }

  private void committed(Commit commit) {
    if (commit.key().type().equals(ResourceType.EVENTS)) {
      events.add(commit.object());
    } else if (commit.key().type().equals(ResourceType.PODS)) {
      podCommits.add(commit);
    }
  }

  private void bind(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (before != null || after == null || !after.spec().string("nodeName", "").isEmpty()) {
      return;
    }
    String node = after.annotations().string("example.com/node", "");
    long fewest = Long.MAX_VALUE;
    if (node.isEmpty()) {
      for (Kubelet kubelet : kubelets.all()) {
        long pods = kubelet.workers().size();
        if (!kubelet.down() && pods < fewest) {
          fewest = pods;
          node = kubelet.name();
        }
      }
    }
    if (server.find(after.key(ResourceType.PODS)) != null) {
      server.bind(after.key(ResourceType.PODS), node);
    }
  }

  /** Joins a node that has the images {@code app}, {@code sidecar} and {@code busybox}. */
  Kubelet join(String name) {
    int number = kubelets.all().size();
    return join(
        NodeConfig.of(
                name,
                IpAddress.parse("192.168.65." + (10 + number)),
                IpAddress.parse("10." + (1 + number) + ".0.0"))
            .withImages(IMAGES));
  }

  Kubelet join(NodeConfig config) {
    return kubelets.join(config);
  }

  Kubelet node() {
    return kubelets.all().iterator().next();
  }

  /** Describes an image in YAML. */
  KubeletCluster image(String yaml) {
    images.add(PersonalityReader.read("test.yaml", yaml));
    return this;
  }

  /** Creates the objects of a manifest. */
  void create(String manifest) {
    for (Manifest document : Manifests.read("test.yaml", manifest)) {
      KubeObject object = document.object();
      ResourceType type = Objects.requireNonNull(server.typeOf(object.apiVersion(), object.kind()));
      server.create(
          type,
          type.namespaced() && object.namespace().isEmpty()
              ? object.withMetadata(object.metadata().with("namespace", "default"))
              : object);
    }
  }

  /** Creates pod {@code p} with a spec given as YAML, indented by two. */
  void pod(String spec) {
    pod("p", spec);
  }

  void pod(String name, String spec) {
    create(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: "
            + name
            + "\nspec:\n"
            + spec.indent(2).stripTrailing()
            + "\n");
  }

  /** A pod whose spec is one container {@code c} of image {@code app} and more of it. */
  KubeletCluster app(String more) {
    pod(
        "containers:\n- name: c\n  image: app\n  imagePullPolicy: IfNotPresent\n"
            + more.indent(2).stripTrailing());
    return this;
  }

  /** Takes the images off the nodes. */
  void clearImages() {
    for (Kubelet kubelet : kubelets.all()) {
      IMAGES.forEach(kubelet.runtime()::removeImage);
    }
  }

  static ObjectKey key(String pod) {
    return ObjectKey.of(ResourceType.PODS, "default", pod);
  }

  KubeObject get() {
    return server.get(key("p"));
  }

  @Nullable KubeObject find() {
    return server.find(key("p"));
  }

  KubeMap status() {
    return get().status();
  }

  String phase() {
    return status().string("phase", "");
  }

  KubeMap containerStatus(String name) {
    KubeMap found = status().listOrEmpty("containerStatuses").find("name", name);
    if (found == null) {
      found = status().listOrEmpty("initContainerStatuses").find("name", name);
    }
    if (found == null) {
      throw new AssertionError("no status of container " + name + " in " + status());
    }
    return found;
  }

  boolean hasStatus(String container) {
    return status().listOrEmpty("containerStatuses").find("name", container) != null
        || status().listOrEmpty("initContainerStatuses").find("name", container) != null;
  }

  /** {@code running}, {@code waiting} or {@code terminated} with its fields; empty before. */
  KubeMap state(String container) {
    return hasStatus(container) ? containerStatus(container).mapOrEmpty("state") : KubeMap.EMPTY;
  }

  String waitingReason(String container) {
    return state(container).mapOrEmpty("waiting").string("reason", "");
  }

  String terminatedReason(String container) {
    return state(container).mapOrEmpty("terminated").string("reason", "");
  }

  KubeMap condition(String type) {
    KubeMap found = status().listOrEmpty("conditions").find("type", type);
    if (found == null) {
      throw new AssertionError("no condition " + type + " in " + status());
    }
    return found;
  }

  boolean ready() {
    return "True".equals(condition("Ready").get("status"));
  }

  long restarts(String container) {
    return containerStatus(container).number("restartCount", -1);
  }

  void delete(long graceSeconds) {
    server.delete(
        key("p"), graceSeconds < 0 ? DeleteOptions.BACKGROUND : DeleteOptions.grace(graceSeconds));
  }

  /** The running container {@code c} of pod {@code p}. */
  Container running() {
    return running("c");
  }

  Container running(String container) {
    Container found = node().container("default", "p", container);
    if (found == null) {
      throw new AssertionError("container " + container + " does not run");
    }
    return found;
  }

  /** Seconds since the start of the simulation. */
  double now() {
    return simulation.now() / (double) SECOND;
  }

  /** Runs the simulation on. */
  KubeletCluster run(double seconds) {
    simulation.runUntil(simulation.now() + (long) (seconds * SECOND));
    return this;
  }

  /** Runs until something holds; gives the time in seconds. */
  double until(String what, Predicate<KubeletCluster> condition) {
    if (!simulation.runUntil(() -> condition.test(this), simulation.now() + 3_600L * SECOND)) {
      throw new AssertionError("an hour later still not: " + what);
    }
    return now();
  }

  double untilReady() {
    return until("ready", c -> c.status().has("conditions") && c.ready());
  }

  /** Events of pod {@code p}, as {@code Type Reason Message}, in order, each time anew. */
  List<String> events() {
    List<String> lines = new ArrayList<>();
    for (KubeObject event : events) {
      if (event.root().mapOrEmpty("involvedObject").string("name", "").equals("p")) {
        lines.add(line(event.root()));
      }
    }
    return lines;
  }

  /** Events of pod {@code p} with a reason, each with its time in seconds. */
  List<String> timed(String... reasons) {
    List<String> lines = new ArrayList<>();
    for (KubeObject event : events) {
      KubeMap root = event.root();
      if (root.mapOrEmpty("involvedObject").string("name", "").equals("p")
          && ImmutableList.copyOf(reasons).contains(root.string("reason", ""))) {
        lines.add(root.string("lastTimestamp", "") + " " + root.string("reason", ""));
      }
    }
    return lines;
  }

  List<KubeObject> eventObjects() {
    return events;
  }

  static String line(KubeMap event) {
    return String.join(
        " ", event.string("type", ""), event.string("reason", ""), event.string("message", ""));
  }

  /** The statuses of pod {@code p} as they were committed, shortened by a function. */
  List<String> history(java.util.function.Function<KubeObject, String> shorten) {
    List<String> lines = new ArrayList<>();
    for (Commit commit : podCommits) {
      KubeObject after = commit.after();
      if (after != null && after.name().equals("p")) {
        String line =
            String.format(
                Locale.ROOT, "%.3f %s", commit.timeNanos() / (double) SECOND, shorten.apply(after));
        lines.add(line);
      }
    }
    return lines;
  }
}
