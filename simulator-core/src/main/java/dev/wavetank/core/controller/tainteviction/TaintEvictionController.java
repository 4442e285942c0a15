package dev.wavetank.core.controller.tainteviction;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
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
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the pods of nodes with {@code NoExecute} taints: at once those that do not tolerate all
 * of them, the others when the shortest {@code tolerationSeconds} in use have passed since the
 * taint was seen, or never. A later change of taints or tolerations takes back a planned deletion
 * or brings it about now; it does not move it.
 *
 * <p>There is one timer for each planned deletion and nothing else: without such a taint the
 * controller hears of no pod.
 *
 * <p>Follows pkg/controller/tainteviction/taint_eviction.go and timed_workers.go (v1.36).
 */
public final class TaintEvictionController {

  private static final String NAME = "taint-eviction-controller";
  private static final String EVICT = NAME + "/evict";
  private static final int ATTEMPTS_MAX = 5;
  private static final long RETRY_NANOS = 10_000_000L;

  private final Simulation simulation;
  private final ApiServer server;
  private final ApiClient client;
  private final EventRecorder recorder;
  private final Map<String, KubeList> taintedNodes = new LinkedHashMap<>();
  private final Map<ObjectKey, Timer> evictions = new LinkedHashMap<>();
  private final Informer pods;
  private final Informer nodes;

  /** A controller that watches from now on and knows what exists. */
  public TaintEvictionController(ApiServer server) {
    this.simulation = server.simulation();
    this.server = server;
    this.client = new ApiClient(server, NAME);
    this.recorder = new EventRecorder(server, NAME, "");
    this.pods = Informer.of(server, ResourceType.PODS, NAME, this::matters, this::podChanged);
    this.nodes =
        Informer.of(
            server,
            ResourceType.NODES,
            NAME,
            TaintEvictionController::taintsChange,
            this::nodeChanged);
    nodes.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  /** How many deletions are planned. */
  public int planned() {
    return evictions.size();
  }

  private static boolean taintsChange(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    KubeList old = before == null ? KubeList.EMPTY : Taints.of(before);
    KubeList now = after == null ? KubeList.EMPTY : Taints.of(after);
    if (old == now) {
      return false;
    }
    return !noExecute(before).equals(noExecute(after));
  }

  private static KubeList noExecute(@Nullable KubeObject node) {
    return node == null ? KubeList.EMPTY : Taints.withEffect(node, Taints.NO_EXECUTE);
  }

  /** A pod matters on a tainted node, or when its deletion is planned. */
  private boolean matters(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    if (after == null) {
      return evictions.containsKey(commit.key());
    }
    if (taintedNodes.isEmpty() || !taintedNodes.containsKey(node(after))) {
      return false;
    }
    return before == null
        || (before.spec() != after.spec()
            && (!node(before).equals(node(after))
                || !tolerations(before).equals(tolerations(after))));
  }

  private static String node(KubeObject pod) {
    return pod.spec().string("nodeName", "");
  }

  private static KubeList tolerations(KubeObject pod) {
    return pod.spec().listOrEmpty("tolerations");
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      if (before != null) {
        cancel(before.key(ResourceType.PODS));
      }
      return;
    }
    KubeList taints = taintedNodes.get(node(after));
    if (taints != null) {
      process(after, taints);
    }
  }

  private void nodeChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      if (before != null) {
        taintedNodes.remove(before.name());
      }
      return;
    }
    KubeList taints = noExecute(after);
    if (taints.isEmpty()) {
      taintedNodes.remove(after.name());
      for (KubeObject pod : pods.view().podsOnNode(after.name())) {
        cancel(pod.key(ResourceType.PODS));
      }
      return;
    }
    taintedNodes.put(after.name(), taints);
    for (KubeObject pod : pods.view().podsOnNode(after.name())) {
      process(pod, taints);
    }
  }

  private void process(KubeObject pod, KubeList taints) {
    ObjectKey key = pod.key(ResourceType.PODS);
    long staysNanos = Tolerations.minNanos(taints, tolerations(pod));
    if (staysNanos == Tolerations.INTOLERABLE) {
      cancel(key);
      evict(key);
    } else if (staysNanos == Tolerations.FOREVER) {
      cancel(key);
    } else if (!evictions.containsKey(key)) {
      if (staysNanos == 0) {
        evict(key);
      } else {
        evictions.put(key, simulation.after(staysNanos, EVICT, key, () -> due(key)));
      }
    }
  }

  private void cancel(ObjectKey key) {
    Timer planned = evictions.remove(key);
    if (planned != null) {
      planned.cancel();
      report(key, "Cancelling deletion of Pod ");
    }
  }

  private void due(ObjectKey key) {
    evictions.remove(key);
    evict(key);
  }

  private void evict(ObjectKey key) {
    report(key, "Marking for deletion Pod ");
    delete(key, 1);
  }

  private void delete(ObjectKey key, int attempt) {
    try {
      KubeObject pod = client.find(key);
      if (pod != null) {
        disrupt(key, pod);
        client.delete(key, DeleteOptions.BACKGROUND);
      }
    } catch (ApiException refused) {
      if (!refused.notFound() && attempt < ATTEMPTS_MAX) {
        simulation.after(RETRY_NANOS, EVICT, key, () -> delete(key, attempt + 1));
      }
    } finally {
      // Every deletion has a worker of its own: none waits for another.
      client.takeElapsedNanos();
    }
  }

  private void disrupt(ObjectKey key, KubeObject pod) {
    KubeMap condition =
        DisruptionTarget.because(
            pod.generation(),
            "DeletionByTaintManager",
            "Taint manager: deleting due to NoExecute taint",
            server.timestamp());
    client.patchStatus(key, status -> Conditions.with(status, condition));
  }

  private void report(ObjectKey pod, String what) {
    KubeMap reference =
        KubeMap.of(
            "kind", "Pod", "namespace", pod.namespace(), "name", pod.name(), "apiVersion", "v1");
    recorder.event(
        reference, "Normal", "TaintManagerEviction", what + pod.namespace() + "/" + pod.name());
  }
}
