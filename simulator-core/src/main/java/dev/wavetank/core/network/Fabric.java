package dev.wavetank.core.network;

import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has which address, and how one packet gets from one to another: through the data paths of
 * nodes, the rules between them, and the edge of the network. It knows no time.
 */
final class Fabric {

  /** Most data paths that one packet may cross; more is a loop. */
  private static final int HOPS_MAX = 4;

  /** A packet without anything in it: headers of Ethernet, IPv4 and TCP with its options. */
  static final long EMPTY_BYTES = 74;

  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final AddressTable nodes = new AddressTable();
  private final AddressTable pods = new AddressTable();
  private final List<PacketRule> rules = new ArrayList<>();
  private @Nullable EdgeRouter edge;

  void add(Host host) {
    hosts.put(host.name, host);
    nodes.put(host.attachment);
    Attachment secondary = host.attachment.other;
    if (secondary != null) {
      nodes.put(secondary);
    }
  }

  /** Gives a pod's address to the processes behind it. */
  void add(Attachment pod) {
    pods.put(pod);
  }

  /** Says that two addresses, of different families, are one pod's. */
  void join(IpAddress first, IpAddress second) {
    Attachment one = pods.get(first);
    Attachment two = pods.get(second);
    if (one == null || two == null || one.v6 == two.v6) {
      throw new SimulationBug("not two addresses of one pod: " + first + ", " + second);
    }
    one.other = two;
    two.other = one;
  }

  void add(PacketRule rule) {
    rules.add(rule);
  }

  void remove(PacketRule rule) {
    rules.remove(rule);
  }

  /** Takes a node away; returns what had its address, or null. */
  @Nullable Attachment removeNode(String name) {
    Host host = hosts.remove(name);
    if (host == null) {
      return null;
    }
    Attachment secondary = host.attachment.other;
    if (secondary != null) {
      nodes.remove(secondary.address);
    }
    return nodes.remove(host.attachment.address);
  }

  /** Takes a pod's address away; returns what had it, or null. */
  @Nullable Attachment removePod(IpAddress pod) {
    return pods.remove(pod);
  }

  /** Sets what takes packets to addresses that are neither a node's nor a pod's. */
  void edge(EdgeRouter router) {
    edge = router;
  }

  boolean isNode(IpAddress address) {
    return nodes.get(address) != null;
  }

  /** The name of the node that has that address or the pod behind it; null when there is none. */
  @Nullable String nodeOf(IpAddress address) {
    Attachment found = nodes.get(address);
    if (found == null) {
      found = pods.get(address);
    }
    return found == null ? null : found.host.name;
  }

  Host host(String node) {
    Host host = hosts.get(node);
    if (host == null) {
      throw new SimulationBug("no node " + node + " on the network");
    }
    return host;
  }

  /** Whose the source is; null for one outside, and for a pod that is gone. */
  @Nullable Attachment attachment(Source source) {
    if (source instanceof Source.Pod pod) {
      return pods.get(pod.address());
    }
    return source instanceof Source.Node node ? host(node.name()).attachment : null;
  }

  /** The same for what is sent to an address: of two families the one of that address. */
  @Nullable Attachment attachment(Source source, IpAddress to) {
    Attachment found = attachment(source);
    return found == null ? null : found.towards(to);
  }

  /**
   * Carries the first packet of a connection, or a datagram.
   *
   * @param sender see {@link #attachment}
   * @param bytes on the wire
   * @param connection told of the data paths that were crossed; null for a datagram
   */
  Arrival carry(
      Source source,
      @Nullable Attachment sender,
      Packet first,
      long bytes,
      @Nullable Connection connection,
      @Nullable Trail trail) {
    if (sender != null) {
      DataPath.Entry entry =
          source instanceof Source.Pod ? DataPath.Entry.LOCAL_POD : DataPath.Entry.LOCAL_PROCESS;
      return cross(sender.host, entry, first, bytes, false, connection, trail);
    }
    if (source instanceof Source.Pod pod) {
      return lost(first, "no pod has the source address " + pod.address(), trail);
    }
    Attachment entrance = nodes.get(first.destination());
    if (entrance != null) {
      return cross(entrance.host, DataPath.Entry.WIRE, first, bytes, false, connection, trail);
    }
    EdgeRouter.Hop hop = atEdge(first, trail);
    return hop == null
        ? lost(first, outsideWords(first.destination()), trail)
        : fromEdge(hop, first, bytes, connection, trail);
  }

  /**
   * Carries a packet through the nodes.
   *
   * @param edgePassed whether it comes from the edge of the network, which it passes once
   */
  private Arrival cross(
      Host first,
      DataPath.Entry firstEntry,
      Packet sent,
      long bytes,
      boolean edgePassed,
      @Nullable Connection connection,
      @Nullable Trail trail) {
    Host host = first;
    DataPath.Entry entry = firstEntry;
    Packet packet = sent;
    long delay = 0;
    boolean twice = false;
    for (int hop = 0; hop < HOPS_MAX; hop++) {
      if (!host.up) {
        return lost(packet, "node " + host.name + " is down", trail);
      }
      if (!host.own.isEmpty() && host.own.containsKey(packet.destination())) {
        return toOwn(packet, bytes, host, trail).after(delay, twice);
      }
      Verdict verdict = route(host, packet, entry, connection, trail);
      if (verdict instanceof Verdict.Forward forward) {
        packet = forward.packet();
      } else if (verdict != null) {
        String words = words(verdict, host, packet);
        return new Arrival(verdict, packet, null, host, words, delay, false);
      }
      Passage passage = passage(packet, bytes, true, trail);
      delay += passage.delayNanos();
      twice |= passage.twice();
      Verdict stopped = passage.stopped();
      if (stopped != null) {
        return stopped(stopped, packet, host, trail).after(delay, false);
      }
      Attachment target = nodes.get(packet.destination());
      if (target == null) {
        EdgeRouter.Hop onward = edgePassed ? null : atEdge(packet, trail);
        Arrival arrival =
            onward == null
                ? toPod(packet, trail)
                : fromEdge(onward, packet, bytes, connection, trail);
        return arrival.after(delay, twice);
      }
      if (target.host == host) {
        return new Arrival(null, packet, target, host, "", delay, twice);
      }
      host = target.host;
      entry = DataPath.Entry.WIRE;
    }
    throw new SimulationBug("a packet crossed more than " + HOPS_MAX + " nodes: " + sent);
  }

