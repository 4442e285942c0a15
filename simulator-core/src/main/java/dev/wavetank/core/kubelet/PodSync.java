package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.kubelet.PodActions.Kill;
import dev.wavetank.core.kubelet.PodActions.KillReason;
import dev.wavetank.core.kubelet.prober.Expansion;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what one sync has to do to a pod, step after step on virtual time.
 *
 * <p>Follows SyncPod of pkg/kubelet/kuberuntime/kuberuntime_manager.go and startContainer of
 * kuberuntime_container.go (v1.36).
 */
final class PodSync {

  /** How a sync ended. */
  enum Result {
    NOTHING_TO_DO,
    DONE,
    FAILED
  }

  private final PodWorker worker;
  private final Kubelet kubelet;
  private PodActions actions = PodActions.NONE;
  private final ArrayDeque<ContainerRecord> starts = new ArrayDeque<>(2);
  private final ArrayDeque<Kill> kills = new ArrayDeque<>(1);
  private final List<ContainerKill> killing = new ArrayList<>(1);
  private VolumeManager.@Nullable Wait volumes;
  private @Nullable PodTermination termination;
  private boolean failed;
  private boolean over;
  private long backOffAtNanos = -1;

  PodSync(PodWorker worker) {
    this.worker = worker;
    this.kubelet = worker.kubelet();
  }

  private Simulation simulation() {
    return kubelet.simulation();
  }

  private void after(long nanos, String what, Runnable action) {
    int boot = kubelet.boot();
    simulation()
        .after(
            nanos,
            what,
            worker.key(),
            () -> {
              if (boot == kubelet.boot()) {
                action.run();
              }
            });
  }

  void run() {
    if (worker.sandbox() != null || !VolumeManager.expectsVolumes(worker)) {
      syncRuntime();
      return;
    }
    volumes =
        kubelet
            .volumeManager()
            .waitForAttachAndMount(
                worker,
                inTime -> {
                  volumes = null;
                  if (inTime) {
                    syncRuntime();
                  } else {
                    worker.synced(Result.FAILED, -1);
                  }
                });
  }

  /** The pod is to be terminated: who waits for volumes need not wait any longer. */
  void cancel() {
    if (volumes != null) {
      volumes.cancel();
      volumes = null;
      worker.synced(Result.FAILED, -1);
    }
  }

  /** The node is down: nothing of the sync goes on. */
  void crash() {
    over = true;
    if (volumes != null) {
      volumes.cancel();
    }
    for (ContainerKill kill : killing) {
      kill.crash();
    }
    if (termination != null) {
      termination.crash();
    }
  }

  private void syncRuntime() {
    worker.probe();
    actions =
        PodActions.compute(
            worker.allocated(),
            PodActions.RuntimePod.of(worker, worker.seenSandbox()),
            worker.pod().terminating());
    for (ContainerRecord record : worker.ephemeral()) {
      if (record.current == null && !actions.killPod() && !worker.pod().terminating()) {
        starts.add(record);
      }
    }
    if (actions.none() && starts.isEmpty()) {
      worker.synced(Result.NOTHING_TO_DO, -1);
      return;
    }
    int inits = 0;
    for (ContainerRecord record : worker.records()) {
      inits += record.init() ? 1 : 0;
    }
    for (int position : actions.initToStart()) {
      starts.add(worker.records()[position]);
    }
    for (int position : actions.toStart()) {
      starts.add(worker.records()[inits + position]);
    }
    kills.addAll(actions.toKill());
    begin();
  }

  private void begin() {
    if (actions.createSandbox() && !actions.sandboxId().isEmpty()) {
      kubelet
          .recorder()
          .event(
              worker.pod(),
              "",
              "Normal",
              "SandboxChanged",
              "Pod sandbox changed, it will be killed and re-created.");
    }
    if (actions.killPod()) {
      termination =
          new PodTermination(
              worker,
              -1,
              () -> {
                termination = null;
                worker.removeSandbox();
                if (actions.createSandbox()) {
                  purgeInitContainers();
                }
                sandbox();
              });
      termination.run();
    } else {
      nextKill();
    }
  }

  private void purgeInitContainers() {
    for (ContainerRecord record : worker.records()) {
      if (record.init()) {
        record.purge();
      }
    }
  }

  /** A container of the pod exited. */
  void exited(Container container) {
    if (termination != null) {
      termination.exited(container);
    }
    for (ContainerKill kill : new ArrayList<>(killing)) {
      kill.exited(container);
    }
  }

  private void nextKill() {
    Kill kill = kills.poll();
    if (kill == null) {
      sandbox();
      return;
    }
    ContainerRecord record = find(kill.name());
    kill(record, kill.message(), kill.reason(), this::nextKill);
  }

  private void kill(ContainerRecord record, String message, KillReason reason, Runnable then) {
    ContainerKill[] own = new ContainerKill[1];
    own[0] =
        new ContainerKill(
            worker,
            record,
            message,
            reason,
            -1,
            List.of(),
            () -> {
              killing.remove(own[0]);
              then.run();
            });
    killing.add(own[0]);
    own[0].run();
  }

  private ContainerRecord find(String name) {
    for (ContainerRecord record : worker.records()) {
      if (record.name().equals(name)) {
        return record;
      }
    }
    throw new IllegalStateException("no container " + name);
  }

  private void sandbox() {
    if (!actions.createSandbox()) {
      resize();
      return;
    }
    after(kubelet.runtime().drawSandboxNanos(), "kubelet/sandbox", this::createSandbox);
  }

