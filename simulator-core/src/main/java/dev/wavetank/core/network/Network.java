package dev.wavetank.core.network;

import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries packets and connections between pods, nodes and the outside.
 *
 * <p>The first packet of a connection is walked through the data path of the node that it starts
 * on, through the rules on the way, and through the data path of another node when it is sent to
 * that node's own address. Addresses of pods are routed between nodes and nowhere else; a ClusterIP
 * is no one's address, so without a rule that translates it the packet is lost.
 */
public final class Network {

  /** Most data paths that one packet may cross; more is a loop. */
  static final int HOPS_MAX = 4;

  /** A first packet without an answer is sent again after so long, then after twice as long. */
  private static final long FIRST_RETRANSMISSION_NANOS = 1_000_000_000L;

  /** A segment of a connection likewise. */
  private static final long SEGMENT_RETRANSMISSION_NANOS = 200_000_000L;

  /** Most times that a segment is sent again: Linux's tcp_retries2. */
  private static final int RETRANSMISSIONS_MAX = 15;

  private static final long RETRANSMISSION_NANOS_MAX = 120_000_000_000L;

  private static final int PORT_FIRST = 32_768;
  private static final int PORT_LAST = 60_999;

  private static final class Host {
    final String name;
    final IpAddress address;
    final Listeners listeners;
    final Map<IpAddress, Listeners> own = new LinkedHashMap<>(0);
    @Nullable DataPath dataPath;
    boolean up = true;

    Host(String name, IpAddress address, Listeners listeners) {
      this.name = name;
      this.address = address;
      this.listeners = listeners;
    }
  }

  private record Attached(Host host, Listeners listeners) {}

  private record Arrival(
      @Nullable Verdict refusal,
      Packet packet,
      @Nullable Listeners listeners,
      @Nullable Host host,
      String words,
      long delayNanos,
      boolean twice) {

    Arrival after(long nanos, boolean arrivesTwice) {
      return nanos == 0 && !arrivesTwice
          ? this
          : new Arrival(
              refusal, packet, listeners, host, words, delayNanos + nanos, twice || arrivesTwice);
    }
  }

  private final Simulation simulation;
  private final NetworkLatencies latencies;
  private final ChoiceStream latency;
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Map<IpAddress, Host> hostsByAddress = new LinkedHashMap<>();
  private final Map<IpAddress, Attached> pods = new LinkedHashMap<>();
  private final Map<IpAddress, Integer> ports = new LinkedHashMap<>();
  private final List<PacketRule> rules = new ArrayList<>();
  private @Nullable EdgeRouter edge;

  public Network(Simulation simulation, NetworkLatencies latencies) {
    this.simulation = simulation;
    this.latencies = latencies;
    this.latency = simulation.choices().stream("network/latency");
  }

  /** Adds a node with its address and the processes that listen on it. */
  public void addNode(String name, IpAddress address, Listeners listeners) {
    Host host = new Host(name, address, listeners);
    hosts.put(name, host);
    hostsByAddress.put(address, host);
  }

  /** Whether a node has that address. */
  public boolean isNode(IpAddress address) {
    return hostsByAddress.containsKey(address);
  }

  /** Gives a node the rules that its packets pass. */
  public void dataPath(String node, DataPath dataPath) {
    host(node).dataPath = dataPath;
  }

  /**
   * Gives a node one more address, which only the node itself and its pods reach there; its packets
   * are not tracked, so that the node's rules translate none of them.
   *
   * @param listeners null to take the address away
   */
  public void own(String node, IpAddress address, @Nullable Listeners listeners) {
    if (listeners == null) {
      host(node).own.remove(address);
    } else {
      host(node).own.put(address, listeners);
    }
  }

  /** Sets what takes packets to addresses that are neither a node's nor a pod's. */
  public void edge(EdgeRouter router) {
    edge = router;
  }

  /** Takes a node off the network, or back on; a node that is off loses every packet. */
  public void power(String node, boolean on) {
    host(node).up = on;
  }

  public void removeNode(String name) {
    Host host = hosts.remove(name);
    if (host != null) {
      hostsByAddress.remove(host.address);
    }
  }

  /** Gives a pod's address to the processes behind it. */
  public void attach(IpAddress pod, String node, Listeners listeners) {
    pods.put(pod, new Attached(host(node), listeners));
  }

  /** The address belongs to nobody any more. */
  public void detach(IpAddress pod) {
    pods.remove(pod);
  }

  /** Installs a rule; rules are asked in the order in which they were installed. */
  public void add(PacketRule rule) {
    rules.add(rule);
  }

  public void remove(PacketRule rule) {
    rules.remove(rule);
  }

