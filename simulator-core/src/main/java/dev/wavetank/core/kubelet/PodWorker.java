package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.kubelet.prober.ProbeResult;
import dev.wavetank.core.kubelet.prober.Worker;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.core.sim.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one pod on its node: one sync at a time, then its termination.
 *
 * <p>A sync begins when the kubelet has looked at the runtime since the last one ended: at its next
 * relist, or at once after a sync that did something, which asks for a look at its pod.
 *
 * <p>Follows pkg/kubelet/pod_workers.go and SyncPod, SyncTerminatingPod and SyncTerminatedPod of
 * pkg/kubelet/kubelet.go (v1.36).
 */
final class PodWorker extends ObservedPod {

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

  private @Nullable PodSync syncing;
  private @Nullable PodTermination termination;
  private @Nullable Timer requeue;
  private @Nullable Timer relist;
  private Work work = Work.SYNC;

  /** Whether its containers have stopped for good, so that it takes no room on the node. */
  private boolean stopped;

  /** The spec with whose requests it takes room on the node. */
  private KubeMap counted;

  private Work next = Work.SYNC;
  private boolean busy;
  private boolean waiting;
  private boolean pending;
  private boolean pendingForReadiness;
  private boolean fresh;
  private boolean gone;
  private boolean rejected;
  private boolean probed;

  /** When the last sync ended; it may be one in vain that is still to come. */
  private long lastSyncNanos = -1;

  PodWorker(Kubelet kubelet, ObjectKey key, KubeObject pod) {
    super(kubelet, key, pod);
    counted = pod.spec();
  }

  KubeMap counted() {
    return counted;
  }

  void counted(KubeMap spec) {
    counted = spec;
  }

  /** Whether the pod is not in the API any more. */
  boolean orphaned() {
    return gone;
  }

  boolean finished() {
    return work == Work.FINISHED;
  }

  boolean stopped() {
    return stopped;
  }

  boolean rejected() {
    return rejected;
  }

  /** Whether a container of it may still run, so that its last phase must wait. */
  boolean couldHaveRunningContainers() {
    return !rejected && (work == Work.SYNC || work == Work.TERMINATING);
  }

  // What happens to the pod

  /** A newer version of the pod. */
  void update(KubeObject newer) {
    KubeObject before = pod();
    take(newer);
    if (work == Work.FINISHED) {
      return;
    }
    if (before.labels() != newer.labels() || before.annotations() != newer.annotations()) {
      kubelet().volumeFiles().podChanged(newer, seenIps());
    }
    if (ContainerSizes.withThoseOf(newer.spec(), before.spec()) != newer.spec() && !stopped) {
      kubelet().allocation().resized(this);
    }
    boolean begun = lastSyncNanos >= 0 || busy;
    if (begun && !differs(before, newer)) {
      reconcile(newer);
      return;
    }
    if (work == Work.SYNC
        && (newer.terminating() || PodPhase.terminal(newer.status().string("phase", "")))) {
      becomeTerminating();
    }
    sync();
  }

  private void becomeTerminating() {
    work = Work.TERMINATING;
    if (syncing != null) {
      syncing.cancel();
    }
  }

  /** Whether a version differs from the one before in what is not just status. */
  private static boolean differs(KubeObject before, KubeObject after) {
    KubeMap was = before.metadata();
    KubeMap is = after.metadata();
    return before.spec() != after.spec()
        || was.has("deletionTimestamp") != is.has("deletionTimestamp")
        || was.number("deletionGracePeriodSeconds", -1)
            != is.number("deletionGracePeriodSeconds", -1)
        || !before.labels().equals(after.labels())
        || !before.annotations().equals(after.annotations());
  }

  /** Somebody else has written the status: the kubelet's own part of it is restored. */
  private void reconcile(KubeObject newer) {
    if (!wrote(newer.status())) {
      kubelet().statusManager().reconcile(this);
      if (!newer.spec().listOrEmpty("readinessGates").isEmpty()
          && StatusTrees.readinessDiffers(newer)) {
        sync();
      }
    }
  }

  /** The pod is not in the API any more. */
  void removed() {
    gone = true;
    if (work == Work.FINISHED) {
      kubelet().forget(this);
      return;
    }
    if (work == Work.SYNC) {
      becomeTerminating();
    }
    sync();
  }

  /** The grace period of the whole pod, in seconds, at least 1. */
  private long graceSeconds() {
    long own = pod().spec().number("terminationGracePeriodSeconds", 30);
    return Math.max(1, pod().metadata().number("deletionGracePeriodSeconds", own));
  }

