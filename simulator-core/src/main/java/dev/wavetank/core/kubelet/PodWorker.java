package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.kubelet.prober.ProbeResult;
import dev.wavetank.core.kubelet.prober.ProbedPod;
import dev.wavetank.core.kubelet.prober.Worker;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.core.sim.Timer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Runs one pod on its node: one sync at a time, then its termination.
 *
 * <p>Follows pkg/kubelet/pod_workers.go and SyncPod, SyncTerminatingPod and SyncTerminatedPod of
 * pkg/kubelet/kubelet.go (v1.36).
 */
final class PodWorker implements ProbedPod {

  /** What the worker does with its pod. */
  enum Work {
    SYNC,
    TERMINATING,
    TERMINATED,
    FINISHED
  }

  private static final long SECOND = 1_000_000_000L;
  private static final long RESYNC_NANOS = 60 * SECOND;
  private static final long BACK_OFF_NANOS = 10 * SECOND;

  private final Kubelet kubelet;
  private final ObjectKey key;
  private final String uid;
  private ContainerRecord[] records;
  private KubeObject pod;
  private @Nullable KubeMap status;
  private @Nullable KubeMap written;
  private @Nullable PodSandbox sandbox;
  private @Nullable PodSandbox seenSandbox;
  private final PodProbes probes = new PodProbes(this);
  private @Nullable PodTermination termination;
  private @Nullable Timer requeue;
  private @Nullable Timer relist;
  private Work work = Work.SYNC;
  private boolean busy;
  private boolean waiting;
  private boolean pending;
  private boolean pendingForReadiness;
  private boolean fresh;
  private boolean gone;
  private boolean rejected;
  private long lastSyncNanos = -1;

  PodWorker(Kubelet kubelet, KubeObject pod) {
    this.kubelet = kubelet;
    this.pod = pod;
    this.uid = pod.uid();
    this.key = pod.key(ResourceType.PODS);
    this.records = ContainerRecord.all(pod.spec());
  }

  Kubelet kubelet() {
    return kubelet;
  }

  Simulation simulation() {
    return kubelet.simulation();
  }

  ObjectKey key() {
    return key;
  }

  String uid() {
    return uid;
  }

  /** The pod as kubelet messages name it. */
  String label() {
    return pod.name() + "_" + pod.namespace() + "(" + uid + ")";
  }

  ContainerRecord[] records() {
    return records;
  }

  @Nullable PodSandbox sandbox() {
    return sandbox;
  }

  Work work() {
    return work;
  }

  @Override
  public KubeObject pod() {
    return pod;
  }

  @Override
  public @Nullable KubeMap status() {
    return status;
  }

  void keepStatus(KubeMap changed) {
    status = changed;
    probes.wake();
  }

  void keepWritten(KubeMap sent) {
    written = sent;
  }

  /** Whether the API's status is the one that this kubelet wrote last. */
  boolean wrote(KubeMap apiStatus) {
    return written == apiStatus;
  }

  KubeMap oldStatus() {
    return status != null ? status : pod.status();
  }

  /** Whether the pod is not in the API any more. */
  boolean orphaned() {
    return gone;
  }

  boolean finished() {
    return work == Work.FINISHED;
  }

  boolean rejected() {
    return rejected;
  }

  /** Whether a container of it may still run, so that its last phase must wait. */
  boolean couldHaveRunningContainers() {
    return !rejected && (work == Work.SYNC || work == Work.TERMINATING);
  }

  boolean hasInitContainers() {
    return records.length > 0 && records[0].init();
  }

  boolean sandboxSeen() {
    PodSandbox seen = seenSandbox;
    return seen != null && seen.ready();
  }

  /** The pod's address as seen; the node's in the host network; empty before there is a sandbox. */
  String seenIp() {
    if (pod.spec().bool("hostNetwork", false)) {
      return kubelet.hostIp();
    }
    PodSandbox seen = seenSandbox;
    return seen == null ? oldStatus().string("podIP", "") : seen.ip().toString();
  }

  boolean anyRegularSeen() {
    for (ContainerRecord record : records) {
      Container seen = record.seen;
      if (!record.init() && seen != null && seen.sandbox() == seenSandbox) {
        return true;
      }
    }
    return false;
  }

  boolean pastActiveDeadline() {
    return deadlineNanos() <= simulation().now();
  }

  /** When the pod's active deadline is over; the end of time when it has none. */
  private long deadlineNanos() {
    long seconds = pod.spec().number("activeDeadlineSeconds", -1);
    Instant start = Timestamps.parse(oldStatus().get("startTime"));
    if (seconds < 0 || start == null) {
      return Long.MAX_VALUE;
    }
    return Duration.between(Simulation.START, start).toNanos() + seconds * SECOND;
  }

  // Probes

  PodProbes probes() {
    return probes;
  }

  @Override
  public @Nullable Container running(String containerId) {
    for (ContainerRecord record : records) {
      if (record.current != null && record.current.id().equals(containerId)) {
        return record.current;
      }
    }
    return null;
  }

