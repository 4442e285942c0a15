package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import dev.wavetank.proxy.netfilter.ConntrackRace;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The kube-proxies of all nodes: each hears of a change after its own watch latency, and syncs at
 * its own time, so nodes may disagree for a while.
 *
 * <p>A sync is one event, at its end; it writes what the node had heard of at its start. Between
 * the end of one and the start of the next lies at least {@code minSyncPeriod}; changes in between
 * wait for the same sync. One that fails is tried again after {@link #SYNC_PERIOD_NANOS}, or with
 * the next change. The hourly full sync would write the same rules again and is left out; the first
 * sync after an hour writes all rules. Follows pkg/proxy/runner/bounded_frequency_runner.go
 * (v1.36).
 */
public final class KubeProxies {

  /** Duration of a sync; a parameter of calibration, not a constant of Kubernetes. */
  private static final long SYNC_MIN_NANOS = 5_000_000L;

  private static final long SYNC_MAX_NANOS = 30_000_000L;

  /** {@code syncPeriod}: between a failed sync and the next, and between looks at the canaries. */
  static final long SYNC_PERIOD_NANOS = 30_000_000_000L;

  private static final String IPVS_DEPRECATED =
      "The ipvs proxier is now deprecated and may be removed in a future release. Please use"
          + " 'nftables' instead.";

  /** Bound on revisions that some node may not have heard of yet. */
  private static final int REVISIONS_MAX = 1_000_000;

  private final Simulation simulation;
  private final ApiServer server;
  private final KubeProxyConfiguration configuration;
  private final ServiceChangeTracker tracker;
  private final ChoiceStream watchLatency;
  private final ChoiceStream syncDuration;
  private final Map<String, KubeProxy> proxies = new LinkedHashMap<>();
  private final List<KubeProxy> idle = new ArrayList<>();

  /** Those whose last sync failed. */
  private final List<KubeProxy> failed = new ArrayList<>();

  private final ArrayDeque<ProxyRevision> revisions = new ArrayDeque<>();
  private Consumer<String> listener = node -> {};
  private double raceChance;
  private long changes;

  /** Proxies that follow the API server from now on; nodes are added by {@link #start}. */
  public KubeProxies(ApiServer server, KubeProxyConfiguration configuration) {
    this.simulation = server.simulation();
    this.server = server;
    this.configuration = configuration;
    this.tracker = new ServiceChangeTracker(configuration);
    this.watchLatency = simulation.choices().stream("kube-proxy/watch");
    this.syncDuration = simulation.choices().stream("kube-proxy/sync");
    for (KubeObject service : server.head().list(ResourceType.SERVICES)) {
      tracker.serviceChanged(null, service);
    }
    for (KubeObject slice : server.head().list(ResourceType.ENDPOINT_SLICES)) {
      tracker.endpointSliceChanged(null, slice);
    }
    revisions.add(revision());
    server.listen(this::committed);
  }

  /** Sets who is told the node's name after each sync and stop; there is one listener. */
  public void listen(Consumer<String> newListener) {
    listener = newListener;
  }

  /**
   * Lets datagrams race in connection tracking, on nodes that are started from now on; see {@link
   * ConntrackRace}. Mode ipvs knows no such race here.
   *
   * @param chance of two datagrams that a socket sends in the same moment to meet, 0 to 1
   */
  public void race(double chance) {
    raceChance = chance;
  }

  private @Nullable ConntrackRace race(String node) {
    return raceChance > 0 && configuration.mode() != ProxyMode.IPVS
        ? new ConntrackRace(simulation.choices().stream("conntrack/race/" + node), raceChance)
        : null;
  }

  /** The settings of every node's kube-proxy. */
  public KubeProxyConfiguration configuration() {
    return configuration;
  }

  /** Starts kube-proxy on a node; its first sync comes soon. */
  public KubeProxy start(KubeObject node) {
    KubeProxy proxy =
        new KubeProxy(
            simulation,
            configuration.mode(),
            ProxyNode.of(node),
            new ProxyHealth(node),
            race(node.name()));
    proxies.put(node.name(), proxy);
    if (configuration.mode() == ProxyMode.IPVS) {
      new EventRecorder(server, "kube-proxy", node.name())
          .warning(node, "IPVSDeprecation", IPVS_DEPRECATED);
    }
    request(proxy, revisions.getLast(), simulation.now());
    return proxy;
  }

  /** Stops kube-proxy on a node; the rules that it wrote stay. */
  public void stop(String node) {
    KubeProxy proxy = proxies.remove(node);
    if (proxy != null) {
      idle.remove(proxy);
      failed.remove(proxy);
      listener.accept(node);
    }
  }

  /** The kube-proxy of that node, or null. */
  public @Nullable KubeProxy get(String node) {
    return proxies.get(node);
  }

  /**
   * What a node answers at a health check node port, or at port 10256 about its kube-proxy itself;
   * null when its kube-proxy does not listen there or does not run.
   *
   * @param path of the request, such as {@code /healthz}; the node ports do not look at it
   */
  public @Nullable ServiceHealth health(String node, int port, String path) {
    KubeProxy proxy = proxies.get(node);
    return proxy == null ? null : proxy.health(port, path);
  }

  /**
   * Somebody flushes the node's iptables. kube-proxy finds its canaries gone when it next looks,
   * every 30 s since its start, and writes all rules again.
   *
   * @throws IllegalStateException in other modes, whose rules nothing guards
   */
  public void flush(String node) {
    KubeProxy proxy = proxies.get(node);
    if (configuration.mode() != ProxyMode.IPTABLES) {
      throw new IllegalStateException("only the mode iptables has canaries");
    }
    if (proxy == null || proxy.flushed()) {
      return;
    }
    proxy.flush();
    listener.accept(node);
    long since = simulation.now() - proxy.startNanos();
    long wait = SYNC_PERIOD_NANOS - since % SYNC_PERIOD_NANOS;
    simulation.after(wait, "kube-proxy/canary", node, () -> canaryGone(proxy));
  }

  private void canaryGone(KubeProxy proxy) {
    if (proxies.get(proxy.node().name()) == proxy && proxy.flushed()) {
      proxy.needFullSync();
      if (idle.remove(proxy) || retries(proxy)) {
        request(proxy, revisions.getLast(), simulation.now());
      }
    }
  }

  /** Lets the restores of a node's kube-proxy fail from now on, or no longer. */
  public void restoresFail(String node, boolean fail) {
    KubeProxy proxy = proxies.get(node);
    if (proxy != null) {
      proxy.restoresFail(fail);
    }
  }

  /** Whether it waits for another try, which does not come then. */
  private boolean retries(KubeProxy proxy) {
    Timer timer = proxy.pending;
    if (!failed.remove(proxy) || timer == null) {
      return false;
    }
    timer.cancel();
    return true;
  }

  /** Whether every node's rules are those of the newest change. */
  public boolean caughtUp() {
    return idle.size() == proxies.size();
  }

  private ProxyRevision revision() {
    return new ProxyRevision(
        simulation.now(),
        simulation.currentEvent(),
        changes,
        tracker.udpEndpointChanges(),
        tracker.state(IpFamily.IPV4),
        tracker.state(IpFamily.IPV6));
  }

  private void committed(Commit commit) {
    ResourceType type = commit.key().type();
    boolean matters = false;
    if (type.equals(ResourceType.SERVICES)) {
      matters = tracker.serviceChanged(commit.before(), commit.after());
    } else if (type.equals(ResourceType.ENDPOINT_SLICES)) {
      matters = tracker.endpointSliceChanged(commit.before(), commit.after());
    } else if (type.equals(ResourceType.NODES)) {
      nodeChanged(commit);
    }
    if (matters) {
      changes++;
      forgetOld();
      ProxyRevision newest = revision();
      revisions.addLast(newest);
      List<KubeProxy> waiting = new ArrayList<>(idle);
      idle.clear();
      for (KubeProxy proxy : ImmutableList.copyOf(failed)) {
        if (retries(proxy)) {
          waiting.add(proxy);
        }
      }
      for (KubeProxy proxy : waiting) {
        long heard = newest.timeNanos() + latency();
        proxy.health().queued(heard);
        request(proxy, newest, heard);
      }
    }
  }

  private long latency() {
    return watchLatency.between(
        server.latencies().watchMinNanos(), server.latencies().watchMaxNanos());
  }

  /** Keeps the newest revision that every node has heard of, and all after it. */
  private void forgetOld() {
    long heard = simulation.now() - server.latencies().watchMaxNanos();
    while (revisions.size() > 1) {
      ProxyRevision first = revisions.removeFirst();
      if (revisions.getFirst().timeNanos() > heard && revisions.size() < REVISIONS_MAX) {
        revisions.addFirst(first);
        return;
      }
    }
  }

  private void nodeChanged(Commit commit) {
    KubeObject after = commit.after();
    KubeProxy proxy = proxies.get(commit.key().name());
    if (proxy == null || after == null) {
      return;
    }
    boolean eligible = ProxyHealth.eligible(after);
    KubeObject before = commit.before();
    if (eligible != (before == null ? proxy.eligible() : ProxyHealth.eligible(before))) {
      simulation.after(latency(), "kube-proxy/node", after.name(), () -> eligible(proxy, eligible));
    }
    ProxyNode node = ProxyNode.of(after);
    if (!node.equals(proxy.node())) {
      proxy.node(node);
      if (idle.remove(proxy)) {
        request(proxy, revisions.getLast(), simulation.now() + latency());
      }
    }
  }

  private void eligible(KubeProxy proxy, boolean now) {
    proxy.health().eligible(now);
    listener.accept(proxy.node().name());
  }

  /** Asks for a sync that starts once the node has heard, and not too soon after the last. */
  private void request(KubeProxy proxy, ProxyRevision cause, long heardNanos) {
    long start = Math.max(heardNanos, proxy.lastSyncEndNanos + configuration.minSyncPeriodNanos());
    proxy.nextSyncNanos = start;
    proxy.nextRevision = cause;
    long end = start + syncDuration.between(SYNC_MIN_NANOS, SYNC_MAX_NANOS);
    proxy.pending =
        simulation.afterCausedBy(
            cause.cause(),
            end - simulation.now(),
            "kube-proxy/syncProxyRules",
            proxy.node().name(),
            () -> sync(proxy));
  }

  private void sync(KubeProxy proxy) {
    if (proxies.get(proxy.node().name()) != proxy) {
      return;
    }
    ProxyRevision heard = heardAt(proxy.nextSyncNanos - latency());
    ProxyRevision asked = proxy.nextRevision;
    if (asked != null && asked.number() > heard.number()) {
      heard = asked;
    }
    proxy.lastSyncEndNanos = simulation.now();
    boolean written = proxy.syncProxyRules(heard);
    listener.accept(proxy.node().name());
    ProxyRevision newest = revisions.getLast();
    if (newest.number() != heard.number()) {
      long next = newest.timeNanos() + latency();
      proxy.health().queued(next);
      request(proxy, newest, next);
    } else if (written) {
      idle.add(proxy);
    } else {
      failed.add(proxy);
      request(proxy, newest, simulation.now() + SYNC_PERIOD_NANOS);
    }
  }

  /** The newest revision committed at that time or before; the oldest known if there is none. */
  private ProxyRevision heardAt(long timeNanos) {
    ProxyRevision heard = revisions.getFirst();
    for (ProxyRevision revision : revisions) {
      if (revision.timeNanos() > timeNanos) {
        break;
      }
      heard = revision;
    }
    return heard;
  }
}
