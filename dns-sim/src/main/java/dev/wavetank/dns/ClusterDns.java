package dev.wavetank.dns;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Watch;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Listeners;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.dns.plugin.DnsNames;
import dev.wavetank.dns.plugin.Upstream;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import dev.wavetank.dns.plugin.kubernetes.DnsController;
import dev.wavetank.dns.resolver.HostsFile;
import dev.wavetank.dns.resolver.Lookup;
import dev.wavetank.dns.resolver.ResolvConf;
import dev.wavetank.dns.resolver.StubResolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;

/**
 * Name resolution of a cluster: the CoreDNS processes in their pods, and the questions of other
 * pods on their way to them through the network.
 */
public final class ClusterDns {
  /** The port of DNS, both protocols. */
  public static final int PORT = 53;

  private static final long LIST_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LIST_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  private final ApiServer api;
  private final Simulation simulation;
  private final Upstream upstream;
  private final ClusterRecords records = new ClusterRecords();
  private final Map<IpAddress, DnsServer> servers = new LinkedHashMap<>();
  private final Transport transport;
  private final List<AnswerFault> faults = new ArrayList<>();

  /**
   * A cluster without a DNS server yet.
   *
   * @param upstream the name servers outside of the cluster
   */
  public ClusterDns(ApiServer api, Network network, Upstream upstream) {
    this.api = api;
    this.simulation = api.simulation();
    this.upstream = upstream;
    this.transport = new Transport(simulation, network, servers::get);
  }

  /**
   * Starts the CoreDNS process of a pod.
   *
   * @param pod its name: the name of its streams of choices
   * @param podIps its addresses
   * @param nameservers those in the resolver file of its node
   */
  public CoreDns start(
      String pod, Corefile corefile, ImmutableList<IpAddress> podIps, ResolvConf nameservers) {
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    podIps.forEach(ip -> texts.add(ip.toString()));
    DnsServer server =
        new DnsServer(
            pod,
            corefile,
            records,
            texts.build(),
            nameservers.nameservers(),
            upstream,
            simulation.choices(),
            simulation.start());
    CoreDns process = new CoreDns(pod, server, podIps);
    for (IpAddress ip : podIps) {
      servers.put(ip, server);
    }
    return process;
  }

  /**
   * Starts NodeLocal DNSCache on a node; whoever runs it gives it its addresses there.
   *
   * @param clusterDomain such as {@code cluster.local}
   * @param clusterDns the Service of the cluster's servers, which is not the one that pods ask
   * @param resolver the node's own name server
   */
  public NodeCache startNodeCache(
      String node, String clusterDomain, IpAddress clusterDns, IpAddress resolver) {
    Name domain = DnsNames.absolute(clusterDomain);
    SimulationBug.check(domain != null, "the cluster's domain is a name");
    return new NodeCache(
        simulation, transport, node, domain == null ? Name.root : domain, clusterDns, resolver);
  }

  /**
   * A name server outside of the cluster as a host on its network: it asks what stands behind that
   * address, and keeps nothing.
   */
  public Listeners outside(IpAddress address) {
    Corefile corefile =
        Corefile.parse(address.toString(), ".:53 {\n forward . " + address + "\n}\n");
    DnsServer server =
        new DnsServer(
            address.toString(),
            corefile,
            records,
            ImmutableList.of(),
            ImmutableList.of(),
            upstream,
            simulation.choices(),
            simulation.start());
    servers.put(address, server);
    return new OutsideServer(server);
  }

  private final class OutsideServer implements Listeners {
    private final DnsServer server;

    OutsideServer(DnsServer server) {
      this.server = server;
    }

    @Override
    public boolean listening(Protocol protocol, int port) {
      return port == PORT && protocol != Protocol.SCTP;
    }

    @Override
    public void accepted(Connection connection) {
      // Whoever asks over it finds the server by its address.
    }

    @Override
    public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {
      answer(server, packet, payload, reply);
    }
  }

  /**
   * Lets the questions of one lookup that are asked together leave from one socket, as those of
   * real resolvers do, so that nodes see them as one flow; otherwise each has its own.
   */
  public void shareSockets() {
    transport.shareSockets();
  }

  /** Lets name servers fail from now on. */
  public void add(AnswerFault fault) {
    faults.add(fault);
  }

  /** Ends {@link #add}. */
  public void remove(AnswerFault fault) {
    faults.remove(fault);
  }

  private @Nullable Message faulty(Packet packet, byte[] payload) {
    try {
      for (AnswerFault fault : faults) {
        Message answer = fault.answer(packet.source(), new Message(payload));
        if (answer != null) {
          return answer;
        }
      }
    } catch (IOException e) {
      return null; // what cannot be read is answered as ever
    }
    return null;
  }