  /** Gives running containers other resources; those that shrink come first. */
  private void resize() {
    if (actions.toResize().isEmpty()) {
      nextStart();
      return;
    }
    List<ContainerRecord> records = new ArrayList<>();
    actions.toResize().forEach(name -> records.add(find(name)));
    String error = ResizeCheck.error(worker, records);
    if (!error.isEmpty()) {
      failed = true;
      kubelet.allocation().failed(worker, error);
      nextStart();
      return;
    }
    after(kubelet.runtime().drawResizeNanos(), "kubelet/resize", () -> resized(records));
  }

  private void resized(List<ContainerRecord> records) {
    for (ContainerRecord record : records) {
      Container running = record.current;
      if (running != null && running.running()) {
        running.resize(record.spec().mapOrEmpty("resources"));
      }
    }
    nextStart();
  }

  private void createSandbox() {
    boolean hostNetwork = worker.pod().spec().bool("hostNetwork", false);
    List<IpAddress> ips = hostNetwork ? kubelet.config().addresses() : kubelet.allocatePodIps();
    if (ips.isEmpty()) {
      kubelet
          .recorder()
          .event(
              worker.pod(),
              "",
              "Warning",
              "FailedCreatePodSandBox",
              "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup"
                  + " network for sandbox: plugin type=\"host-local\" failed (add): failed to"
                  + " allocate for range "
                  + kubelet.exhaustedRange());
      worker.synced(Result.FAILED, -1);
      return;
    }
    PodSandbox created =
        kubelet
            .runtime()
            .runSandbox(
                worker.pod().namespace(),
                worker.pod().name(),
                worker.uid(),
                worker.allocated(),
                ips.get(0),
                ips.size() > 1 ? ips.get(1) : null,
                actions.attempt());
    kubelet.sandboxCreated(created);
    worker.sandbox(created);
    worker.sandboxReady();
    nextStart();
  }

  private void nextStart() {
    ContainerRecord record = starts.poll();
    if (record == null) {
      worker.synced(failed ? Result.FAILED : Result.DONE, backOffAtNanos);
      return;
    }
    if (inBackOff(record)) {
      abortOrGoOn(record);
      return;
    }
    kubelet
        .images()
        .ensure(worker, record, (reason, message) -> imageThere(record, reason, message));
  }

  /** A plain init container that cannot start ends the sync; others do not keep the rest back. */
  private void abortOrGoOn(ContainerRecord record) {
    failed = true;
    if (record.init() && !record.sidecar()) {
      starts.clear();
    }
    nextStart();
  }

  /** Whether the container has to wait, counted from the newest end of it that was seen. */
  private boolean inBackOff(ContainerRecord record) {
    long finished = record.seenFinishedNanos();
    if (finished < 0) {
      return false;
    }
    CrashLoop loop = record.crashLoop();
    if (!loop.holds(finished, simulation().now())) {
      return false;
    }
    event(
        record,
        "Warning",
        "BackOff",
        "Back-off restarting failed container " + record.name() + " in pod " + worker.label());
    record.fail("CrashLoopBackOff", loop.message(record.name(), worker.label()));
    long until = loop.untilNanos(finished);
    backOffAtNanos = backOffAtNanos < 0 ? until : Math.min(backOffAtNanos, until);
    return true;
  }

  private void event(ContainerRecord record, String type, String reason, String message) {
    kubelet.recorder().event(worker.pod(), record.fieldPath(), type, reason, message);
  }

  private void imageThere(ContainerRecord record, String reason, String message) {
    if (!reason.isEmpty()) {
      event(record, "Warning", "Failed", "Error: " + reason);
      record.fail(reason, message);
      abortOrGoOn(record);
      return;
    }
    ContainerEnvironment environment = kubelet.environment();
    String error = environment.missing(worker.allocatedPod(), record.spec());
    if (!error.isEmpty()) {
      event(record, "Warning", "Failed", "Error: " + error);
      record.fail("CreateContainerConfigError", error);
      abortOrGoOn(record);
      return;
    }
    after(kubelet.runtime().drawStartNanos(), "kubelet/start-container", () -> start(record));
  }

  private void start(ContainerRecord record) {
    PodSandbox sandbox = worker.sandbox();
    if (sandbox == null || !sandbox.ready()) {
      record.fail("CreateContainerError", "sandbox is not ready");
      abortOrGoOn(record);
      return;
    }
    KubeList ips = PodIps.list(sandbox.ips());
    KubeMap env = kubelet.environment().of(worker.allocatedPod(), record.spec(), ips);
    Container container =
        kubelet
            .runtime()
            .create(
                sandbox,
                Expansion.commandAndArgs(record.spec(), env),
                env,
                record.nextAttempt(),
                kubelet.volumeFiles().mounts(worker.pod(), record.spec(), env, ips));
    record.created(container, kubelet.trees());
    event(record, "Normal", "Created", "Container created");
    String error = kubelet.runtime().start(container);
    if (error != null) {
      event(record, "Warning", "Failed", "Error: " + error);
      record.fail("RunContainerError", error);
      abortOrGoOn(record);
      return;
    }
    event(record, "Normal", "Started", "Container started");
    KubeMap hook = record.spec().mapOrEmpty("lifecycle").map("postStart");
    if (hook == null || !container.running()) {
      record.clearFailure();
      nextStart();
    } else {
      postStart(record, container, hook);
    }
  }

  private void postStart(ContainerRecord record, Container container, KubeMap hook) {
    kubelet
        .hooks()
        .run(
            worker,
            container,
            hook,
            error -> {
              if (over) {
                return;
              }
              if (error.isEmpty()) {
                record.clearFailure();
                nextStart();
                return;
              }
              event(record, "Warning", "FailedPostStartHook", "PostStartHook failed");
              record.fail("PostStartHookError", error);
              failed = true;
              kill(
                  record,
                  "FailedPostStartHook",
                  KillReason.FAILED_POST_START,
                  () -> abortOrGoOn(record));
            });
  }
}
