package dev.wavetank.scenarios.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubelet.NodeConfig;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Listeners;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.dns.resolver.HostsFile;
import dev.wavetank.dns.resolver.PodDns;
import dev.wavetank.dns.resolver.ResolvConf;
import dev.wavetank.dns.resolver.StubResolver;
import dev.wavetank.scenarios.cluster.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pods that connect to Services: each looks a name up at the cluster's DNS, connects to the
 * ClusterIP, is carried to an endpoint by its node's rules, closes, and begins again.
 *
 * <p>The pods on both sides are addresses on the network without a kubelet's bookkeeping, and the
 * Services have no selector: what is measured is the way of a connection. Everything on that way is
 * the cluster's own: kube-proxy's rules, connection tracking, CoreDNS in its pods.
 */
public final class ConnectionsWorkload implements Workload {

  /** Most endpoints of all Services. */
  public static final int ENDPOINTS_MAX = 500_000;

  /** Most endpoints of one Service: those of one slice. */
  public static final int SLICE_MAX = 100;

  private static final int NODES = 10;
  private static final int CLIENTS = 100;
  private static final int POD_PREFIX = 16;
  private static final int FIRST_OFFSET = 4096;
  private static final int PORT = 80;
  private static final int TARGET_PORT = 8080;
  private static final long TIMEOUT_NANOS = 5_000_000_000L;

  /** After it no node's connection tracking keeps a look-up. */
  private static final Duration FLOWS_GONE = Duration.ofMinutes(3);

  private static final Duration LIMIT = Duration.ofHours(24);

  private final int services;
  private final int endpoints;
  private final int count;
  private final boolean lookUpOnce;
  private final long seed;
  private @Nullable Run prepared;

  /**
   * Connections that are not made yet.
   *
   * @param endpoints of each Service
   * @param count connections in all
   * @param lookUpOnce whether the pods have looked all names up before, and keep the addresses as
   *     runtimes with a cache of their own do, instead of asking for each connection
   */
  public ConnectionsWorkload(
      int services, int endpoints, int count, boolean lookUpOnce, long seed) {
    this.services = services;
    this.endpoints = endpoints;
    this.count = count;
    this.lookUpOnce = lookUpOnce;
    this.seed = seed;
  }

  /** Makes the cluster and its Services, until every node has the rules; not part of the work. */
  public void prepare() {
    ImmutableList.Builder<NodeConfig> nodes = ImmutableList.builder();
    for (int i = 0; i < NODES; i++) {
      IpAddress address = IpAddress.parse("172.18.0.3").plus(i);
      nodes.add(NodeConfig.of("node-" + (i + 1), address, pods(i)).withPodPrefixLength(POD_PREFIX));
    }
    Cluster cluster = Cluster.builder().nodes(nodes.build(), "11.0.0.0/8").seed(seed).start();
    Listeners server = new Accepting();
    cluster.simulation().act("user/create", "services", () -> create(cluster, server));
    cluster.run(Duration.ofMinutes(1));
    SimulationBug.check(cluster.kubeProxies().caughtUp(), "every node has the rules");
    Run run = new Run(cluster);
    if (lookUpOnce) {
      cluster.simulation().act("user/resolve", "services", run::lookUpAll);
      boolean over = cluster.runUntil(() -> run.known == run.toKnow, LIMIT);
      SimulationBug.check(over, "every name of the benchmark is looked up");
      cluster.run(FLOWS_GONE);
    }
    prepared = run;
  }

  private static IpAddress pods(int node) {
    return IpAddress.parse("11.0.0.0").plus((long) node << (32 - POD_PREFIX));
  }

  /** The address of the pod of that number; the kubelets' own pods are below. */
  private static IpAddress pod(int number) {
    return pods(number % NODES).plus(FIRST_OFFSET + number / NODES);
  }

  private void create(Cluster cluster, Listeners server) {
    for (int i = 0; i < CLIENTS; i++) {
      cluster.network().attach(pod(i), "node-" + (i % NODES + 1), server);
    }
    int next = CLIENTS;
    for (int i = 0; i < services; i++) {
      List<KubeMap> slice = new ArrayList<>(endpoints);
      for (int j = 0; j < endpoints; j++, next++) {
        String node = "node-" + (next % NODES + 1);
        cluster.network().attach(pod(next), node, server);
        slice.add(
            KubeMap.of(
                "addresses", KubeList.of(pod(next).toString()),
                "conditions", KubeMap.of("ready", true),
                "nodeName", node));
      }
      create(cluster, name(i), KubeList.copyOf(slice));
    }
  }

  private static String name(int service) {
    return "svc-" + service;
  }