  /** Where the edge of the network sends a packet; null when the address is none of its own. */
  private EdgeRouter.@Nullable Hop atEdge(Packet packet, @Nullable Trail trail) {
    EdgeRouter router = edge;
    return router == null || pods.get(packet.destination()) != null
        ? null
        : router.route(packet, trail);
  }

  private Arrival fromEdge(
      EdgeRouter.Hop hop,
      Packet packet,
      long bytes,
      @Nullable Connection connection,
      @Nullable Trail trail) {
    return hop.verdict() instanceof Verdict.Forward forward
        ? cross(
            host(hop.node()), DataPath.Entry.WIRE, forward.packet(), bytes, true, connection, trail)
        : stopped(hop.verdict(), packet, null, trail);
  }

  /** To an address that the node has beside its own. */
  private Arrival toOwn(Packet packet, long bytes, Host host, @Nullable Trail trail) {
    if (trail != null) {
      trail.step(
          host.name + " raw", "", "not tracked: the node itself has " + packet.destination());
    }
    Passage passage = passage(packet, bytes, true, trail);
    Verdict stopped = passage.stopped();
    return stopped == null
        ? new Arrival(null, packet, host.own.get(packet.destination()), host, "", 0, false)
            .after(passage.delayNanos(), passage.twice())
        : stopped(stopped, packet, host, trail).after(passage.delayNanos(), false);
  }

  private static Arrival stopped(
      Verdict verdict, Packet packet, @Nullable Host host, @Nullable Trail trail) {
    if (trail != null) {
      trail.step("network", "", words(verdict));
    }
    return new Arrival(verdict, packet, null, host, words(verdict), 0, false);
  }

  /** What a node's rules make of a packet; null when it has none. */
  private static @Nullable Verdict route(
      Host host,
      Packet packet,
      DataPath.Entry entry,
      @Nullable Connection connection,
      @Nullable Trail trail) {
    DataPath path = host.dataPath;
    if (path == null) {
      return null;
    }
    Verdict verdict = path.route(packet, entry, trail);
    if (connection != null) {
      connection.crossed(path, packet);
    }
    return verdict;
  }

  private Arrival toPod(Packet packet, @Nullable Trail trail) {
    Attachment receiver = pods.get(packet.destination());
    if (receiver == null) {
      return lost(
          packet,
          "no pod or node has the address "
              + packet.destination()
              + " and no rule translates it: the packet leaves by the default route",
          trail);
    }
    if (!receiver.host.up) {
      return lost(packet, "node " + receiver.host.name + " is down", trail);
    }
    return new Arrival(null, packet, receiver, receiver.host, "", 0, false);
  }

  private String outsideWords(IpAddress destination) {
    if (pods.get(destination) != null) {
      return "pod addresses such as " + destination + " are routed inside the cluster only";
    }
    return destination
        + " is no address of a node: a ClusterIP exists only in the rules of the cluster's nodes, "
        + "outside of them nothing answers";
  }

  private static String words(Verdict verdict, Host host, Packet packet) {
    return verdict instanceof Verdict.Reject reject
        ? host.name + " refused " + packet.destination() + ": " + reject.by()
        : "a rule of " + host.name + " dropped it";
  }

  private static Arrival lost(Packet packet, String words, @Nullable Trail trail) {
    if (trail != null) {
      trail.step("network", "", words);
    }
    return new Arrival(new Verdict.Drop(words), packet, null, null, words, 0, false);
  }

  /** Who stopped a packet, for people. */
  static String words(@Nullable Verdict stopped) {
    if (stopped instanceof Verdict.Reject reject) {
      return "refused: " + reject.by();
    }
    return stopped instanceof Verdict.Drop drop ? drop.by() : "lost";
  }

  /** What the rules make of the answer to a packet. */
  Passage passageBack(Packet packet, long bytes) {
    return rules.isEmpty() ? Passage.FREE : passage(packet.reply(), bytes, false, null);
  }

  /** What the rules make of a packet, those for first packets only if it is one. */
  Passage passage(Packet packet, long bytes, boolean first, @Nullable Trail trail) {
    if (rules.isEmpty()) {
      return Passage.FREE;
    }
    long delay = 0;
    boolean twice = false;
    for (int i = 0; i < rules.size(); i++) {
      PacketRule rule = rules.get(i);
      Verdict verdict = first || !rule.firstPacketsOnly() ? rule.on(packet, bytes, trail) : null;
      if (verdict instanceof Verdict.Drop || verdict instanceof Verdict.Reject) {
        return new Passage(verdict, delay, false);
      }
      if (verdict instanceof Verdict.Delay slow) {
        delay += slow.nanos();
      }
      twice |= verdict instanceof Verdict.Duplicate;
    }
    return new Passage(null, delay, twice);
  }
}
