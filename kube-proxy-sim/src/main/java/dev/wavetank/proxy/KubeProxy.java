package dev.wavetank.proxy;

import dev.wavetank.core.network.DataPath;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.network.Verdict;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import dev.wavetank.proxy.iptables.Ruleset;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.ConntrackRace;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.PacketWalk;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import dev.wavetank.proxy.nftables.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * kube-proxy of one node, with the part of the node's kernel that its rules live in: the rules of
 * its last sync, and the connections that the node tracks.
 */
public final class KubeProxy implements DataPath {

  private static final Verdict DROP = new Verdict.Drop("a rule of the node dropped it");
  private static final String LOST_RACE =
      "insert_failed: it met another datagram of its socket in conntrack";

  /** FullSyncPeriod of pkg/proxy/util/utils.go. */
  private static final long FULL_SYNC_PERIOD_NANOS = 3_600_000_000_000L;

  private static final Verdict INSERT_FAILED = new Verdict.Drop(LOST_RACE);

  private final Simulation simulation;
  private final ProxyMode mode;
  private final ChoiceStream random;
  private final long startNanos;
  private final Conntrack conntrack = new Conntrack();
  private final @Nullable ConntrackRace race;
  private final ProxyHealth health;
  private ProxyNode node;

  /** The node as the last sync saw it. */
  private ProxyNode synced;

  private NodeKernel kernel;
  private PacketWalk walk;
  private @Nullable ProxyRevision revision;
  private @Nullable HookRules ipv4;
  private @Nullable HookRules ipv6;
  private long syncs;
  private boolean needFullSync = true;
  private long lastFullSyncNanos;
  private long fullSyncs;
  private long partialRestoreFailures;
  private boolean flushed;
  private boolean restoresFail;

  /** The sync to come, or the last one that came; null before the first is asked for. */
  @Nullable Timer pending;

  /** When the pending sync begins, or the last one began. */
  long nextSyncNanos;

  /** The change that asked for the pending sync, or for the last one. */
  @Nullable ProxyRevision nextRevision;

  /** When the last sync ended; long ago before the first. */
  long lastSyncEndNanos = Long.MIN_VALUE / 2;

  /**
   * kube-proxy of a node.
   *
   * @param health of the kube-proxy, by the Node object
   * @param race null when datagrams never race
   */
  KubeProxy(
      Simulation simulation,
      ProxyMode mode,
      ProxyNode node,
      ProxyHealth health,
      @Nullable ConntrackRace race) {
    this.race = race;
    this.health = health;
    this.startNanos = simulation.now();
    this.simulation = simulation;
    this.mode = mode;
    this.random = simulation.choices().stream("kube-proxy/statistic/" + node.name());
    this.node = node;
    this.synced = node;
    NodeRouting routing = new NodeRouting(node);
    this.kernel = NodeKernel.of(mode, routing, conntrack, random);
    this.walk = new PacketWalk(kernel.routing(), conntrack);
  }

  /** The node, as kube-proxy knows it. */
  public ProxyNode node() {
    return node;
  }

  /** Takes changed labels or addresses of the node; the next sync uses them. */
  void node(ProxyNode changed) {
    node = changed;
    needFullSync = true;
    NodeRouting routing = new NodeRouting(changed);
    kernel = NodeKernel.of(mode, routing, conntrack, random);
    walk = new PacketWalk(kernel.routing(), conntrack);
    ipv4 = null;
    ipv6 = null;
  }

  /** How many syncs there were that succeeded. */
  public long syncs() {
    return syncs;
  }

  /** How many of them wrote all rules instead of those that had changed. */
  public long fullSyncs() {
    return fullSyncs;
  }

  /** The metric {@code kubeproxy_iptables_partial_restore_failures_total}. */
  public long partialRestoreFailures() {
    return partialRestoreFailures;
  }

  ProxyHealth health() {
    return health;
  }