  /** The node refuses the pod. */
  void reject(String reason, String message) {
    rejected = true;
    work = Work.FINISHED;
    kubelet().recorder().event(pod(), "", "Warning", reason, message);
    KubeMap refused = StatusTrees.rejected(pod(), reason, message, kubelet().timestamp());
    kubelet().statusManager().set(this, refused, false);
  }

  /** A container of it exited, or a sync failed half-way: the next relist will see it. */
  private void noticeLater() {
    if (relist == null) {
      relist =
          simulation()
              .at(
                  kubelet().nextRelistNanos(simulation().now()),
                  "kubelet/relist",
                  key(),
                  this::relist);
    }
  }

  private void relist() {
    relist = null;
    if (look()) {
      sync();
    }
  }

  void exited(Container container) {
    if (termination != null) {
      termination.exited(container);
    }
    if (syncing != null) {
      syncing.exited(container);
    }
    if (work == Work.SYNC) {
      noticeLater();
    }
    PodProbes.wake(this);
  }

  // Probes

  /** Starts the workers, unless they have been started. */
  void probe() {
    if (!probed) {
      probed = true;
      PodProbes.add(this);
    }
  }

  @Override
  public void ended(Worker worker) {
    PodProbes.ended(this, worker);
  }

  @Override
  public void probed(Worker worker, ProbeResult result) {
    KubeMap known = status();
    if (known == null || work == Work.FINISHED) {
      return;
    }
    boolean success = result == ProbeResult.SUCCESS;
    StatusTrees trees = kubelet().trees();
    StatusManager statuses = kubelet().statusManager();
    switch (worker.type()) {
      case LIVENESS -> {
        if (result == ProbeResult.FAILURE) {
          sync();
        }
      }
      case STARTUP -> {
        statuses.set(this, trees.withStarted(known, worker.containerId(), success), false);
        sync();
      }
      case READINESS -> {
        statuses.set(this, trees.withReadiness(this, known, worker.containerId(), success), false);
        syncForReadiness();
      }
    }
  }

  /** Nothing follows from a change of readiness but another probe of what is not ready. */
  private void syncForReadiness() {
    if (busy) {
      pendingForReadiness = true;
    } else if (PodProbes.unready(this)) {
      sync();
    } else {
      syncInVain();
    }
  }

  // Syncs, one at a time

  /** Syncs the pod, now or after the sync that is under way. */
  void sync() {
    if (work == Work.FINISHED || kubelet().down()) {
      return;
    }
    if (busy) {
      pending = true;
      return;
    }
    busy = true;
    next = work;
    cancelRequeue();
    long due = dueNanos();
    if (due <= simulation().now()) {
      syncNow();
    } else {
      waiting = true;
      int boot = kubelet().boot();
      simulation().at(due, "kubelet/sync", key(), () -> syncLater(boot));
    }
  }

  /** When a sync that is asked for now begins. */
  private long dueNanos() {
    long now = simulation().now();
    if (lastSyncNanos < 0 || (fresh && lastSyncNanos <= now)) {
      return now;
    }
    return lastSyncNanos - now > SECOND ? lastSyncNanos : kubelet().nextRelistNanos(lastSyncNanos);
  }

  /**
   * A sync that would find nothing to do: it takes its time in the order of syncs and no more than
   * that.
   */
  private void syncInVain() {
    long now = simulation().now();
    if (lastSyncNanos <= now) {
      lastSyncNanos = Math.max(now, dueNanos());
      fresh = false;
    } else if (lastSyncNanos - now <= SECOND) {
      lastSyncNanos += SECOND;
    }
  }

  private void syncLater(int boot) {
    if (waiting && boot == kubelet().boot()) {
      syncNow();
    }
  }

  private void syncNow() {
    waiting = false;
    fresh = false;
    look();
    switch (next) {
      case SYNC -> syncPod();
      case TERMINATING -> syncTerminatingPod();
      case TERMINATED -> syncTerminatedPod();
      case FINISHED -> busy = false;
    }
  }

  private void syncPod() {
    kubelet().allocation().syncing(this);
    KubeMap made = kubelet().trees().generate(this, false);
    kubelet().statusManager().set(this, made, pod().terminating());
    PodProbes.triggerReadiness(this);
    if (PodPhase.terminal(made.string("phase", ""))) {
      if (work == Work.SYNC) {
        work = Work.TERMINATING;
      }
      complete();
      sync();
      return;
    }
    syncing = new PodSync(this);
    syncing.run();
  }

