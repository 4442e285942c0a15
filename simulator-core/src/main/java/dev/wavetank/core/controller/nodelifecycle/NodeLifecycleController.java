package dev.wavetank.core.controller.nodelifecycle;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.controller.Taints;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches over the health of nodes. Every 5 s, counted from its start, a pass of the monitor looks
 * at each node: one without a sign of life for 50 s (60 s since its creation when it never posted a
 * status) gets Unknown conditions, its pods are marked as not ready, and it waits in the queue of
 * its zone for a {@code NoExecute} taint. {@code NoSchedule} taints follow conditions at once.
 *
 * <p>A node is looked at only in those passes in which the look can have an effect, and a pass
 * without such a node does not happen: after a change of the node, and when its time is up. The
 * passes of a real controller drift, each begins 5 s after the end of the one before, so ten
 * periods are a little longer than 50 s; here they are exactly that long and count as longer.
 *
 * <p>Follows pkg/controller/nodelifecycle/node_lifecycle_controller.go (v1.36).
 */
public final class NodeLifecycleController {

  /** How often the monitor looks, {@code --node-monitor-period}. */
  public static final long MONITOR_PERIOD_NANOS = 5_000_000_000L;

  /** {@code --node-monitor-grace-period}. */
  public static final long MONITOR_GRACE_PERIOD_NANOS = 50_000_000_000L;

  /** {@code --node-startup-grace-period}. */
  public static final long STARTUP_GRACE_PERIOD_NANOS = 60_000_000_000L;

  private static final String NAME = "node-lifecycle-controller";
  private static final String LABEL = NAME + "/monitor";
  private static final int HEALTH_UPDATE_ATTEMPTS_MAX = 5;
  private static final int NODE_UPDATE_WORKERS = 8;

  private final Simulation simulation;
  private final ApiServer server;
  private final ApiClient client;
  private final NodeHeartbeats heartbeats;
  private final EventRecorder recorder;
  private final MonitorTicks ticks;
  private final Zones zones;
  private final NoExecuteTaints noExecute;
  private final PodReadiness podReadiness;
  private final Controller<ObjectKey> noSchedule;
  private final Informer nodes;
  private final Informer pods;

  private final Map<String, NodeHealth> healths = new LinkedHashMap<>();
  private final Map<String, String> uids = new LinkedHashMap<>();
  private final Set<String> silent = new LinkedHashSet<>();
  private final Set<String> podsToRetry = new LinkedHashSet<>();
  private final TreeMap<Long, Set<String>> agenda = new TreeMap<>();
  private @Nullable Timer next;

  /** A controller that watches from now on, knows what exists and looks at it at once. */
  public NodeLifecycleController(ApiServer server, NodeHeartbeats heartbeats) {
    this.simulation = server.simulation();
    this.server = server;
    this.client = new ApiClient(server, NAME);
    this.heartbeats = heartbeats;
    this.recorder = new EventRecorder(server, "node-controller", "");
    this.ticks = new MonitorTicks(simulation.now(), MONITOR_PERIOD_NANOS);
    this.zones =
        new Zones(
            zone ->
                new ZoneTainter(
                    simulation,
                    ticks.startNanos(),
                    zone.replace(":\0:", "/"),
                    Zones.EVICTION_QPS,
                    this::taint));
    this.noExecute = new NoExecuteTaints(client, zones);
    this.podReadiness = new PodReadiness(client, recorder);
    this.nodes =
        Informer.of(
            server, ResourceType.NODES, NAME, NodeLifecycleController::matters, this::nodeChanged);
    this.pods = Informer.of(server, ResourceType.PODS, NAME, this::podMatters, this::podChanged);
    ApiClient workers = new ApiClient(server, NAME);
    this.noSchedule =
        new Controller<>(
            NAME,
            NODE_UPDATE_WORKERS,
            workers,
            RateLimiter.controllerDefault(),
            Controller.RETRIES_UNBOUNDED,
            new NoScheduleTaints(workers, nodes::view));
    for (KubeObject node : nodes.view().list(ResourceType.NODES)) {
      look(ticks.startNanos(), node.name());
      enqueueNoSchedule(node);
    }
  }

  /** The client of the monitor, for who wants to hear of its writes. */
  public ApiClient client() {
    return client;
  }

  /** The kubelet of a node renews its lease no more: it crashed or lost its connection. */
  public void stopped(String node) {
    silent.add(node);
    KubeObject known = view(node);
    if (known != null) {
      await(known);
    }
  }