  /** The name of the node that has that address or the pod behind it; null when there is none. */
  public @Nullable String nodeOf(IpAddress address) {
    Host host = hostsByAddress.get(address);
    if (host == null) {
      host = podHost(address);
    }
    return host == null ? null : host.name;
  }

  private Host host(String node) {
    Host host = hosts.get(node);
    if (host == null) {
      throw new SimulationBug("no node " + node + " on the network");
    }
    return host;
  }

  /**
   * Starts a TCP connection. The outcome comes as an event: after a round trip, or after the
   * timeout when nothing comes back.
   *
   * @param timeoutNanos how long the client waits for an answer
   * @param trail told of each step on the way, or null when nobody looks
   */
  public Connection connect(
      Source source,
      IpAddress to,
      int port,
      long timeoutNanos,
      @Nullable Trail trail,
      Connection.Client client) {
    Packet packet = new Packet(Protocol.TCP, address(source), localPort(source), to, port);
    Connection connection = new Connection(source, packet, client);
    attempt(connection, 0, timeoutNanos, trail);
    return connection;
  }

  /** Sends the first packet for the nth time. */
  private void attempt(Connection connection, int times, long leftNanos, @Nullable Trail trail) {
    Source source = connection.source();
    Arrival arrival = carry(source, connection.asked(), connection::crossed, trail);
    connection.sent(arrival.packet);
    long oneWay = latency(source, arrival.host) + arrival.delayNanos;
    String target = arrival.packet.destination() + ":" + arrival.packet.destinationPort();
    boolean answered = arrival.listeners != null || arrival.refusal instanceof Verdict.Reject;
    Passage back = answered ? passage(arrival.packet.reply(), false, null) : Passage.FREE;
    long roundTrip = oneWay * 2 - arrival.delayNanos + back.delayNanos();
    if (!answered || back.stopped() != null) {
      String words = answered ? words(back.stopped()) + ", on the way back" : arrival.words;
      again(connection, times, leftNanos, words);
    } else if (arrival.refusal instanceof Verdict.Reject reject) {
      later(roundTrip, connection, Connection.Failure.REFUSED, reject.by());
    } else if (arrival.listeners == null
        || !arrival.listeners.listening(Protocol.TCP, arrival.packet.destinationPort())) {
      step(trail, arrival, "nobody listens on " + target + ": reset");
      later(roundTrip, connection, Connection.Failure.REFUSED, "nobody listens on " + target);
    } else {
      step(trail, arrival, "accepted on " + target);
      connection.deliver(arrival.packet, arrival.listeners, oneWay - arrival.delayNanos);
      arrival.listeners.accepted(connection);
      simulation.after(roundTrip, "network/established", target, () -> establish(connection));
    }
  }

  /** Nothing comes back: the packet is sent again, as long as the client waits. */
  private void again(Connection connection, int times, long leftNanos, String words) {
    long wait = FIRST_RETRANSMISSION_NANOS << times;
    if (wait >= leftNanos) {
      later(leftNanos, connection, Connection.Failure.TIMEOUT, words);
    } else {
      simulation.after(
          wait,
          "network/retransmission",
          connection.asked().destination(),
          () -> {
            if (connection.state() == Connection.State.CONNECTING) {
              attempt(connection, times + 1, leftNanos - wait, null);
            }
          });
    }
  }

  /**
   * Carries a segment of an established connection. One that is lost is sent again, at last so
   * often that the connection fails.
   *
   * @param toServer false: it goes to the client
   * @param what label of the event in which it arrives
   * @param arrived runs then, and looks whether the connection still stands
   */
  public void segment(
      Connection connection, boolean toServer, String what, Object subject, Runnable arrived) {
    segment(connection, toServer, 0, what, subject, arrived);
  }

  private void segment(
      Connection connection,
      boolean toServer,
      int times,
      String what,
      Object subject,
      Runnable arrived) {
    Packet sent = connection.delivered();
    Passage passage = passage(toServer ? sent : sent.reply(), false, null);
    Verdict stopped = passage.stopped();
    if (stopped == null) {
      simulation.after(connection.oneWayNanos() + passage.delayNanos(), what, subject, arrived);
      return;
    }
    long wait = Math.min(SEGMENT_RETRANSMISSION_NANOS << times, RETRANSMISSION_NANOS_MAX);
    simulation.after(
        wait,
        "network/retransmission",
        subject,
        () -> {
          if (connection.state() != Connection.State.ESTABLISHED) {
            return;
          }
          if (times == RETRANSMISSIONS_MAX) {
            connection.fail(Connection.Failure.TIMEOUT, words(stopped));
          } else {
            segment(connection, toServer, times + 1, what, subject, arrived);
          }
        });
  }