  private void answer(DnsServer server, Packet packet, byte[] payload, Consumer<byte[]> reply) {
    Message faulty = faults.isEmpty() ? null : faulty(packet, payload);
    if (faulty != null) {
      reply.accept(faulty.toWire());
      return;
    }
    DnsServer.Response response =
        server.answer(payload, packet.protocol(), simulation.now(), packet.source().toString());
    if (response != null) {
      later(response.delayNanos(), () -> reply.accept(response.wire()));
    }
  }

  /** One running CoreDNS: what its pod's listeners ask. */
  public final class CoreDns {
    private final DnsServer server;
    private final ImmutableList<IpAddress> podIps;
    private final List<Watch> watches = new ArrayList<>();
    private boolean stopped;

    private CoreDns(String pod, DnsServer server, ImmutableList<IpAddress> podIps) {
      this.server = server;
      this.podIps = podIps;
      String watcher = "coredns/" + pod;
      ChoiceStream latency = simulation.choices().stream(watcher + "/list");
      for (ResourceType type : server.controller().types()) {
        View view = new View(server.controller(), type);
        Watch watch = api.watch(type, watcher, null, view::deliver);
        watches.add(watch);
        simulation.after(
            latency.between(LIST_NANOS_MIN, LIST_NANOS_MAX),
            "coredns/list",
            watcher,
            () -> view.list(watch));
      }
    }

    /** Whether it takes questions: from the moment when it has seen the cluster. */
    public boolean listening(Protocol protocol, int port) {
      return !stopped && ready() && port == PORT && protocol != Protocol.SCTP;
    }

    /** What its readiness probe sees. */
    public boolean ready() {
      return server.controller().synced();
    }

    /** A question came in; the answer leaves when it is ready. */
    public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {
      answer(server, packet, payload, reply);
    }

    /** The process ends. */
    public void stop() {
      stopped = true;
      watches.forEach(Watch::stop);
      podIps.forEach(ip -> servers.remove(ip, server));
    }

    public DnsServer server() {
      return server;
    }
  }

  private void later(long nanos, Runnable action) {
    if (nanos == 0) {
      action.run();
    } else {
      simulation.after(nanos, "coredns/answer", "", action);
    }
  }

  /** A list and then a watch of one type. */
  private final class View {
    private final DnsController controller;
    private final ResourceType type;
    private boolean listed;

    View(DnsController controller, ResourceType type) {
      this.controller = controller;
      this.type = type;
    }

    void list(Watch watch) {
      listed = true;
      controller.listed(type, watch.view().list(type), watch.view().revision(), simulation.now());
    }

    void deliver(Commit commit) {
      if (listed) {
        controller.observed(
            type, commit.before(), commit.after(), commit.revision(), simulation.now());
      }
    }
  }

  /**
   * Resolves a name as a process in a pod does.
   *
   * @param trail told of each packet's way, or null when nobody looks
   * @param done takes the result, at the virtual time when the process would have it
   */
  public void resolve(
      Source source,
      ResolvConf conf,
      HostsFile hosts,
      String name,
      StubResolver.Family family,
      @Nullable Trail trail,
      Consumer<StubResolver.Result> done) {
    ChoiceStream ids = simulation.choices().stream("resolver/" + source);
    StubResolver.Resolution resolution = new StubResolver(conf, hosts, ids).resolve(name, family);
    run(
        source,
        resolution,
        trail,
        () -> {
          StubResolver.Result result = resolution.result();
          if (result != null) {
            done.accept(result);
          }
        });
  }

  /**
   * Carries the questions of a lookup through the network until it is over.
   *
   * @param trail told of each packet's way, or null when nobody looks
   */
  public void run(Source source, Lookup lookup, @Nullable Trail trail, Runnable done) {
    Lookup.Ask ask = lookup.ask();
    if (ask == null) {
      done.run();
    } else {
      new Exchange(
              simulation,
              transport,
              source,
              ask,
              lookup,
              trail,
              () -> run(source, lookup, trail, done))
          .send();
    }
  }

  /**
   * Carries the bytes of somebody's own question to a server and the bytes of its answer back,
   * whatever they are.
   *
   * @param patienceNanos how long an answer is waited for
   * @param then takes the answer, or null when none came
   */
  public void relay(
      Source source,
      IpAddress server,
      Protocol protocol,
      byte[] question,
      long patienceNanos,
      Consumer<byte @Nullable []> then) {
    Relay.send(
        simulation,
        transport,
        source,
        server,
        protocol,
        question,
        patienceNanos,
        "dns/relay-timeout",
        server,
        then);
  }
}
