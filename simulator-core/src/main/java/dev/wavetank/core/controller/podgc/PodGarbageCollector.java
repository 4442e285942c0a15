package dev.wavetank.core.controller.podgc;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.DisruptionTarget;
import dev.wavetank.core.controller.Taints;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks every 20 s for pods to remove by force: the oldest terminated ones beyond a threshold,
 * terminating ones on nodes that are not ready and out of service, those of nodes that are gone for
 * 40 s, and terminating ones that were never scheduled.
 *
 * <p>The looks are counted from the controller's start; one that could find nothing does not
 * happen.
 *
 * <p>Follows pkg/controller/podgc/gc_controller.go (v1.36).
 */
public final class PodGarbageCollector {

  /** How often it looks. */
  public static final long PERIOD_NANOS = 20_000_000_000L;

  /** How long a node must be missing before its pods are removed. */
  public static final long QUARANTINE_NANOS = 40_000_000_000L;

  /** {@code --terminated-pod-gc-threshold}. */
  public static final int TERMINATED_POD_THRESHOLD = 12_500;

  private static final String NAME = "pod-garbage-collector-controller";
  private static final String LABEL = NAME + "/gc";

  private static final Comparator<KubeObject> BY_EVICTION_AND_CREATION_TIMESTAMP =
      Comparator.comparing((KubeObject pod) -> !evicted(pod))
          .thenComparing(KubeObject::creationTimestamp)
          .thenComparing(KubeObject::name)
          .thenComparing(KubeObject::namespace);

  private final Simulation simulation;
  private final ApiServer server;
  private final ApiClient client;
  private final int terminatedPodThreshold;
  private final long startNanos;
  private final Informer pods;
  private final Informer nodes;

  private final Set<ObjectKey> terminated = new LinkedHashSet<>();
  private final Set<ObjectKey> unscheduledTerminating = new LinkedHashSet<>();
  private final Set<String> outOfService = new LinkedHashSet<>();

  /** Names that pods are assigned to and that no node has. */
  private final Set<String> missing = new LinkedHashSet<>();

  private final Map<String, Long> quarantine = new LinkedHashMap<>();
  private @Nullable Timer next;

  /** A collector with the default threshold that watches from now on and knows what exists. */
  public PodGarbageCollector(ApiServer server) {
    this(server, TERMINATED_POD_THRESHOLD);
  }

  /**
   * A collector that watches from now on and knows what exists.
   *
   * @param terminatedPodThreshold how many terminated pods may stay; 0 or less for all
   */
  public PodGarbageCollector(ApiServer server, int terminatedPodThreshold) {
    this.simulation = server.simulation();
    this.server = server;
    this.client = new ApiClient(server, NAME);
    this.terminatedPodThreshold = terminatedPodThreshold;
    this.startNanos = simulation.now();
    this.nodes = Informer.of(server, ResourceType.NODES, NAME, this::matters, this::nodeChanged);
    this.pods = Informer.of(server, ResourceType.PODS, NAME, this::podMatters, this::podChanged);
    nodes.replay();
    pods.replay();
    if (pending()) {
      next = simulation.after(0, LABEL, "pods", this::gc);
    }
  }

  /** The client, for who wants to hear of the collector's writes. */
  public ApiClient client() {
    return client;
  }

  private boolean matters(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    return before == null
        || after == null
        || outOfService(before) != outOfService(after)
        || (outOfService(after) && before.status() != after.status());
  }

  private static boolean outOfService(KubeObject node) {
    return Taints.keyExists(node, Taints.OUT_OF_SERVICE);
  }

  private boolean podMatters(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    if (after == null) {
      return before != null && (terminated(before) || unscheduledTerminating(before));
    }
    if (before != null && before.spec() == after.spec() && before.status() == after.status()) {
      return after.terminating() && !before.terminating() && terminatingMatters(after);
    }
    boolean wasTerminated = before != null && terminated(before);
    if (wasTerminated != terminated(after)
        || (before != null && unscheduledTerminating(before) != unscheduledTerminating(after))) {
      return true;
    }
    String node = node(after);
    return !node.isEmpty()
        && (before == null || !node.equals(node(before)))
        && server.find(ObjectKey.of(ResourceType.NODES, "", node)) == null;
  }

  private boolean terminatingMatters(KubeObject pod) {
    String node = node(pod);
    return node.isEmpty() || outOfService.contains(node);
  }

  private static String node(KubeObject pod) {
    return pod.spec().string("nodeName", "");
  }

  private static boolean terminated(KubeObject pod) {
    String phase = pod.status().string("phase", "");
    return !phase.equals("Pending") && !phase.equals("Running") && !phase.equals("Unknown");
  }

  private static boolean unscheduledTerminating(KubeObject pod) {
    return pod.terminating() && node(pod).isEmpty();
  }

  private static boolean evicted(KubeObject pod) {
    return "Failed".equals(pod.status().get("phase"))
        && "Evicted".equals(pod.status().get("reason"));
  }

  private boolean nodeExists(String name) {
    return nodes.view().get(ObjectKey.of(ResourceType.NODES, "", name)) != null;
  }