  private static void create(Cluster cluster, String name, KubeList slice) {
    KubeMap port = KubeMap.of("port", (long) PORT, "targetPort", (long) TARGET_PORT);
    KubeMap metadata = KubeMap.of("name", name, "namespace", "default");
    cluster
        .api()
        .create(
            ResourceType.SERVICES,
            KubeObject.of(ResourceType.SERVICES, metadata)
                .withSpec(KubeMap.of("ports", KubeList.of(port))));
    KubeMap slicePort = KubeMap.of("name", "", "protocol", "TCP", "port", (long) TARGET_PORT);
    KubeMap labels = KubeMap.of("kubernetes.io/service-name", name);
    cluster
        .api()
        .create(
            ResourceType.ENDPOINT_SLICES,
            KubeObject.of(ResourceType.ENDPOINT_SLICES, metadata.with("labels", labels))
                .with("IPv4", "addressType")
                .with(slice, "endpoints")
                .with(KubeList.of(slicePort), "ports"));
  }

  /** Makes the connections; each further time on the cluster as the time before left it. */
  @Override
  public Done run() {
    Run run = prepared;
    if (run == null) {
      throw new SimulationBug("the connections benchmark is prepared before it runs");
    }
    Cluster cluster = run.cluster;
    long began = cluster.simulation().now();
    long events = cluster.simulation().eventNumber();
    long commits = cluster.api().revision();
    cluster.simulation().act("user/connect", "services", run::start);
    boolean over = cluster.runUntil(() -> run.made == count, LIMIT);
    SimulationBug.check(over, "every connection of the benchmark is made");
    return new Done(
        ImmutableMap.of("connections", (long) count),
        ImmutableMap.of(),
        cluster.simulation().now() - began,
        cluster.simulation().eventNumber() - events,
        cluster.api().revision() - commits,
        cluster.trace().hash());
  }

  /** Everything listens, and nothing is said. */
  private static final class Accepting implements Listeners {
    @Override
    public boolean listening(Protocol protocol, int port) {
      return protocol == Protocol.TCP && port == TARGET_PORT;
    }

    @Override
    public void accepted(Connection connection) {
      // The client closes it.
    }

    @Override
    public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {
      throw new SimulationBug("no port is open for datagrams");
    }
  }

  private final class Run {
    private final Cluster cluster;
    private final List<Client> clients = new ArrayList<>(CLIENTS);

    private int known;
    private int toKnow;
    private int begun;
    private int made;

    Run(Cluster cluster) {
      this.cluster = cluster;
      KubeObject dns =
          cluster.api().get(ObjectKey.of(ResourceType.SERVICES, "kube-system", "kube-dns"));
      KubeMap metadata = KubeMap.of("name", "client", "namespace", "default");
      ResolvConf resolver =
          new PodDns(
                  ImmutableList.of(dns.spec().string("clusterIP", "")),
                  "cluster.local",
                  ResolvConf.EMPTY)
              .forPod(KubeObject.of(ResourceType.PODS, metadata))
              .resolvConf();
      for (int i = 0; i < CLIENTS; i++) {
        Client client = new Client(i, resolver);
        clients.add(client);
        toKnow += client.addresses.length;
      }
    }

    void start() {
      begun = 0;
      made = 0;
      clients.forEach(Client::next);
    }

    void lookUpAll() {
      clients.forEach(Client::lookUpAll);
    }

    /** One pod that makes connections, one after the other, to Services of its own. */
    private final class Client implements Connection.Client {
      private final Source source;
      private final ResolvConf resolver;

      /** The Services of this pod, one after the other. */
      private final int first;

      private int next;

      /** Their IPv4 addresses, as far as they are known and kept. */
      private final int[] addresses;

      private int kept;

      Client(int number, ResolvConf resolver) {
        this.source = new Source.Pod(pod(number));
        this.resolver = resolver;
        this.first = number % services;
        this.addresses = new int[(services - first + CLIENTS - 1) / CLIENTS];
      }

      private int service(int index) {
        return first + index * CLIENTS;
      }

      /** Looks all Services of this pod up. */
      void lookUpAll() {
        resolve(
            service(kept),
            address -> {
              addresses[kept++] = (int) address.low();
              known++;
              if (kept < addresses.length) {
                lookUpAll();
              }
            });
      }

      void next() {
        if (begun == count) {
          return;
        }
        int to = next;
        next = to + 1 == addresses.length ? 0 : to + 1;
        begun++;
        if (to < kept) {
          connect(IpAddress.v4(addresses[to]));
        } else {
          resolve(service(to), this::connect);
        }
      }

      private void resolve(int number, Consumer<IpAddress> found) {
        cluster
            .dns()
            .resolve(
                source,
                resolver,
                HostsFile.EMPTY,
                name(number),
                StubResolver.Family.ANY,
                null,
                result -> {
                  SimulationBug.check(!result.addresses().isEmpty(), "a Service has an address");
                  found.accept(IpAddress.of(result.addresses().get(0)));
                });
      }

      private void connect(IpAddress address) {
        cluster.network().connect(source, address, PORT, TIMEOUT_NANOS, null, this);
      }

      @Override
      public void established(Connection connection) {
        made++;
        connection.close();
        next();
      }

      @Override
      public void failed(Connection connection, Connection.Failure failure, String detail) {
        throw new SimulationBug("a connection of the benchmark failed: " + detail);
      }
    }
  }
}
