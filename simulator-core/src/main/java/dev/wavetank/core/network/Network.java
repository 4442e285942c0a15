package dev.wavetank.core.network;

import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.util.LinkedHashMap;
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

  /** A first packet without an answer is sent again after so long, then after twice as long. */
  private static final long FIRST_RETRANSMISSION_NANOS = 1_000_000_000L;

  /** A segment of a connection likewise. */
  private static final long SEGMENT_RETRANSMISSION_NANOS = 200_000_000L;

  /** Most times that a segment is sent again: Linux's tcp_retries2. */
  private static final int RETRANSMISSIONS_MAX = 15;

  private static final long RETRANSMISSION_NANOS_MAX = 120_000_000_000L;

  /** What a packet of a connection carries at most on Ethernet. */
  private static final long SEGMENT_BYTES = 1_448;

  /** Headers of a datagram: Ethernet, IPv4 and UDP. */
  private static final long DATAGRAM_BYTES = 42;

  private final Simulation simulation;
  private final NetworkLatencies latencies;
  private final ChoiceStream latency;
  private final Fabric fabric = new Fabric();

  /** The last ports of addresses that belong to nobody: of outside, and of pods that are gone. */
  private final Map<IpAddress, Integer> ports = new LinkedHashMap<>();

  /** The second addresses of clients outside, by the first. */
  private final Map<IpAddress, IpAddress> outsideSecondaries = new LinkedHashMap<>();

  public Network(Simulation simulation, NetworkLatencies latencies) {
    this.simulation = simulation;
    this.latencies = latencies;
    this.latency = simulation.choices().stream("network/latency");
  }

  /** Adds a node with its address and the processes that listen on it. */
  public void addNode(String name, IpAddress address, Listeners listeners) {
    fabric.add(new Host(name, address, listeners, lastPort(address)));
  }

  /** Adds a node with an address of each family. */
  public void addNode(
      String name,
      IpAddress address,
      Listeners listeners,
      IpAddress secondary,
      Listeners secondaryListeners) {
    Host host = new Host(name, address, listeners, lastPort(address));
    host.secondary(secondary, secondaryListeners, lastPort(secondary));
    fabric.add(host);
  }

  /** Whether a node has that address. */
  public boolean isNode(IpAddress address) {
    return fabric.isNode(address);
  }

  /** Gives a node the rules that its packets pass. */
  public void dataPath(String node, DataPath dataPath) {
    fabric.host(node).dataPath = dataPath;
  }

  /**
   * Gives a node one more address, which only the node itself and its pods reach there; its packets
   * are not tracked, so that the node's rules translate none of them.
   *
   * @param listeners null to take the address away
   */
  public void own(String node, IpAddress address, @Nullable Listeners listeners) {
    fabric.host(node).own(address, listeners);
  }

  /** Says that who is outside with an address has one of the other family too. */
  public void outside(IpAddress address, IpAddress secondary) {
    outsideSecondaries.put(address, secondary);
  }

  /** Sets what takes packets to addresses that are neither a node's nor a pod's. */
  public void edge(EdgeRouter router) {
    fabric.edge(router);
  }

  /** Takes a node off the network, or back on; a node that is off loses every packet. */
  public void power(String node, boolean on) {
    fabric.host(node).up = on;
  }

  public void removeNode(String name) {
    Attachment gone = fabric.removeNode(name);
    forget(gone);
    forget(gone == null ? null : gone.other);
  }

  /** Gives a pod's address to the processes behind it. */
  public void attach(IpAddress pod, String node, Listeners listeners) {
    forget(fabric.removePod(pod));
    fabric.add(new Attachment(pod, fabric.host(node), listeners, lastPort(pod)));
  }

  /** Gives a pod's addresses, one of each family, to the processes behind it. */
  public void attach(IpAddress pod, IpAddress secondary, String node, Listeners listeners) {
    attach(pod, node, listeners);
    attach(secondary, node, listeners);
    fabric.join(pod, secondary);
  }

  /** The address belongs to nobody any more. */
  public void detach(IpAddress pod) {
    forget(fabric.removePod(pod));
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
    fabric.add(rule);
  }

  public void remove(PacketRule rule) {
    fabric.remove(rule);
  }

  /** The name of the node that has that address or the pod behind it; null when there is none. */
  public @Nullable String nodeOf(IpAddress address) {
    return fabric.nodeOf(address);
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
    return connect(Protocol.TCP, source, to, port, timeoutNanos, trail, client);
  }

  /**
   * The same over TCP, or as an SCTP association: here that is made and lost as a TCP connection
   * is, over one path.
   */
  public Connection connect(
      Protocol protocol,
      Source source,
      IpAddress to,
      int port,
      long timeoutNanos,
      @Nullable Trail trail,
      Connection.Client client) {
    Attachment sender = fabric.attachment(source, to);
    Packet packet =
        new Packet(protocol, address(sender, source, to), localPort(sender, source), to, port);
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
    Arrival arrival =
        fabric.carry(
            connection.source(), sender, connection.asked(), Fabric.EMPTY_BYTES, connection, trail);
    connection.sent(arrival.packet());
    long oneWay = latency(connection.source(), sender, arrival.host()) + arrival.delayNanos();
    Attachment receiver = arrival.receiver();
    boolean answered = receiver != null || arrival.refusal() instanceof Verdict.Reject;
    Passage back =
        answered ? fabric.passageBack(arrival.packet(), Fabric.EMPTY_BYTES) : Passage.FREE;
    long roundTrip = oneWay * 2 - arrival.delayNanos() + back.delayNanos();
    if (!answered || back.stopped() != null) {
      String words =
          answered ? Fabric.words(back.stopped()) + ", on the way back" : arrival.words();
      again(connection, times, leftNanos, words);
    } else if (arrival.refusal() instanceof Verdict.Reject reject) {
      later(roundTrip, connection, Connection.Failure.REFUSED, reject.by());
    } else if (receiver == null
        || !receiver.listeners.listening(
            arrival.packet().protocol(), arrival.packet().destinationPort())) {
      String words = "nobody listens on " + arrival.target();
      step(trail, arrival, words + ": reset");
      later(roundTrip, connection, Connection.Failure.REFUSED, words);
    } else {
      SocketAddress target = arrival.target();
      if (trail != null) {
        step(trail, arrival, "accepted on " + target);
      }
      connection.deliver(arrival.packet(), receiver.listeners, oneWay - arrival.delayNanos());
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
              Attachment sender =
                  fabric.attachment(connection.source(), connection.asked().destination());
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
   * @param bytes that it carries
   * @param what label of the event in which it arrives
   * @param arrived runs then, and looks whether the connection still stands
   */
  public void segment(
      Connection connection,
      boolean toServer,
      long bytes,
      String what,
      Object subject,
      Runnable arrived) {
    segment(connection, toServer, bytes, 0, what, subject, arrived);
  }

  private void segment(
      Connection connection,
      boolean toServer,
      long bytes,
      int times,
      String what,
      Object subject,
      Runnable arrived) {
    Packet sent = connection.delivered();
    long wire = wireBytes(bytes);
    Passage passage =
        toServer ? fabric.passage(sent, wire, false, null) : fabric.passageBack(sent, wire);
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
            connection.fail(Connection.Failure.TIMEOUT, Fabric.words(stopped));
          } else {
            segment(connection, toServer, bytes, times + 1, what, subject, arrived);
          }
        });
  }

  /** What a message of a connection takes, with the headers of each of its packets. */
  private static long wireBytes(long bytes) {
    return bytes + (bytes / SEGMENT_BYTES + 1) * Fabric.EMPTY_BYTES;
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
      String where = arrival.host() == null ? "network" : arrival.host().name;
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
    int localPort = localPort(fabric.attachment(source, to), source);
    datagram(source, localPort, to, port, payload, trail, reply, refused);
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
    Attachment sender = fabric.attachment(source, to);
    Packet packet = new Packet(Protocol.UDP, address(sender, source, to), localPort, to, port);
    long bytes = DATAGRAM_BYTES + payload.length;
    Arrival arrival = fabric.carry(source, sender, packet, bytes, null, trail);
    long oneWay = latency(source, sender, arrival.host()) + arrival.delayNanos();
    SocketAddress target = arrival.target();
    Listeners listeners = arrival.receiver() == null ? null : arrival.receiver().listeners;
    if (arrival.refusal() instanceof Verdict.Reject reject) {
      back(arrival, oneWay, "network/refused", target, () -> refused.accept(reject.by()));
    } else if (listeners != null
        && !listeners.listening(Protocol.UDP, arrival.packet().destinationPort())) {
      step(trail, arrival, "nobody listens on " + target + "/udp");
      String words = "nobody listens on " + target;
      back(arrival, oneWay, "network/refused", target, () -> refused.accept(words));
    } else if (listeners != null) {
      step(trail, arrival, "delivered to " + target + "/udp");
      for (int copy = arrival.twice() ? 0 : 1; copy < 2; copy++) {
        simulation.after(
            oneWay,
            "network/datagram",
            target,
            () ->
                listeners.datagram(
                    arrival.packet(),
                    payload,
                    answer ->
                        answer(
                            arrival,
                            oneWay,
                            DATAGRAM_BYTES + answer.length,
                            target,
                            () -> reply.accept(answer))));
      }
    }
  }

  /** The answer of a datagram on its way back; lost ones are not sent again. */
  private void answer(
      Arrival arrival, long oneWayNanos, long bytes, SocketAddress target, Runnable arrived) {
    Passage passage = fabric.passageBack(arrival.packet(), bytes);
    if (passage.stopped() == null) {
      long nanos = oneWayNanos - arrival.delayNanos() + passage.delayNanos();
      for (int copy = passage.twice() ? 0 : 1; copy < 2; copy++) {
        simulation.after(nanos, "network/reply", target, arrived);
      }
    }
  }

  private void back(
      Arrival arrival, long oneWayNanos, String what, SocketAddress target, Runnable arrived) {
    Passage passage = fabric.passageBack(arrival.packet(), Fabric.EMPTY_BYTES);
    if (passage.stopped() == null) {
      long nanos = oneWayNanos * 2 - arrival.delayNanos() + passage.delayNanos();
      simulation.after(nanos, what, target, arrived);
    }
  }

  /** The next port that the source takes for a socket of its own. */
  public int localPort(Source source) {
    return localPort(fabric.attachment(source), source);
  }

  private int localPort(@Nullable Attachment sender, Source source) {
    if (sender != null) {
      return sender.nextPort();
    }
    int next = Attachment.portAfter(lastPort(address(source)));
    ports.put(address(source), next);
    return next;
  }

  /** From where a source sends: an address of its own of the right family, where it has one. */
  private IpAddress address(@Nullable Attachment sender, Source source, IpAddress to) {
    if (sender != null) {
      return sender.address;
    }
    IpAddress first = address(source);
    return first.isV6() == to.isV6() ? first : outsideSecondaries.getOrDefault(first, first);
  }

  private IpAddress address(Source source) {
    if (source instanceof Source.Pod pod) {
      return pod.address();
    }
    if (source instanceof Source.Node node) {
      return fabric.host(node.name()).attachment.address;
    }
    return ((Source.Outside) source).address();
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