  @Override
  public void ended(Worker worker) {
    probes.ended(worker);
  }

  @Override
  public void probed(Worker worker, ProbeResult result) {
    if (work == Work.FINISHED) {
      return;
    }
    switch (worker.type()) {
      case LIVENESS -> {
        if (result == ProbeResult.FAILURE) {
          sync();
        }
      }
      case STARTUP -> {
        refreshStatus();
        sync();
      }
      case READINESS -> {
        refreshStatus();
        pendingForReadiness = true;
        if (!busy) {
          syncForReadiness();
        }
      }
    }
  }

  /** Writes what a probe has changed without waiting for a sync. */
  private void refreshStatus() {
    if (status != null && work == Work.SYNC) {
      kubelet.statusManager().set(this, kubelet.trees().generate(this, false), false);
    }
  }

  private void syncForReadiness() {
    pendingForReadiness = false;
    if (probes.unready()) {
      sync();
    }
  }

  // What happens to the pod

  /** A newer version of the pod. */
  void update(KubeObject newer) {
    KubeMap oldSpec = pod.spec();
    pod = newer;
    if (oldSpec != newer.spec()) {
      respec(newer.spec());
    }
    if (newer.terminating()) {
      terminate();
    }
    if (work != Work.FINISHED) {
      sync();
    }
  }

  private void respec(KubeMap spec) {
    for (ContainerRecord record : records) {
      KubeMap changed =
          spec.listOrEmpty(record.init() ? "initContainers" : "containers")
              .find("name", record.name());
      if (changed != null) {
        record.respec(changed);
      }
    }
  }

  /** The pod is not in the API any more. */
  void removed() {
    gone = true;
    if (work == Work.FINISHED) {
      kubelet.forget(this);
    } else {
      terminate();
      sync();
    }
  }

  private void terminate() {
    if (work == Work.SYNC) {
      work = Work.TERMINATING;
    } else if (termination != null) {
      termination.shorten(graceSeconds());
    }
  }

  /** The grace period of the whole pod, in seconds, at least 1. */
  long graceSeconds() {
    long own = pod.spec().number("terminationGracePeriodSeconds", 30);
    return Math.max(1, pod.metadata().number("deletionGracePeriodSeconds", own));
  }

  /** The node refuses the pod. */
  void reject(String reason, String message) {
    rejected = true;
    work = Work.FINISHED;
    kubelet.recorder().event(pod, "", "Warning", reason, message);
    KubeMap refused = StatusTrees.rejected(pod, reason, message, kubelet.timestamp());
    kubelet.statusManager().set(this, refused, false);
  }

  /** A container of it exited, or a sync failed half-way: the next relist will see it. */
  void noticeLater() {
    if (relist == null || !relist.pending()) {
      relist =
          simulation()
              .at(
                  kubelet.nextRelistNanos(simulation().now()),
                  "kubelet/relist",
                  key,
                  () -> {
                    relist = null;
                    if (look()) {
                      sync();
                    }
                  });
    }
  }

  void exited(Container container) {
    if (termination != null) {
      termination.exited(container);
    }
    PodSync running = syncing;
    if (running != null) {
      running.exited(container);
    }
    if (work == Work.SYNC) {
      noticeLater();
    }
  }

  private @Nullable PodSync syncing;

  /** Looks at the runtime; true when something is new. */
  private boolean look() {
    boolean changed = seenSandbox != sandbox;
    seenSandbox = sandbox;
    for (ContainerRecord record : records) {
      changed |= record.relist();
    }
    return changed;
  }

  // Syncs, one at a time

  /** Syncs the pod, now or after the sync that is under way. */
  void sync() {
    if (work == Work.FINISHED || kubelet.down()) {
      return;
    }
    if (busy) {
      pending |= !waiting;
      return;
    }
    busy = true;
    if (requeue != null) {
      requeue.cancel();
      requeue = null;
    }
    long now = simulation().now();
    long due = fresh || lastSyncNanos < 0 ? now : kubelet.nextRelistNanos(lastSyncNanos);
    if (due <= now) {
      syncNow();
    } else {
      waiting = true;
      simulation().at(due, "kubelet/sync", key, this::syncLater);
    }
  }

  private void syncLater() {
    if (waiting && !kubelet.down()) {
      syncNow();
    }
  }

  private void syncNow() {
    waiting = false;
    fresh = false;
    look();
    switch (work) {
      case SYNC -> syncPod();
      case TERMINATING -> syncTerminatingPod();
      case TERMINATED -> syncTerminatedPod();
      case FINISHED -> busy = false;
    }
  }