  /** The kubelet of a node renews its lease again. */
  public void resumed(String node) {
    silent.remove(node);
  }

  private @Nullable KubeObject view(String node) {
    return nodes.view().get(ObjectKey.of(ResourceType.NODES, "", node));
  }

  private boolean beats(String node) {
    return !silent.contains(node) && heartbeats.lastRenewNanos(node) >= 0;
  }

  // What the informers tell.

  private static boolean matters(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    return before == null
        || after == null
        || !Objects.equals(before.status().get("conditions"), after.status().get("conditions"))
        || !before.spec().equals(after.spec())
        || !before.labels().equals(after.labels());
  }

  private void nodeChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      if (before != null) {
        podsToRetry.remove(before.name());
        look(ticks.after(simulation.now()), before.name());
      }
      return;
    }
    enqueueNoSchedule(after);
    NodeHealth health = healths.get(after.name());
    if (before == null || health == null || asksForALook(before, after)) {
      look(ticks.after(simulation.now()), after.name());
    } else {
      health.observe(after, ticks.after(simulation.now()));
      await(after);
    }
  }

  private void enqueueNoSchedule(KubeObject node) {
    if (NoScheduleTaints.needed(node)) {
      noSchedule.enqueue(node.key(ResourceType.NODES));
    }
  }

  /** Whether more changed than what only tells that the kubelet is alive. */
  private static boolean asksForALook(KubeObject before, KubeObject after) {
    return !readyStatus(before).equals(readyStatus(after))
        || !Taints.withEffect(before, Taints.NO_EXECUTE)
            .equals(Taints.withEffect(after, Taints.NO_EXECUTE))
        || !before.labels().equals(after.labels());
  }

  private static String readyStatus(KubeObject node) {
    KubeMap ready = Conditions.find(node.status(), "Ready");
    return ready == null ? "" : ready.string("status", "");
  }

  /** A pod that says to be ready was assigned to a node that is known not to be. */
  private boolean podMatters(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    if (after == null || (before != null && before.spec() == after.spec())) {
      return false;
    }
    String node = after.spec().string("nodeName", "");
    return !node.isEmpty()
        && (before == null || !node.equals(before.spec().string("nodeName", "")))
        && knownNotReady(node)
        && Conditions.find(after.status(), "Ready") != null;
  }

  private boolean knownNotReady(String node) {
    NodeHealth health = healths.get(node);
    KubeMap ready = health == null ? null : health.savedReady();
    return ready != null && !"True".equals(ready.get("status"));
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after != null) {
      String node = after.spec().string("nodeName", "");
      if (knownNotReady(node)
          && view(node) != null
          && !podReadiness.markNotReady(ImmutableList.of(after))) {
        podsToRetry.add(node);
        look(ticks.after(simulation.now()), node);
      }
      client.takeElapsedNanos();
    }
  }

  // The agenda: which nodes the coming passes look at.

  private void look(long tickNanos, String node) {
    agenda.computeIfAbsent(tickNanos, t -> new LinkedHashSet<>()).add(node);
    schedule();
  }

  private void schedule() {
    if (agenda.isEmpty()) {
      return;
    }
    long due = agenda.firstKey();
    Timer known = next;
    if (known != null && known.pending()) {
      if (known.timeNanos() <= due) {
        return;
      }
      known.cancel();
    }
    next = simulation.at(due, LABEL, "nodes", this::monitorNodeHealth);
  }

  /** Looks at a node without heartbeats again when its time is up. */
  private void await(KubeObject node) {
    NodeHealth health = healths.get(node.name());
    String ready = readyStatus(node);
    if (health == null || ready.equals("Unknown") || beats(node.name())) {
      return;
    }
    long probe = health.probeNanos(heartbeats.lastRenewNanos(node.name()), Long.MAX_VALUE);
    long due = ticks.atOrAfter(probe + graceNanos(ready));
    look(Math.max(due, ticks.after(simulation.now())), node.name());
  }

  private static long graceNanos(String ready) {
    return ready.isEmpty() ? STARTUP_GRACE_PERIOD_NANOS : MONITOR_GRACE_PERIOD_NANOS;
  }

  // A pass of the monitor.

  private void monitorNodeHealth() {
    long now = simulation.now();
    Map.Entry<Long, Set<String>> due = agenda.pollFirstEntry();
    if (due != null) {
      Map<String, KubeObject> found = classify(due.getValue());
      for (KubeObject node : found.values()) {
        update(node, now);
      }
      handleDisruption(now);
    }
    client.takeElapsedNanos();
    schedule();
  }

  private Map<String, KubeObject> classify(Set<String> names) {
    Map<String, KubeObject> found = new LinkedHashMap<>();
    for (String name : names) {
      KubeObject node = view(name);
      if (node != null) {
        found.put(name, node);
        zones.add(node);
        if (uids.put(name, node.uid()) == null) {
          report(name, node.uid(), "RegisteredNode", "Registered Node " + name + " in Controller");
          noExecute.reachable(node);
        }
      }
    }
    for (String name : names) {
      String uid = found.containsKey(name) ? null : uids.remove(name);
      if (uid != null) {
        report(name, uid, "RemovingNode", "Removing Node " + name + " from Controller");
        zones.forget(name);
      }
    }
    return found;
  }

  private void report(String name, String uid, String reason, String what) {
    recorder.event(reference(name, uid), "Normal", reason, "Node " + name + " event: " + what);
  }

  private static KubeMap reference(String name, String uid) {
    return KubeMap.of("kind", "Node", "name", name, "uid", uid, "apiVersion", "v1");
  }

  private void update(KubeObject listed, long now) {
    String name = listed.name();
    KubeObject node = listed;
    for (int attempt = 1; attempt <= HEALTH_UPDATE_ATTEMPTS_MAX; attempt++) {
      String observed = readyStatus(node);
      try {
        KubeObject current = updateHealth(node, now);
        zones.count(current, readyStatus(current).equals("True"));
        if (Conditions.find(current.status(), "Ready") != null) {
          follow(current, observed, now);
        }
        await(current);
        return;
      } catch (ApiException refused) {
        KubeObject newest = client.find(node.key(ResourceType.NODES));
        if (newest == null) {
          return;
        }
        node = newest;
      }
    }
    look(ticks.after(now), name);
  }

  /** Notes signs of life; when they have been absent for too long, writes Unknown conditions. */
  private KubeObject updateHealth(KubeObject node, long now) {
    String name = node.name();
    NodeHealth health = healths.get(name);
    if (health == null) {
      health = new NodeHealth(ticks, node, now, simulation.start());
      healths.put(name, health);
    } else {
      health.observe(node, now);
    }
    String ready = readyStatus(node);
    long probe = health.probeNanos(heartbeats.lastRenewNanos(name), now);
    if (now < probe + graceNanos(ready) || ready.equals("Unknown")) {
      return node;
    }
    KubeObject unknown = UnknownConditions.of(node, server.timestamp());
    client.updateStatus(ResourceType.NODES, unknown);
    health.written(Conditions.find(unknown.status(), "Ready"));
    return unknown;
  }

  /** What follows from a node's readiness: taints, an event, pods that are not ready. */
  private void follow(KubeObject node, String observed, long now) {
    String name = node.name();
    String current = readyStatus(node);
    boolean again = !noExecute.process(node, current);
    boolean markPods = podsToRetry.remove(name) && !observed.equals("True");
    if (!current.equals("True") && observed.equals("True")) {
      recorder.event(
          reference(name, node.uid()),
          "Normal",
          "NodeNotReady",
          "Node " + name + " status is now: NodeNotReady");
      markPods = true;
    }
    if (markPods && !podReadiness.markNotReady(pods.view().podsOnNode(name))) {
      podsToRetry.add(name);
      again = true;
    }
    if (again) {
      look(ticks.after(now), name);
    }
  }

  private void handleDisruption(long now) {
    switch (zones.handleDisruption()) {
      case ENTER_FULL_DISRUPTION -> {
        for (KubeObject node : nodes.view().list(ResourceType.NODES)) {
          noExecute.reachable(node);
          look(ticks.after(now), node.name());
        }
        zones.stopEvictions();
      }
      case EXIT_FULL_DISRUPTION -> {
        for (KubeObject node : nodes.view().list(ResourceType.NODES)) {
          NodeHealth health = healths.get(node.name());
          if (health != null) {
            health.excuse(now);
            await(node);
          }
        }
      }
      case NONE -> {}
    }
  }

  /** The queue of a zone lets a node be tainted; false to try again. */
  private boolean taint(String name) {
    KubeObject node = view(name);
    boolean done = node == null || noExecute.taint(node);
    client.takeElapsedNanos();
    return done;
  }
}