  private static void establish(Connection connection) {
    if (connection.state() == Connection.State.CONNECTING) {
      connection.establish();
    }
  }

  private void later(long nanos, Connection connection, Connection.Failure failure, String detail) {
    simulation.after(nanos, "network/failed", detail, () -> connection.fail(failure, detail));
  }

  private static void step(@Nullable Trail trail, Arrival arrival, String words) {
    if (trail != null) {
      String where = arrival.host == null ? "network" : arrival.host.name;
      trail.step(where, "", words);
    }
  }

  /**
   * Sends a datagram. The answer, if there is one, comes as an event; nothing comes otherwise but
   * the refusal of a rule or of a closed port.
   *
   * @param reply takes the answer's payload
   * @param refused told who refused
   */
  public void datagram(
      Source source,
      IpAddress to,
      int port,
      byte[] payload,
      @Nullable Trail trail,
      Consumer<byte[]> reply,
      Consumer<String> refused) {
    datagram(source, localPort(source), to, port, payload, trail, reply, refused);
  }

  /**
   * Sends a datagram from a port that the client keeps, so that nodes see it as one flow.
   *
   * @param localPort see {@link #localPort}
   */
  public void datagram(
      Source source,
      int localPort,
      IpAddress to,
      int port,
      byte[] payload,
      @Nullable Trail trail,
      Consumer<byte[]> reply,
      Consumer<String> refused) {
    Packet packet = new Packet(Protocol.UDP, address(source), localPort, to, port);
    Arrival arrival = carry(source, packet, NOBODY, trail);
    long oneWay = latency(source, arrival.host) + arrival.delayNanos;
    String target = arrival.packet.destination() + ":" + arrival.packet.destinationPort();
    Listeners listeners = arrival.listeners;
    if (arrival.refusal instanceof Verdict.Reject reject) {
      back(arrival, oneWay, "network/refused", target, () -> refused.accept(reject.by()));
    } else if (listeners != null
        && !listeners.listening(Protocol.UDP, arrival.packet.destinationPort())) {
      step(trail, arrival, "nobody listens on " + target + "/udp");
      String words = "nobody listens on " + target;
      back(arrival, oneWay, "network/refused", target, () -> refused.accept(words));
    } else if (listeners != null) {
      step(trail, arrival, "delivered to " + target + "/udp");
      for (int copy = arrival.twice ? 0 : 1; copy < 2; copy++) {
        simulation.after(
            oneWay,
            "network/datagram",
            target,
            () ->
                listeners.datagram(
                    arrival.packet,
                    payload,
                    answer -> answer(arrival, oneWay, target, () -> reply.accept(answer))));
      }
    }
  }

  /** The answer of a datagram on its way back; lost ones are not sent again. */
  private void answer(Arrival arrival, long oneWayNanos, String target, Runnable arrived) {
    Passage passage = passage(arrival.packet.reply(), false, null);
    if (passage.stopped() == null) {
      long nanos = oneWayNanos - arrival.delayNanos + passage.delayNanos();
      for (int copy = passage.twice() ? 0 : 1; copy < 2; copy++) {
        simulation.after(nanos, "network/reply", target, arrived);
      }
    }
  }

  private void back(
      Arrival arrival, long oneWayNanos, String what, String target, Runnable arrived) {
    Passage passage = passage(arrival.packet.reply(), false, null);
    if (passage.stopped() == null) {
      long nanos = oneWayNanos * 2 - arrival.delayNanos + passage.delayNanos();
      simulation.after(nanos, what, target, arrived);
    }
  }

  /** The next port that the source takes for a socket of its own. */
  public int localPort(Source source) {
    return ports.merge(
        address(source), PORT_FIRST, (last, first) -> last == PORT_LAST ? first : last + 1);
  }

  private IpAddress address(Source source) {
    if (source instanceof Source.Pod pod) {
      return pod.address();
    }
    if (source instanceof Source.Node node) {
      return host(node.name()).address;
    }
    return ((Source.Outside) source).address();
  }

  private interface Crossings {
    void crossed(DataPath path, Packet packet);
  }

  private static final Crossings NOBODY = (path, packet) -> {};

