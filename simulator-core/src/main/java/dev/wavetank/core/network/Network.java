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

  private static final int PORT_FIRST = 32_768;
  private static final int PORT_LAST = 60_999;

  private static final class Host {
    final String name;
    final IpAddress address;
    final Listeners listeners;
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
      long delayNanos) {

    Arrival delayed(long nanos) {
      return nanos == 0 ? this : new Arrival(refusal, packet, listeners, host, words, nanos);
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
    Packet packet = firstPacket(source, Protocol.TCP, to, port);
    Connection connection = new Connection(source, packet, client);
    Arrival arrival = carry(source, packet, connection::crossed, trail);
    long oneWay = latency(source, arrival.host) + arrival.delayNanos;
    String target = arrival.packet.destination() + ":" + arrival.packet.destinationPort();
    if (arrival.refusal instanceof Verdict.Reject reject) {
      later(oneWay * 2, connection, Connection.Failure.REFUSED, reject.by());
    } else if (arrival.listeners == null) {
      later(timeoutNanos, connection, Connection.Failure.TIMEOUT, arrival.words);
    } else if (!arrival.listeners.listening(Protocol.TCP, arrival.packet.destinationPort())) {
      step(trail, arrival, "nobody listens on " + target + ": reset");
      later(oneWay * 2, connection, Connection.Failure.REFUSED, "nobody listens on " + target);
    } else {
      step(trail, arrival, "accepted on " + target);
      connection.deliver(arrival.packet, arrival.listeners, oneWay);
      arrival.listeners.accepted(connection);
      simulation.after(oneWay * 2, "network/established", target, () -> establish(connection));
    }
    return connection;
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
    Packet packet = firstPacket(source, Protocol.UDP, to, port);
    List<DataPath> crossed = new ArrayList<>(1);
    Arrival arrival = carry(source, packet, (path, sent) -> crossed.add(path), trail);
    long oneWay = latency(source, arrival.host) + arrival.delayNanos;
    String target = arrival.packet.destination() + ":" + arrival.packet.destinationPort();
    Listeners listeners = arrival.listeners;
    if (arrival.refusal instanceof Verdict.Reject reject) {
      simulation.after(oneWay * 2, "network/refused", target, () -> refused.accept(reject.by()));
    } else if (listeners != null
        && !listeners.listening(Protocol.UDP, arrival.packet.destinationPort())) {
      step(trail, arrival, "nobody listens on " + target + "/udp");
      simulation.after(
          oneWay * 2,
          "network/refused",
          target,
          () -> refused.accept("nobody listens on " + target));
    } else if (listeners != null) {
      step(trail, arrival, "delivered to " + target + "/udp");
      simulation.after(
          oneWay,
          "network/datagram",
          target,
          () ->
              listeners.datagram(
                  arrival.packet,
                  payload,
                  answer ->
                      simulation.after(
                          oneWay, "network/reply", target, () -> reply.accept(answer))));
    }
  }

  private Packet firstPacket(Source source, Protocol protocol, IpAddress to, int port) {
    IpAddress from = address(source);
    int local =
        ports.merge(from, PORT_FIRST, (last, first) -> last == PORT_LAST ? first : last + 1);
    return new Packet(protocol, from, local, to, port);
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

  private Arrival carry(Source source, Packet first, Crossings crossings, @Nullable Trail trail) {
    Host host = null;
    DataPath.Entry entry = DataPath.Entry.WIRE;
    if (source instanceof Source.Pod pod) {
      Attached attached = pods.get(pod.address());
      if (attached == null) {
        return lost(first, "no pod has the source address " + pod.address(), trail);
      }
      host = attached.host;
      entry = DataPath.Entry.LOCAL_POD;
    } else if (source instanceof Source.Node node) {
      host = host(node.name());
      entry = DataPath.Entry.LOCAL_PROCESS;
    } else {
      host = hostsByAddress.get(first.destination());
      if (host == null) {
        return lost(first, outsideWords(first.destination()), trail);
      }
    }
    Packet packet = first;
    long delay = 0;
    for (int hop = 0; hop < HOPS_MAX; hop++) {
      if (!host.up) {
        return lost(packet, "node " + host.name + " is down", trail);
      }
      if (host.dataPath != null) {
        Verdict verdict = host.dataPath.route(packet, entry, trail);
        crossings.crossed(host.dataPath, packet);
        if (!(verdict instanceof Verdict.Forward forward)) {
          return new Arrival(verdict, packet, null, host, words(verdict, host, packet), delay);
        }
        packet = forward.packet();
      }
      Verdict fault = rule(packet);
      if (fault instanceof Verdict.Delay slow) {
        delay += slow.nanos();
      } else if (fault != null && !(fault instanceof Verdict.Forward)) {
        return new Arrival(fault, packet, null, host, "a rule of the network dropped it", delay);
      }
      Host target = hostsByAddress.get(packet.destination());
      if (target == null) {
        return toPod(packet, trail).delayed(delay);
      }
      if (target == host) {
        return new Arrival(null, packet, host.listeners, host, "", delay);
      }
      host = target;
      entry = DataPath.Entry.WIRE;
    }
    throw new SimulationBug("a packet crossed more than " + HOPS_MAX + " nodes: " + first);
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
    return new Arrival(null, packet, attached.listeners, attached.host, "", 0);
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
    return new Arrival(new Verdict.Drop(), packet, null, null, words, 0);
  }

  private @Nullable Verdict rule(Packet packet) {
    for (int i = 0; i < rules.size(); i++) {
      Verdict verdict = rules.get(i).on(packet);
      if (verdict != null) {
        return verdict;
      }
    }
    return null;
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
