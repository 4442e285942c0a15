package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings the statuses of a node's pods to the API server, one request after the other; what changes
 * while a request is under way is sent after it, in one.
 *
 * <p>Follows pkg/kubelet/status/status_manager.go (v1.36).
 */
final class StatusManager {

  /** How often all statuses are compared with the API's. */
  private static final long SYNC_NANOS = 10_000_000_000L;

  private final Simulation simulation;
  private final ApiClient client;
  private final String node;
  private final long startedNanos;
  private final Set<PodWorker> waiting = new LinkedHashSet<>();
  private final Set<PodWorker> reconciling = new LinkedHashSet<>();
  private long busyUntilNanos;
  private boolean flushScheduled;
  private boolean down;

  StatusManager(Simulation simulation, ApiClient client, String node) {
    this.simulation = simulation;
    this.client = client;
    this.node = node;
    this.startedNanos = simulation.now();
  }

  /** The node is down: nothing is sent any more. */
  void crash() {
    down = true;
    waiting.clear();
    reconciling.clear();
  }

  void recover() {
    down = false;
  }

  /** Takes a new status of a pod; it is sent when it differs or when that is forced. */
  void set(PodWorker worker, KubeMap status, boolean force) {
    if (status.equals(worker.status()) && !force) {
      return;
    }
    worker.keepStatus(status);
    if (down || worker.orphaned()) {
      return;
    }
    waiting.add(worker);
    flushSoon();
  }

  /** The API's status is not what was sent: the next full comparison restores it. */
  void reconcile(PodWorker worker) {
    if (!down && reconciling.add(worker) && reconciling.size() == 1) {
      long since = simulation.now() - startedNanos;
      simulation.at(
          startedNanos + (since / SYNC_NANOS + 1) * SYNC_NANOS,
          "status-manager/sync",
          node,
          this::reconcileAll);
    }
  }

  private void reconcileAll() {
    waiting.addAll(reconciling);
    reconciling.clear();
    flushSoon();
  }

  private void flushSoon() {
    if (flushScheduled) {
      return;
    }
    if (simulation.now() >= busyUntilNanos) {
      flush();
    } else {
      flushScheduled = true;
      simulation.at(busyUntilNanos, "status-manager/send", node, this::flushLater);
    }
  }

  private void flushLater() {
    flushScheduled = false;
    flush();
  }

  private void flush() {
    if (down || waiting.isEmpty()) {
      return;
    }
    Iterator<PodWorker> first = waiting.iterator();
    PodWorker worker = first.next();
    first.remove();
    send(worker);
    busyUntilNanos = simulation.now() + client.takeElapsedNanos();
    if (!waiting.isEmpty() && !flushScheduled) {
      flushScheduled = true;
      simulation.at(busyUntilNanos, "status-manager/send", node, this::flushLater);
    }
  }

  private void send(PodWorker worker) {
    KubeMap status = worker.status();
    KubeObject stored = client.find(worker.key());
    if (status == null || stored == null || !stored.uid().equals(worker.uid())) {
      return;
    }
    KubeMap merged = merge(worker, stored.status(), status);
    worker.keepWritten(merged);
    try {
      if (!merged.equals(stored.status())) {
        worker.adopt(stored, client.patchStatus(worker.key(), old -> merged));
      }
      if (stored.terminating()
          && worker.finished()
          && PodPhase.terminal(merged.string("phase", ""))) {
        client.delete(worker.key(), DeleteOptions.grace(0).withUid(worker.uid()));
      }
    } catch (ApiException e) {
      if (e.status().code() != 404 && e.status().code() != 409) {
        throw e;
      }
    }
  }

  /** The status to store: conditions of others are kept, a last phase waits for the containers. */
  private KubeMap merge(PodWorker worker, KubeMap stored, KubeMap status) {
    KubeMap merged = status;
    String before = stored.string("phase", "");
    String after = status.string("phase", "");
    if (!PodPhase.terminal(before)
        && PodPhase.terminal(after)
        && worker.couldHaveRunningContainers()) {
      merged =
          merged
              .with("phase", before)
              .with("reason", stored.get("reason"))
              .with("message", stored.get("message"));
      after = before;
    }
    KubeList conditions = status.listOrEmpty("conditions");
    KubeList own = conditions;
    if (hasForeign(stored.listOrEmpty("conditions")) || hasForeign(conditions)) {
      List<Object> all = new ArrayList<>();
      addConditions(all, stored.listOrEmpty("conditions"), false);
      addConditions(all, conditions, true);
      own = KubeList.copyOf(all);
    }
    if (PodPhase.terminal(after)) {
      own = notReady(worker, own, after);
    }
    return own == conditions ? merged : merged.with("conditions", own);
  }

  private static KubeList notReady(PodWorker worker, KubeList conditions, String phase) {
    KubeList changed = conditions;
    for (int i = 0; i < changed.size(); i++) {
      KubeMap condition = changed.map(i);
      String type = condition.string("type", "");
      boolean readiness = type.equals("Ready") || type.equals("ContainersReady");
      if (readiness && "True".equals(condition.get("status"))) {
        KubeMap ended =
            PodConditions.ofTerminalPhase(type, phase)
                .tree(worker.pod().generation())
                .with("lastTransitionTime", worker.kubelet().timestamp());
        changed = changed.with(i, ended);
      }
    }
    return changed;
  }

  private static boolean hasForeign(KubeList conditions) {
    for (int i = 0; i < conditions.size(); i++) {
      if (!PodConditions.byKubelet(conditions.map(i).string("type", ""))) {
        return true;
      }
    }
    return false;
  }

  private static void addConditions(List<Object> all, KubeList conditions, boolean own) {
    for (int i = 0; i < conditions.size(); i++) {
      if (PodConditions.byKubelet(conditions.map(i).string("type", "")) == own) {
        all.add(conditions.get(i));
      }
    }
  }
}
