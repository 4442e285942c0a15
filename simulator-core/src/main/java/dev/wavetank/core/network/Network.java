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

  /**
   * Where a packet came to, or how it was lost.
   *
   * @param receiver to whom it came; null when it came to nobody
   * @param host where it came to or was stopped; null when no node has to do with it
   */
  private record Arrival(
      @Nullable Verdict refusal,
      Packet packet,
      @Nullable Attachment receiver,
      @Nullable Host host,
      String words,
      long delayNanos,
      boolean twice) {

    Arrival after(long nanos, boolean arrivesTwice) {
      return nanos == 0 && !arrivesTwice
          ? this
          : new Arrival(refusal, packet, receiver, host, words, nanos, arrivesTwice);
    }

    SocketAddress target() {
      return receiver == null
          ? new SocketAddress(packet.destination(), packet.destinationPort())
          : receiver.port(packet.destinationPort());
    }
  }

  private final Simulation simulation;
  private final NetworkLatencies latencies;
  private final ChoiceStream latency;
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final AddressTable nodes = new AddressTable();
  private final AddressTable pods = new AddressTable();

  /** The last ports of addresses that belong to nobody: of outside, and of pods that are gone. */
  private final Map<IpAddress, Integer> ports = new LinkedHashMap<>();

  private final List<PacketRule> rules = new ArrayList<>();

  public Network(Simulation simulation, NetworkLatencies latencies) {
    this.simulation = simulation;
    this.latencies = latencies;
    this.latency = simulation.choices().stream("network/latency");
  }

  /** Adds a node with its address and the processes that listen on it. */
  public void addNode(String name, IpAddress address, Listeners listeners) {
    Host host = new Host(name, address, listeners, lastPort(address));
    hosts.put(name, host);
    nodes.put(host.attachment);
  }

  /** Whether a node has that address. */
  public boolean isNode(IpAddress address) {
    return nodes.get(address) != null;
  }

  /** Gives a node the rules that its packets pass. */
  public void dataPath(String node, DataPath dataPath) {
    host(node).dataPath = dataPath;
  }

  /** Takes a node off the network, or back on; a node that is off loses every packet. */
  public void power(String node, boolean on) {
    host(node).up = on;
  }

  public void removeNode(String name) {
    Host host = hosts.remove(name);
    if (host != null) {
      forget(nodes.remove(host.attachment.address));
    }
  }

  /** Gives a pod's address to the processes behind it. */
  public void attach(IpAddress pod, String node, Listeners listeners) {
    forget(pods.remove(pod));
    pods.put(new Attachment(pod, host(node), listeners, lastPort(pod)));
  }

  /** The address belongs to nobody any more. */
  public void detach(IpAddress pod) {
    forget(pods.remove(pod));
  }

  /** Whoever gets the address next goes on with the ports, so that no old flow comes back. */
  private void forget(@Nullable Attachment attachment) {
    if (attachment != null && attachment.lastPort != Attachment.NO_PORT) {
      ports.put(attachment.address, attachment.lastPort);
    }
  }

  private int lastPort(IpAddress address) {
    return ports.getOrDefault(address, Attachment.NO_PORT);
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
    Attachment found = nodes.get(address);
    if (found == null) {
      found = pods.get(address);
    }
    return found == null ? null : found.host.name;
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
    Attachment sender = attachment(source);
    Packet packet = new Packet(Protocol.TCP, address(source), localPort(sender, source), to, port);
    Connection connection = new Connection(source, packet, client);
    attempt(connection, sender, 0, timeoutNanos, trail);
    return connection;
  }

  /** Sends the first packet for the nth time. */
  private void attempt(
      Connection connection,
      @Nullable Attachment sender,
      int times,
      long leftNanos,
      @Nullable Trail trail) {
    Arrival arrival = carry(connection.source(), sender, connection.asked(), connection, trail);
    connection.sent(arrival.packet);
    long oneWay = latency(connection.source(), sender, arrival.host) + arrival.delayNanos;
    Attachment receiver = arrival.receiver;
    boolean answered = receiver != null || arrival.refusal instanceof Verdict.Reject;
    Passage back = answered ? passageBack(arrival.packet) : Passage.FREE;
    long roundTrip = oneWay * 2 - arrival.delayNanos + back.delayNanos();
    if (!answered || back.stopped() != null) {
      String words = answered ? words(back.stopped()) + ", on the way back" : arrival.words;
      again(connection, times, leftNanos, words);
    } else if (arrival.refusal instanceof Verdict.Reject reject) {
      later(roundTrip, connection, Connection.Failure.REFUSED, reject.by());
    } else if (receiver == null
        || !receiver.listeners.listening(Protocol.TCP, arrival.packet.destinationPort())) {
      String words = "nobody listens on " + arrival.target();
      step(trail, arrival, words + ": reset");
      later(roundTrip, connection, Connection.Failure.REFUSED, words);
    } else {
      SocketAddress target = arrival.target();
      if (trail != null) {
        step(trail, arrival, "accepted on " + target);
      }
      connection.deliver(arrival.packet, receiver.listeners, oneWay - arrival.delayNanos);
      receiver.listeners.accepted(connection);
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
              Attachment sender = attachment(connection.source());
              attempt(connection, sender, times + 1, leftNanos - wait, null);
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
    Passage passage = toServer ? passage(sent, false, null) : passageBack(sent);
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
    Attachment sender = attachment(source);
    Arrival arrival = carry(source, sender, packet, null, trail);
    long oneWay = latency(source, sender, arrival.host) + arrival.delayNanos;
    SocketAddress target = arrival.target();
    Listeners listeners = arrival.receiver == null ? null : arrival.receiver.listeners;
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
  private void answer(Arrival arrival, long oneWayNanos, SocketAddress target, Runnable arrived) {
    Passage passage = passageBack(arrival.packet);
    if (passage.stopped() == null) {
      long nanos = oneWayNanos - arrival.delayNanos + passage.delayNanos();
      for (int copy = passage.twice() ? 0 : 1; copy < 2; copy++) {
        simulation.after(nanos, "network/reply", target, arrived);
      }
    }
  }

  private void back(
      Arrival arrival, long oneWayNanos, String what, SocketAddress target, Runnable arrived) {
    Passage passage = passageBack(arrival.packet);
    if (passage.stopped() == null) {
      long nanos = oneWayNanos * 2 - arrival.delayNanos + passage.delayNanos();
      simulation.after(nanos, what, target, arrived);
    }
  }

  /** The next port that the source takes for a socket of its own. */
  public int localPort(Source source) {
    return localPort(attachment(source), source);
  }

  private int localPort(@Nullable Attachment sender, Source source) {
    if (sender != null) {
      return sender.nextPort();
    }
    int next = Attachment.portAfter(lastPort(address(source)));
    ports.put(address(source), next);
    return next;
  }

  private IpAddress address(Source source) {
    if (source instanceof Source.Pod pod) {
      return pod.address();
    }
    if (source instanceof Source.Node node) {
      return host(node.name()).attachment.address;
    }
    return ((Source.Outside) source).address();
  }

  /** Whose the source is; null for one outside, and for a pod that is gone. */
  private @Nullable Attachment attachment(Source source) {
    if (source instanceof Source.Pod pod) {
      return pods.get(pod.address());
    }
    return source instanceof Source.Node node ? host(node.name()).attachment : null;
  }

  /**
   * Carries the first packet of a connection, or a datagram.
   *
   * @param sender see {@link #attachment}
   * @param connection told of the data paths that were crossed; null for a datagram
   */
  private Arrival carry(
      Source source,
      @Nullable Attachment sender,
      Packet first,
      @Nullable Connection connection,
      @Nullable Trail trail) {
    if (sender == null && source instanceof Source.Pod pod) {
      return lost(first, "no pod has the source address " + pod.address(), trail);
    }
    Attachment entrance = sender == null ? nodes.get(first.destination()) : sender;
    if (entrance == null) {
      return lost(first, outsideWords(first.destination()), trail);
    }
    DataPath.Entry entry =
        source instanceof Source.Pod
            ? DataPath.Entry.LOCAL_POD
            : sender == null ? DataPath.Entry.WIRE : DataPath.Entry.LOCAL_PROCESS;
    Host host = entrance.host;
    Packet packet = first;
    long delay = 0;
    boolean twice = false;
    for (int hop = 0; hop < HOPS_MAX; hop++) {
      if (!host.up) {
        return lost(packet, "node " + host.name + " is down", trail);
      }
      Verdict verdict = route(host, packet, entry, connection, trail);
      if (verdict instanceof Verdict.Forward forward) {
        packet = forward.packet();
      } else if (verdict != null) {
        String words = words(verdict, host, packet);
        return new Arrival(verdict, packet, null, host, words, delay, false);
      }
      Passage passage = passage(packet, true, trail);
      delay += passage.delayNanos();
      twice |= passage.twice();
      Verdict stopped = passage.stopped();
      if (stopped != null) {
        if (trail != null) {
          trail.step("network", "", words(stopped));
        }
        return new Arrival(stopped, packet, null, host, words(stopped), delay, false);
      }
      Attachment target = nodes.get(packet.destination());
      if (target == null) {
        return toPod(packet, trail).after(delay, twice);
      }
      if (target.host == host) {
        return new Arrival(null, packet, target, host, "", delay, twice);
      }
      host = target.host;
      entry = DataPath.Entry.WIRE;
    }
    throw new SimulationBug("a packet crossed more than " + HOPS_MAX + " nodes: " + first);
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

  private static String words(@Nullable Verdict stopped) {
    if (stopped instanceof Verdict.Reject reject) {
      return "refused: " + reject.by();
    }
    return stopped instanceof Verdict.Drop drop ? drop.by() : "lost";
  }

  private Passage passageBack(Packet packet) {
    return rules.isEmpty() ? Passage.FREE : passage(packet.reply(), false, null);
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

  private long latency(Source source, @Nullable Attachment sender, @Nullable Host target) {
    if (source instanceof Source.Outside) {
      return latency.between(latencies.outsideMinNanos(), latencies.outsideMaxNanos());
    }
    return target == null || (sender != null && target == sender.host)
        ? latency.between(latencies.sameNodeMinNanos(), latencies.sameNodeMaxNanos())
        : latency.between(latencies.otherNodeMinNanos(), latencies.otherNodeMaxNanos());
  }
}
