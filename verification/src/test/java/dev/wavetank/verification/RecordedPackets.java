package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.proxy.ConntrackCleanup;
import dev.wavetank.proxy.NodeRouting;
import dev.wavetank.proxy.ProxyNode;
import dev.wavetank.proxy.ProxyState;
import dev.wavetank.proxy.iptables.LoadedRuleset;
import dev.wavetank.proxy.iptables.RuleState;
import dev.wavetank.proxy.iptables.Ruleset;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.PacketWalk;
import dev.wavetank.proxy.netfilter.WalkResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Recorded packets, and the same packets sent through the rules that the simulator writes. */
final class RecordedPackets {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int FIRST_PORT = 20_000;

  private RecordedPackets() {}

  static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** The record with where it was found. */
  static JsonNode located(JsonNode packet, Path directory, String state, String kind) {
    ObjectNode located = packet.deepCopy();
    return located.put("directory", directory.toString()).put("state", state).put("kind", kind);
  }

  /** The fate of a packet that did not connect, in the words of {@link Walker#fate}. */
  static String refusal(JsonNode packet) {
    String result = packet.get("result").textValue();
    return switch (result) {
      case "refused" -> "refused by " + packet.get("refusedBy").textValue();
      case "timeout" ->
          packet.get("leftNodeUntranslated").booleanValue() ? "left untranslated" : "dropped";
      default -> result;
    };
  }

  static long affinitySeconds(RecordedNetwork network, JsonNode series) {
    String address = series.get("destination").textValue();
    for (KubeObject service : network.services()) {
      if (service.spec().string("clusterIP", "").equals(address)) {
        return service
            .spec()
            .mapOrEmpty("sessionAffinityConfig")
            .mapOrEmpty("clientIP")
            .number("timeoutSeconds", 0);
      }
    }
    throw new IllegalArgumentException("no Service has the address " + address);
  }

  private static ChoiceStream random(long seed) {
    return Choices.seeded(seed).stream("statistic");
  }

  private static PacketBuffer buffer(JsonNode packet, NodeRouting routing, int sourcePort) {
    IpAddress destination = IpAddress.parse(packet.get("destination").textValue());
    String from = packet.get("from").textValue();
    String source = packet.get("source").asText("null");
    IpAddress sender =
        source.equals("null") || source.startsWith("node")
            ? routing.sourceFor(destination)
            : IpAddress.parse(source);
    Protocol protocol = Protocol.of(packet.get("protocol").textValue());
    PacketBuffer buffer =
        new PacketBuffer(
            new Packet(protocol, sender, sourcePort, destination, packet.get("port").intValue()));
    return switch (from) {
      case "node" -> buffer;
      case "pod-local", "endpoint" -> buffer.from(NodeRouting.POD_INTERFACE);
      default -> buffer.from(NodeRouting.WIRE_INTERFACE);
    };
  }

  /** Sends packets of one recorded state. */
  static final class Walker {
    private final NodeRouting routing;
    private final Ruleset rules;
    private final Conntrack conntrack = new Conntrack();
    private final RuleState lasting;
    private int nextPort = FIRST_PORT;

    Walker(RecordedNetwork network, IpFamily family, long seed) {
      ProxyNode node = network.node();
      routing = new NodeRouting(node);
      rules = network.state(family).ruleset(node);
      lasting = new RuleState(routing, random(seed));
    }

    RuleState freshMemory(long seed) {
      return new RuleState(routing, random(seed));
    }

    private WalkResult send(JsonNode packet, RuleState memory, long nowNanos) {
      PacketWalk walk = new PacketWalk(routing, conntrack);
      return walk.walk(
          new LoadedRuleset(rules, memory), buffer(packet, routing, nextPort++), nowNanos, null);
    }

    /** What becomes of the packet, in words. */
    String fate(JsonNode packet, RuleState memory) {
      WalkResult result = send(packet, memory, 0);
      return switch (result.verdict()) {
        case REJECTED -> "refused by icmp-port-unreachable";
        case DROPPED -> "dropped";
        case UNROUTABLE -> "no route";
        case ACCEPTED -> {
          if (result.translated()) {
            yield "connected "
                + SocketAddress.text(result.destination(), result.destinationPort())
                + " from "
                + result.source()
                + (result.masqueraded() ? " masqueraded" : "");
          }
          yield result.deliveredLocally() ? "refused by tcp-reset" : "left untranslated";
        }
      };
    }

    /** The endpoint that a new connection reaches at that time. */
    String endpointAt(JsonNode packet, long seconds) {
      WalkResult result = send(packet, lasting, seconds * SECOND_NANOS);
      return SocketAddress.text(result.destination(), result.destinationPort());
    }
  }

  /** A connection that is used again after every later step. */
  record OpenFlow(Path directory, JsonNode flow) {

    /** The endpoint that the connection reaches at that step. */
    String endpointAfter(String until, long seed) {
      List<String> steps = RecordedNetwork.steps(directory);
      int opened = steps.indexOf(flow.get("openedAt").textValue());
      JsonNode packet = firstConnection(read(directory.resolve("packets.json")), opened);
      RecordedNetwork start = RecordedNetwork.step(directory, steps.get(opened));
      NodeRouting routing = new NodeRouting(start.node());
      Conntrack conntrack = new Conntrack();
      PacketWalk walk = new PacketWalk(routing, conntrack);
      RuleState memory = new RuleState(routing, random(seed));
      String reached = "";
      for (int step = opened; step <= steps.indexOf(until); step++) {
        long nowNanos = step * SECOND_NANOS;
        RecordedNetwork network = RecordedNetwork.step(directory, steps.get(step));
        ProxyState state = network.state(IpFamily.IPV4);
        ConntrackCleanup.cleanStaleEntries(conntrack, state, nowNanos);
        PacketBuffer buffer = buffer(packet, routing, FIRST_PORT);
        WalkResult result =
            walk.walk(
                new LoadedRuleset(state.ruleset(network.node()), memory), buffer, nowNanos, null);
        Conntrack.Entry entry = result.connection();
        if (entry == null) {
          return "none";
        }
        conntrack.answered(entry, nowNanos);
        reached = SocketAddress.text(result.destination(), result.destinationPort());
      }
      return reached;
    }

    private static JsonNode firstConnection(JsonNode packets, int step) {
      return packets.get("steps").get(step).get("newConnections").get(0);
    }
  }
}