  /** Whether load balancers may send it what any node can take, as {@code /healthz} says. */
  public boolean eligible() {
    return health.eligible();
  }

  long startNanos() {
    return startNanos;
  }

  /** Somebody flushed the node's tables: rules and chains are gone, the canaries too. */
  void flush() {
    flushed = true;
    ipv4 = null;
    ipv6 = null;
  }

  boolean flushed() {
    return flushed;
  }

  /** Lets each restore of rules fail from now on, or no longer. */
  void restoresFail(boolean fail) {
    restoresFail = fail;
  }

  /** The next sync writes all rules. */
  void needFullSync() {
    needFullSync = true;
  }

  private boolean full(ProxyRevision next) {
    boolean large =
        next.state(IpFamily.IPV4).largeCluster() || next.state(IpFamily.IPV6).largeCluster();
    boolean late = simulation.now() - lastFullSyncNanos > FULL_SYNC_PERIOD_NANOS;
    return needFullSync || (late && !large);
  }

  /** The connections that the node tracks. */
  public Conntrack conntrack() {
    return conntrack;
  }

  /**
   * How many datagrams the node dropped because another one of their socket had begun the
   * connection in the same moment.
   */
  public long insertFailed() {
    ConntrackRace races = race;
    return races == null ? 0 : races.insertFailed();
  }

  /** The revision that the last sync wrote; null before the first. */
  @Nullable ProxyRevision revision() {
    return revision;
  }

  /**
   * Writes the rules of a revision; they are computed when a packet or a reader needs them. A sync
   * that restores only what has changed fails where the chains that it stands on were flushed.
   *
   * @return whether it succeeded; else the next one writes all rules
   */
  boolean syncProxyRules(ProxyRevision newRevision) {
    boolean full = full(newRevision);
    if (restoresFail || (flushed && !full)) {
      partialRestoreFailures += full ? 0 : 1;
      needFullSync = true;
      return false;
    }
    if (full) {
      fullSyncs++;
      lastFullSyncNanos = simulation.now();
      needFullSync = false;
      flushed = false;
    }
    write(newRevision);
    health.updated(simulation.now());
    return true;
  }

  private void write(ProxyRevision newRevision) {
    ProxyRevision before = revision;
    revision = newRevision;
    synced = node;
    ipv4 = null;
    ipv6 = null;
    syncs++;
    long now = simulation.now();
    boolean udpChanged =
        before == null || before.udpEndpointChanges() != newRevision.udpEndpointChanges();
    if (udpChanged && conntrack.size() > 0) {
      for (IpFamily family : IpFamily.values()) {
        ConntrackCleanup.cleanStaleEntries(conntrack, newRevision.state(family), now);
      }
    }
    kernel.written(newRevision, node);
  }

  /** The iptables rules that the node's kernel holds; empty before the first sync. */
  public Ruleset ruleset(IpFamily family) {
    ProxyRevision now = revision;
    if (now == null || flushed) {
      return Ruleset.of(family, List.of());
    }
    return switch (mode) {
      case IPTABLES -> now.state(family).ruleset(synced);
      case NFTABLES -> Ruleset.of(family, List.of());
      case IPVS -> now.state(family).ipvs(synced).ruleset();
    };
  }

  /** The table that {@code ipvsadm -Ln} prints; empty in other modes. */
  public String ipvsList(IpFamily family) {
    loaded(family);
    return kernel instanceof NodeKernel.Ipvs ipvs
        ? ipvs.servers(family).list(ipvs.connections())
        : "";
  }

  /** The nftables table that the node's kernel holds; null when it holds none. */
  public @Nullable Table table(IpFamily family) {
    ProxyRevision now = revision;
    return now == null || mode != ProxyMode.NFTABLES ? null : now.state(family).table(synced);
  }

