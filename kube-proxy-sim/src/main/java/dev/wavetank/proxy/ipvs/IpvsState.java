package dev.wavetank.proxy.ipvs;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one node's IPVS remembers: where schedulers stand, which clients stay where, and how many
 * connections each real server has.
 *
 * <p>Every connection that the node tracks counts as active until it is forgotten. A real server
 * that a sync takes away while it has TCP connections stays, with weight 0, until the last of them
 * is gone; kube-proxy looks once a minute.
 */
public final class IpvsState implements Conntrack.Listener {

  /** Bound on clients that one virtual server remembers. */
  private static final int CLIENTS_MAX = 65_536;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private record Route(VirtualServer.Key server, IpAddress address, int port) {}

  private record Stay(RealServer server, long untilNanos) {}

  private final Map<VirtualServer.Key, Choice.Place> places = new LinkedHashMap<>();
  private final Map<VirtualServer.Key, Map<IpAddress, Stay>> clients = new LinkedHashMap<>();
  private final Map<Route, Long> connections = new LinkedHashMap<>();
  private final Map<VirtualServer.Key, Set<RealServer>> leaving = new LinkedHashMap<>();

  private static Route route(Conntrack.Entry entry) {
    Packet original = entry.original();
    return new Route(
        new VirtualServer.Key(
            original.protocol(), original.destination(), original.destinationPort()),
        entry.reply().source(),
        entry.reply().sourcePort());
  }

  @Override
  public void added(Conntrack.Entry entry) {
    if (entry.destinationTranslated()) {
      connections.merge(route(entry), 1L, Long::sum);
    }
  }

  @Override
  public void deleted(Conntrack.Entry entry) {
    if (entry.destinationTranslated()) {
      connections.computeIfPresent(route(entry), (route, count) -> count == 1 ? null : count - 1);
    }
  }

  /** How many connections go from that virtual server to that real one. */
  long connections(VirtualServer.Key server, RealServer real) {
    return connections.getOrDefault(new Route(server, real.address(), real.port()), 0L);
  }

  /** Takes a sync: what belongs to virtual servers that are gone is forgotten. */
  public void synced(VirtualServers before, VirtualServers after) {
    before
        .byKey()
        .forEach(
            (key, server) -> {
              VirtualServer now = after.get(key);
              if (now == null) {
                places.remove(key);
                clients.remove(key);
                leaving.remove(key);
              } else {
                left(server, now);
              }
            });
  }

  private void left(VirtualServer before, VirtualServer now) {
    VirtualServer.Key key = before.key();
    Set<RealServer> gone = leaving.getOrDefault(key, new LinkedHashSet<>());
    if (key.protocol() == Protocol.TCP) {
      for (RealServer real : before.realServers()) {
        gone.add(new RealServer(real.address(), real.port(), 0));
      }
    }
    for (RealServer real : now.realServers()) {
      gone.remove(new RealServer(real.address(), real.port(), 0));
    }
    gone.removeIf(real -> connections(key, real) == 0);
    if (gone.isEmpty()) {
      leaving.remove(key);
    } else {
      leaving.put(key, gone);
    }
  }

  /** The servers with those that only finish their connections. */
  public VirtualServers withLeaving(VirtualServers servers) {
    return VirtualServers.of(servers.byKey().values().stream().map(this::withLeaving).toList());
  }

  private VirtualServer withLeaving(VirtualServer server) {
    Set<RealServer> gone = leaving.get(server.key());
    if (gone == null) {
      return server;
    }
    ImmutableList.Builder<RealServer> all = ImmutableList.builder();
    all.addAll(server.realServers());
    for (RealServer real : gone) {
      if (connections(server.key(), real) > 0) {
        all.add(real);
      }
    }
    return new VirtualServer(
        server.key(), server.scheduler(), server.persistentSeconds(), all.build());
  }

  /** The real server for a new connection; null when there is none. */
  @Nullable RealServer choose(VirtualServer server, PacketBuffer packet, long nowNanos) {
    if (server.persistentSeconds() == 0) {
      return server.scheduler().choose(new Coming(server, packet));
    }
    Map<IpAddress, Stay> own = clients.computeIfAbsent(server.key(), key -> new LinkedHashMap<>());
    IpAddress client = packet.source();
    Stay stay = own.remove(client);
    RealServer chosen =
        stay != null && stay.untilNanos > nowNanos && server.realServers().contains(stay.server)
            ? stay.server
            : server.scheduler().choose(new Coming(server, packet));
    if (chosen != null) {
      if (own.size() >= CLIENTS_MAX) {
        Iterator<Stay> oldest = own.values().iterator();
        oldest.next();
        oldest.remove();
      }
      own.put(client, new Stay(chosen, nowNanos + server.persistentSeconds() * SECOND_NANOS));
    }
    return chosen;
  }

  /** A connection to a virtual server, for its scheduler. */
  private final class Coming implements Choice {
    private final VirtualServer server;
    private final PacketBuffer packet;

    Coming(VirtualServer server, PacketBuffer packet) {
      this.server = server;
      this.packet = packet;
    }

    @Override
    public ImmutableList<RealServer> servers() {
      return server.realServers();
    }

    @Override
    public IpAddress client() {
      return packet.source();
    }

    @Override
    public IpAddress destination() {
      return packet.destination();
    }

    @Override
    public Place place() {
      return places.computeIfAbsent(server.key(), key -> new Place());
    }

    @Override
    public long connections(RealServer real) {
      return IpvsState.this.connections(server.key(), real);
    }
  }
}