  private Arrival carry(Source source, Packet first, Crossings crossings, @Nullable Trail trail) {
    if (source instanceof Source.Pod pod) {
      Attached attached = pods.get(pod.address());
      return attached == null
          ? lost(first, "no pod has the source address " + pod.address(), trail)
          : cross(attached.host, DataPath.Entry.LOCAL_POD, first, false, crossings, trail);
    }
    if (source instanceof Source.Node node) {
      return cross(host(node.name()), DataPath.Entry.LOCAL_PROCESS, first, false, crossings, trail);
    }
    Host host = hostsByAddress.get(first.destination());
    if (host != null) {
      return cross(host, DataPath.Entry.WIRE, first, false, crossings, trail);
    }
    EdgeRouter.Hop hop = atEdge(first, trail);
    return hop == null
        ? lost(first, outsideWords(first.destination()), trail)
        : fromEdge(hop, first, crossings, trail);
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
      boolean edgePassed,
      Crossings crossings,
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
        return toOwn(packet, host, trail).after(delay, twice);
      }
      if (host.dataPath != null) {
        Verdict verdict = host.dataPath.route(packet, entry, trail);
        crossings.crossed(host.dataPath, packet);
        if (!(verdict instanceof Verdict.Forward forward)) {
          String words = words(verdict, host, packet);
          return new Arrival(verdict, packet, null, host, words, delay, false);
        }
        packet = forward.packet();
      }
      Passage passage = passage(packet, true, trail);
      delay += passage.delayNanos();
      twice |= passage.twice();
      Verdict stopped = passage.stopped();
      if (stopped != null) {
        return stopped(stopped, packet, host, trail).after(delay, false);
      }
      Host target = hostsByAddress.get(packet.destination());
      if (target == null) {
        EdgeRouter.Hop onward = edgePassed ? null : atEdge(packet, trail);
        Arrival arrival =
            onward == null ? toPod(packet, trail) : fromEdge(onward, packet, crossings, trail);
        return arrival.after(delay, twice);
      }
      if (target == host) {
        return new Arrival(null, packet, host.listeners, host, "", delay, twice);
      }
      host = target;
      entry = DataPath.Entry.WIRE;
    }
    throw new SimulationBug("a packet crossed more than " + HOPS_MAX + " nodes: " + sent);
  }

  /** Where the edge of the network sends a packet; null when the address is none of its own. */
  private EdgeRouter.@Nullable Hop atEdge(Packet packet, @Nullable Trail trail) {
    EdgeRouter router = edge;
    return router == null || pods.containsKey(packet.destination())
        ? null
        : router.route(packet, trail);
  }

  private Arrival fromEdge(
      EdgeRouter.Hop hop, Packet packet, Crossings crossings, @Nullable Trail trail) {
    return hop.verdict() instanceof Verdict.Forward forward
        ? cross(host(hop.node()), DataPath.Entry.WIRE, forward.packet(), true, crossings, trail)
        : stopped(hop.verdict(), packet, null, trail);
  }

  /** To an address that the node has beside its own. */
  private Arrival toOwn(Packet packet, Host host, @Nullable Trail trail) {
    if (trail != null) {
      trail.step(
          host.name + " raw", "", "not tracked: the node itself has " + packet.destination());
    }
    Passage passage = passage(packet, true, trail);
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

  private Arrival toPod(Packet packet, @Nullable Trail trail) {
    Attached attached = pods.get(packet.destination());
    if (attached == null) {
      return lost(
          packet,
          "no pod or node has the address "
              + packet.destination()
              + " and no rule translates it: the packet leaves by the default route",
          trail);
    }
    if (!attached.host.up) {
      return lost(packet, "node " + attached.host.name + " is down", trail);
    }
    return new Arrival(null, packet, attached.listeners, attached.host, "", 0, false);
  }

  private String outsideWords(IpAddress destination) {
    if (pods.containsKey(destination)) {
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

  private static String words(@Nullable Verdict stopped) {
    if (stopped instanceof Verdict.Reject reject) {
      return "refused: " + reject.by();
    }
    return stopped instanceof Verdict.Drop drop ? drop.by() : "lost";
  }

  /** What the rules make of a packet, those for first packets only if it is one. */
  private Passage passage(Packet packet, boolean first, @Nullable Trail trail) {
    if (rules.isEmpty()) {
      return Passage.FREE;
    }
    long delay = 0;
    boolean twice = false;
    for (int i = 0; i < rules.size(); i++) {
      PacketRule rule = rules.get(i);
      Verdict verdict = first || !rule.firstPacketsOnly() ? rule.on(packet, trail) : null;
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

  private long latency(Source source, @Nullable Host target) {
    if (source instanceof Source.Outside) {
      return latency.between(latencies.outsideMinNanos(), latencies.outsideMaxNanos());
    }
    Host from =
        source instanceof Source.Node node ? hosts.get(node.name()) : podHost(address(source));
    return target == null || target == from
        ? latency.between(latencies.sameNodeMinNanos(), latencies.sameNodeMaxNanos())
        : latency.between(latencies.otherNodeMinNanos(), latencies.otherNodeMaxNanos());
  }

  private @Nullable Host podHost(IpAddress pod) {
    Attached attached = pods.get(pod);
    return attached == null ? null : attached.host;
  }
}