  /** The rules as packets meet them; null before the first sync. */
  private @Nullable HookRules loaded(IpFamily family) {
    HookRules known = family == IpFamily.IPV4 ? ipv4 : ipv6;
    ProxyRevision now = revision;
    if (known == null && now != null && !flushed) {
      known = kernel.rules(now.state(family), synced);
      if (family == IpFamily.IPV4) {
        ipv4 = known;
      } else {
        ipv6 = known;
      }
    }
    return known;
  }

  /**
   * The answer at a health check node port, or about kube-proxy itself at port 10256; null when it
   * does not listen there.
   */
  public @Nullable ServiceHealth health(int port, String path) {
    if (port == ProxyHealth.PORT) {
      return health.answer(path, simulation.start(), simulation.now());
    }
    ProxyRevision now = revision;
    if (now == null) {
      return null;
    }
    ServiceHealth ofIpv4 = ServiceHealth.at(port, now.state(IpFamily.IPV4), node);
    return ofIpv4 != null ? ofIpv4 : ServiceHealth.at(port, now.state(IpFamily.IPV6), node);
  }

  /**
   * Whether the node has a ready endpoint of its own for that Service, as of the last sync; what a
   * health check port tells.
   */
  public boolean hasLocalEndpoints(String namespace, String name) {
    ProxyRevision now = revision;
    return now != null && now.state(IpFamily.IPV4).localEndpoints(namespace, name, node) > 0;
  }

  @Override
  public Verdict route(Packet packet, Entry entry, @Nullable Trail trail) {
    IpFamily family = IpFamily.of(packet.destination());
    PacketBuffer buffer = new PacketBuffer(packet);
    switch (entry) {
      case LOCAL_POD -> buffer.from(NodeRouting.POD_INTERFACE);
      case WIRE -> buffer.from(NodeRouting.WIRE_INTERFACE);
      case LOCAL_PROCESS -> {}
    }
    List<RuleHit> hits = trail == null ? null : new ArrayList<>();
    ConntrackRace races = race;
    WalkResult result =
        races == null
            ? walk.walk(loaded(family), buffer, simulation.now(), hits)
            : races.walk(walk, conntrack, loaded(family), buffer, simulation.now(), hits);
    if (races != null && races.lost()) {
      if (trail != null) {
        trail.step("network", "", node.name() + " dropped it, " + LOST_RACE);
      }
      return INSERT_FAILED;
    }
    if (trail != null && hits != null) {
      tell(trail, hits, packet, result);
    }
    Conntrack.Entry connection = result.connection();
    if (connection != null && packet.protocol() != Protocol.UDP) {
      conntrack.answered(connection, simulation.now());
    }
    return switch (result.verdict()) {
      case ACCEPTED -> new Verdict.Forward(buffer.addresses());
      case REJECTED ->
          new Verdict.Reject(
              family == IpFamily.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable");
      case DROPPED, UNROUTABLE -> DROP;
    };
  }

  private void tell(Trail trail, List<RuleHit> hits, Packet packet, WalkResult result) {
    boolean natAsked = false;
    for (RuleHit hit : hits) {
      String where = node.name() + " " + hit.table() + " " + hit.chain();
      trail.step(where, hit.text(), hit.words());
      natAsked |= hit.stage() == HookRules.Stage.TRANSLATION;
    }
    if (result.verdict() != WalkResult.Verdict.ACCEPTED) {
      return;
    }
    IpAddress to = result.destination();
    if (result.translated() && !natAsked) {
      trail.step(
          node.name() + " conntrack",
          "",
          "a known connection: stays with " + SocketAddress.text(to, result.destinationPort()));
    } else if (!result.translated()) {
      trail.step(
          node.name() + " nat",
          "",
          "no rule translates " + SocketAddress.text(to, packet.destinationPort()));
    }
  }

  @Override
  public void closed(Packet packet) {
    Conntrack.Entry entry = conntrack.find(packet, simulation.now());
    if (entry != null) {
      conntrack.delete(entry);
    }
  }
}