  /** A sync has ended. */
  void synced(PodSync.Result result, long backOffAtNanos) {
    syncing = null;
    boolean failed = result == PodSync.Result.FAILED;
    if (failed) {
      noticeLater();
    } else if (result == PodSync.Result.DONE) {
      fresh = true;
      pending |= look();
    }
    boolean again = pending || work != Work.SYNC;
    boolean readiness = pendingForReadiness;
    complete();
    if (again) {
      sync();
      return;
    }
    if (failed) {
      requeueAfterFailure(backOffAtNanos);
    } else if (PodProbes.unready(this)) {
      requeueAt(simulation().now() + kubelet().jitter(RESYNC_NANOS));
    }
    if (readiness) {
      syncForReadiness();
    }
    if (requeue == null && !busy && deadlineNanos() != Long.MAX_VALUE) {
      requeueAt(Long.MAX_VALUE);
    }
  }

  private void complete() {
    busy = false;
    lastSyncNanos = simulation().now();
    pendingForReadiness = false;
    pending = false;
  }

  private void requeueAfterFailure(long backOffAtNanos) {
    long now = simulation().now();
    long wait =
        backOffAtNanos < 0
            ? BACK_OFF_NANOS
            : Math.min(Math.max(backOffAtNanos - now, 0), RESYNC_NANOS);
    requeueAt(now + kubelet().jitter(wait));
  }

  /** Syncs again at that time, or when the pod's active deadline is over before. */
  private void requeueAt(long nanos) {
    cancelRequeue();
    long due = Math.min(nanos, Math.max(deadlineNanos(), simulation().now()));
    requeue =
        simulation()
            .at(kubelet().nextSyncTickNanos(due), "kubelet/resync", key(), this::syncRequeued);
  }

  private void syncRequeued() {
    requeue = null;
    sync();
  }

  private void cancelRequeue() {
    if (requeue != null) {
      requeue.cancel();
      requeue = null;
    }
  }

  /** The sandbox stands: the condition is written without waiting for the rest of the sync. */
  void sandboxReady() {
    kubelet().statusManager().set(this, kubelet().trees().sandboxReady(this), false);
  }

  void removeSandbox() {
    PodSandbox standing = sandbox();
    if (standing != null && standing.ready()) {
      kubelet().removeSandbox(standing);
    }
  }

  // Termination

  private void syncTerminatingPod() {
    if (!gone) {
      kubelet()
          .statusManager()
          .set(this, kubelet().trees().generate(this, false), pod().terminating());
      PodProbes.triggerReadiness(this);
    }
    PodProbes.stop(this, false);
    SimulationBug.check(termination == null, "a pod is terminated twice at a time");
    termination = new PodTermination(this, graceSeconds(), this::terminated);
    termination.run();
  }

  private void terminated() {
    termination = null;
    removeSandbox();
    PodProbes.stop(this, true);
    look();
    work = Work.TERMINATED;
    if (!stopped) {
      stopped = true;
      kubelet().stopped(this);
    }
    if (!gone) {
      kubelet()
          .statusManager()
          .set(this, kubelet().trees().generate(this, true), pod().terminating());
    }
    complete();
    sync();
  }

  private void syncTerminatedPod() {
    KubeMap last = kubelet().trees().generate(this, true);
    if (!gone) {
      kubelet().statusManager().set(this, last, pod().terminating());
    }
    if (sandbox() == null || !VolumeManager.expectsVolumes(this)) {
      finish(last);
      return;
    }
    int boot = kubelet().boot();
    simulation()
        .after(
            VolumeManager.POLL_NANOS,
            "kubelet/unmount",
            key(),
            () -> {
              if (boot == kubelet().boot()) {
                finish(last);
              }
            });
  }

  private void finish(KubeMap last) {
    work = Work.FINISHED;
    kubelet().ended(this);
    complete();
    probed = false;
    if (relist != null) {
      relist.cancel();
      relist = null;
    }
    if (gone) {
      kubelet().forget(this);
    } else {
      kubelet().statusManager().set(this, TerminalStatus.of(pod().spec(), last), true);
    }
  }

  // The node goes down and comes back

  void crash() {
    busy = false;
    waiting = false;
    pending = false;
    pendingForReadiness = false;
    fresh = false;
    if (syncing != null) {
      syncing.crash();
      syncing = null;
    }
    if (termination != null) {
      termination.crash();
      termination = null;
    }
    cancelRequeue();
    if (relist != null) {
      relist.cancel();
      relist = null;
    }
    PodProbes.stop(this, true);
    probed = false;
  }

  /** The node is back and has this version of the pod. */
  void recover(KubeObject newest) {
    take(newest);
    KubeMap last = status();
    if (work == Work.FINISHED && last != null) {
      kubelet().statusManager().set(this, last, true);
      return;
    }
    lastSyncNanos = -1;
    keepStatus(null);
    boolean over = newest.terminating() || PodPhase.terminal(newest.status().string("phase", ""));
    work = over ? Work.TERMINATING : Work.SYNC;
    if (asksForOther() && !stopped) {
      kubelet().allocation().resized(this);
    }
    sync();
  }
}
