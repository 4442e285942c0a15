package dev.wavetank.dns;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Listeners;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.dns.plugin.Cache;
import dev.wavetank.dns.plugin.Handler;
import dev.wavetank.dns.plugin.Query;
import dev.wavetank.dns.plugin.Reply;
import dev.wavetank.dns.plugin.Zones;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * NodeLocal DNSCache on one node: answers what it knows, and asks for the rest: for names of the
 * cluster and addresses its servers, over TCP, for others the node's own, over UDP.
 *
 * <p>Its file is the one of the upstream manifest: names of the cluster are kept for 30 seconds at
 * most and denials for 5, others for 30.
 *
 * <p>Follows cmd/node-cache/main.go and nodelocaldns.yaml of kubernetes/dns and kubernetes.
 */
public final class NodeCache implements Listeners {

  /** The address that it has on every node. */
  public static final IpAddress LINK_LOCAL = IpAddress.parse("169.254.20.10");

  private static final long TTL_SECONDS_MAX = 30;
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private final Simulation simulation;
  private final Transport transport;
  private final Source node;
  private final IpAddress clusterDns;
  private final IpAddress resolver;
  private final Zones clusterZones;
  private final DnsServer server;

  /** What the servers behind it have answered to the question in hand; null when it is to ask. */
  private @Nullable Reply fetched;

  /** Whether the question in hand is not answered from what it knows. */
  private boolean missed;

  private boolean stopped;

  NodeCache(
      Simulation simulation,
      Transport transport,
      String node,
      Name clusterDomain,
      IpAddress clusterDns,
      IpAddress resolver) {
    this.simulation = simulation;
    this.transport = transport;
    this.node = new Source.Node(node);
    this.clusterDns = clusterDns;
    this.resolver = resolver;
    this.clusterZones =
        new Zones(
            ImmutableList.of(
                clusterDomain,
                Name.fromConstantString("in-addr.arpa."),
                Name.fromConstantString("ip6.arpa.")));
    this.server =
        new DnsServer(
            new ClusterRecords(),
            ImmutableList.of(
                new DnsServer.Block(clusterZones, cache(clusterZones, Cache.TTL_SECONDS_MIN)),
                new DnsServer.Block(Zones.ROOT, cache(Zones.ROOT, TTL_SECONDS_MAX))));
  }

  private Handler cache(Zones zones, long denialSecondsMax) {
    Cache.Limits success = new Cache.Limits(Cache.CAPACITY, TTL_SECONDS_MAX, 0, Zones.NONE);
    Cache.Limits denial = new Cache.Limits(Cache.CAPACITY, denialSecondsMax, 0, Zones.NONE);
    return new Cache(
        new Cache.Config(zones, success, denial, Cache.TTL_SECONDS_MIN, false),
        new Handler() {
          @Override
          public String name() {
            return "forward";
          }

          @Override
          public Reply serve(Query query) {
            Reply known = fetched;
            missed = known == null;
            return known == null ? Reply.SERVER_FAILURE : known;
          }
        });
  }

  /** The process ends. */
  public void stop() {
    stopped = true;
  }

  @Override
  public boolean listening(Protocol protocol, int port) {
    return !stopped && port == ClusterDns.PORT && protocol != Protocol.SCTP;
  }

  @Override
  public void accepted(Connection connection) {
    // Questions over it come by way of the transport.
  }

  @Override
  public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {
    question(packet.protocol(), packet.source(), payload, reply);
  }

  /** A question came in; its answer leaves at once or when the servers behind have answered. */
  void question(Protocol protocol, IpAddress client, byte[] payload, Consumer<byte[]> reply) {
    DnsServer.Response known = answer(protocol, client, payload, null);
    if (!missed) {
      if (known != null) {
        reply.accept(known.wire());
      }
      return;
    }
    boolean ofTheCluster = ofTheCluster(payload);
    Relay.send(
        simulation,
        transport,
        node,
        ofTheCluster ? clusterDns : resolver,
        ofTheCluster ? Protocol.TCP : Protocol.UDP,
        payload,
        PATIENCE_NANOS,
        "node-cache/timeout",
        node,
        bytes -> answered(protocol, client, payload, bytes, reply));
  }

  /** The servers behind have answered, or not: null. */
  private void answered(
      Protocol protocol,
      IpAddress client,
      byte[] payload,
      byte @Nullable [] fetchedBytes,
      Consumer<byte[]> reply) {
    if (stopped) {
      return;
    }
    Message message = fetchedBytes == null ? null : message(fetchedBytes);
    Reply came = message == null ? Reply.SERVER_FAILURE : reply(message);
    DnsServer.Response response = answer(protocol, client, payload, came);
    if (response != null) {
      reply.accept(response.wire());
    }
  }

  private DnsServer.@Nullable Response answer(
      Protocol protocol, IpAddress client, byte[] payload, @Nullable Reply reply) {
    fetched = reply;
    missed = false;
    return server.answer(payload, protocol, simulation.now(), client.toString());
  }

  private boolean ofTheCluster(byte[] payload) {
    Message question = message(payload);
    return question != null
        && question.getQuestion() != null
        && clusterZones.contain(question.getQuestion().getName());
  }

  private static @Nullable Message message(byte[] payload) {
    try {
      return new Message(payload);
    } catch (IOException e) {
      return null;
    }
  }

  private static Reply reply(Message message) {
    return new Reply(
        message.getRcode(),
        /* written= */ true,
        message.getHeader().getFlag(Flags.AA),
        message.getHeader().getFlag(Flags.RA),
        message.getHeader().getFlag(Flags.AD),
        message.getHeader().getFlag(Flags.TC),
        ImmutableList.copyOf(message.getSection(Section.ANSWER)),
        ImmutableList.copyOf(message.getSection(Section.AUTHORITY)),
        ImmutableList.copyOf(
            message.getSection(Section.ADDITIONAL).stream()
                .filter(record -> record.getType() != Type.OPT)
                .toList()));
  }
}