  private void syncPod() {
    KubeMap next = kubelet.trees().generate(this, false);
    boolean overdue = pastActiveDeadline() && !PodPhase.terminal(oldStatus().string("phase", ""));
    kubelet.statusManager().set(this, next, false);
    if (overdue) {
      kubelet
          .recorder()
          .event(
              pod,
              "",
              "Normal",
              "DeadlineExceeded",
              "Pod was active on the node longer than the specified deadline");
    }
    if (PodPhase.terminal(next.string("phase", ""))) {
      work = Work.TERMINATING;
      complete();
      sync();
      return;
    }
    probes.add();
    PodActions actions =
        PodActions.compute(
            pod.spec(), PodActions.RuntimePod.of(this, seenSandbox), pod.terminating());
    probes.triggerReadiness();
    if (actions.none()) {
      completed(false, -1);
    } else {
      syncing = new PodSync(this, actions);
      syncing.run();
    }
  }

  /** A sync that did something has ended. */
  void synced(boolean failed, long backOffAtNanos) {
    syncing = null;
    if (failed) {
      completed(true, backOffAtNanos);
      noticeLater();
      return;
    }
    fresh = true;
    if (look()) {
      pending = true;
    }
    completed(false, -1);
  }

  private void complete() {
    busy = false;
    lastSyncNanos = simulation().now();
    pendingForReadiness = false;
    pending = false;
  }

  private void completed(boolean failed, long backOffAtNanos) {
    boolean again = pending || work != Work.SYNC;
    boolean readiness = pendingForReadiness;
    complete();
    if (again) {
      if (failed) {
        requeueAfterFailure(backOffAtNanos);
      }
      sync();
      return;
    }
    long deadline = deadlineNanos();
    if (failed) {
      requeueAfterFailure(backOffAtNanos);
    } else if (readiness && probes.unready()) {
      sync();
    } else if (probes.unready()) {
      requeueAt(simulation().now() + kubelet.jitter(RESYNC_NANOS));
    }
    if (requeue == null && deadline != Long.MAX_VALUE) {
      requeueAt(Math.max(deadline, simulation().now()));
    }
  }

  private void requeueAfterFailure(long backOffAtNanos) {
    long now = simulation().now();
    long wait =
        backOffAtNanos < 0
            ? BACK_OFF_NANOS
            : Math.min(Math.max(backOffAtNanos - now, 0), RESYNC_NANOS);
    requeueAt(now + kubelet.jitter(wait));
  }

  private void requeueAt(long nanos) {
    if (requeue != null) {
      requeue.cancel();
    }
    long due = Math.min(nanos, Math.max(deadlineNanos(), simulation().now()));
    requeue =
        simulation()
            .at(
                kubelet.nextSyncTickNanos(due),
                "kubelet/resync",
                key,
                () -> {
                  requeue = null;
                  sync();
                });
  }

  // Sandbox

  void sandbox(@Nullable PodSandbox created) {
    sandbox = created;
  }

  /** The sandbox stands: the condition is written without waiting for the rest of the sync. */
  void sandboxReady() {
    KubeMap next = kubelet.trees().sandboxReady(oldStatus(), pod.generation());
    kubelet.statusManager().set(this, next, false);
  }

  void removeSandbox() {
    PodSandbox standing = sandbox;
    if (standing != null && standing.ready()) {
      kubelet.removeSandbox(standing);
    }
  }

  // Termination

  private void syncTerminatingPod() {
    if (!gone) {
      kubelet.statusManager().set(this, kubelet.trees().generate(this, false), pod.terminating());
    }
    probes.stop(false);
    SimulationBug.check(termination == null, "a pod is terminated twice at a time");
    termination = new PodTermination(this, graceSeconds(), this::terminated);
    termination.run();
  }

  private void terminated() {
    termination = null;
    probes.stop(true);
    removeSandbox();
    look();
    if (!gone) {
      kubelet.statusManager().set(this, kubelet.trees().generate(this, true), pod.terminating());
    }
    work = Work.TERMINATED;
    complete();
    sync();
  }

  private void syncTerminatedPod() {
    KubeMap last = kubelet.trees().generate(this, true);
    work = Work.FINISHED;
    kubelet.ended(this);
    complete();
    probes.forget();
    if (relist != null) {
      relist.cancel();
    }
    if (gone) {
      kubelet.forget(this);
      return;
    }
    if (!PodPhase.terminal(last.string("phase", ""))) {
      last = last.with("phase", PodPhase.FAILED);
    }
    kubelet.statusManager().set(this, StatusTrees.lost(last), true);
  }

  // The node goes down and comes back

  void crash() {
    busy = false;
    waiting = false;
    pending = false;
    syncing = null;
    termination = null;
    for (Timer timer : new Timer[] {requeue, relist}) {
      if (timer != null) {
        timer.cancel();
      }
    }
    requeue = null;
    relist = null;
    probes.stop(true);
    probes.forget();
  }

  /** The node is back and has this version of the pod. */
  void recover(KubeObject newest) {
    lastSyncNanos = -1;
    status = null;
    pod = newest;
    if (newest.terminating() && work == Work.SYNC) {
      work = Work.TERMINATING;
    }
    sync();
  }
}