  private void nodeChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      if (before != null) {
        outOfService.remove(before.name());
        if (!pods.view().podsOnNode(before.name()).isEmpty()) {
          missing.add(before.name());
        }
      }
    } else {
      missing.remove(after.name());
      if (outOfService(after)) {
        outOfService.add(after.name());
      } else {
        outOfService.remove(after.name());
      }
    }
    schedule();
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject pod = after != null ? after : before;
    if (pod == null) {
      return;
    }
    ObjectKey key = pod.key(ResourceType.PODS);
    set(terminated, key, after != null && terminated(after));
    set(unscheduledTerminating, key, after != null && unscheduledTerminating(after));
    if (after != null && !node(after).isEmpty() && !nodeExists(node(after))) {
      missing.add(node(after));
    }
    schedule();
  }

  private static void set(Set<ObjectKey> keys, ObjectKey key, boolean member) {
    if (member) {
      keys.add(key);
    } else {
      keys.remove(key);
    }
  }

  /** Whether the next look could find something. */
  private boolean pending() {
    return !unscheduledTerminating.isEmpty()
        || !missing.isEmpty()
        || tooManyTerminated()
        || !terminatingOutOfService().isEmpty();
  }

  private boolean tooManyTerminated() {
    return terminatedPodThreshold > 0 && terminated.size() > terminatedPodThreshold;
  }

  private void schedule() {
    Timer known = next;
    if ((known == null || !known.pending()) && pending()) {
      long passed = simulation.now() - startNanos;
      long due = startNanos + (passed / PERIOD_NANOS + 1) * PERIOD_NANOS;
      next = simulation.at(due, LABEL, "pods", this::gc);
    }
  }

  private void gc() {
    if (tooManyTerminated()) {
      gcTerminated();
    }
    for (KubeObject pod : terminatingOutOfService()) {
      markFailedAndDelete(pod, null);
    }
    gcOrphaned();
    for (ObjectKey key : new ArrayList<>(unscheduledTerminating)) {
      KubeObject pod = pods.view().get(key);
      if (pod != null) {
        markFailedAndDelete(pod, null);
      }
    }
    client.takeElapsedNanos();
    schedule();
  }

  private void gcTerminated() {
    List<KubeObject> found = new ArrayList<>();
    for (ObjectKey key : terminated) {
      KubeObject pod = pods.view().get(key);
      if (pod != null) {
        found.add(pod);
      }
    }
    found.sort(BY_EVICTION_AND_CREATION_TIMESTAMP);
    for (int i = 0; i < found.size() - terminatedPodThreshold; i++) {
      markFailedAndDelete(found.get(i), null);
    }
  }

  private List<KubeObject> terminatingOutOfService() {
    List<KubeObject> found = new ArrayList<>();
    for (String name : outOfService) {
      KubeObject node = nodes.view().get(ObjectKey.of(ResourceType.NODES, "", name));
      if (node != null && !Conditions.isTrue(node.status(), "Ready")) {
        for (KubeObject pod : pods.view().podsOnNode(name)) {
          if (pod.terminating()) {
            found.add(pod);
          }
        }
      }
    }
    found.sort(BY_EVICTION_AND_CREATION_TIMESTAMP);
    return found;
  }

  private void gcOrphaned() {
    List<String> released = new ArrayList<>();
    long now = simulation.now();
    // The looks that did not happen would have emptied the queue of what was due by then.
    quarantine.values().removeIf(due -> due <= now - PERIOD_NANOS);
    quarantine.forEach(
        (node, due) -> {
          if (due <= now) {
            released.add(node);
          }
        });
    released.forEach(quarantine::remove);
    missing.removeIf(node -> pods.view().podsOnNode(node).isEmpty());
    for (String node : missing) {
      quarantine.putIfAbsent(node, now + QUARANTINE_NANOS);
    }
    for (String node : released) {
      if (!nodeExists(node) && client.find(ObjectKey.of(ResourceType.NODES, "", node)) == null) {
        for (KubeObject pod : pods.view().podsOnNode(node)) {
          markFailedAndDelete(pod, disruption(pod));
        }
      }
    }
    missing.removeIf(node -> pods.view().podsOnNode(node).isEmpty());
  }

  private KubeMap disruption(KubeObject pod) {
    return DisruptionTarget.because(
        pod.generation(), "DeletionByPodGC", "PodGC: node no longer exists", server.timestamp());
  }

  private void markFailedAndDelete(KubeObject pod, @Nullable KubeMap condition) {
    ObjectKey key = pod.key(ResourceType.PODS);
    String phase = pod.status().string("phase", "");
    try {
      if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
        KubeObject newest = server.find(key);
        if (newest == null || !newest.uid().equals(pod.uid())) {
          // The patch names the uid, so that it does not fit another pod of that name.
          return;
        }
        client.patchStatus(
            key,
            status -> {
              KubeMap failed = status.with("phase", "Failed");
              if (pod.generation() != 0) {
                failed = failed.with("observedGeneration", pod.generation());
              }
              return condition == null ? failed : Conditions.with(failed, condition);
            });
      }
      client.delete(key, DeleteOptions.grace(0));
    } catch (ApiException refused) {
      // Upstream logs it; what is still there is found by the next look.
      schedule();
    }
  }
}
