package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.kubelet.PodActions.KillReason;
import dev.wavetank.core.sim.Timer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stops one container: event, preStop hook, its turn, SIGTERM, and SIGKILL when the grace is over.
 *
 * <p>Follows killContainer of pkg/kubelet/kuberuntime/kuberuntime_container.go and
 * kuberuntime_termination_order.go (v1.36).
 */
final class ContainerKill {

  private static final long SECOND = 1_000_000_000L;
  private static final long GRACE_SECONDS_MIN = 2;

  private final ObservedPod worker;
  private final Kubelet kubelet;
  private final ContainerRecord record;
  private final String message;
  private final KillReason reason;
  private final long graceOverrideSeconds;
  private final List<ContainerRecord> before;
  private final Runnable then;
  private @Nullable Container container;
  private @Nullable Timer timer;
  private long grace;
  private long stepBegunNanos;
  private boolean hooking;
  private boolean queueing;
  private boolean over;

  /**
   * A kill that has not begun.
   *
   * @param message empty for the usual one
   * @param graceOverrideSeconds -1 for none
   * @param before containers that must have exited first, while there is time
   */
  ContainerKill(
      ObservedPod worker,
      ContainerRecord record,
      String message,
      KillReason reason,
      long graceOverrideSeconds,
      List<ContainerRecord> before,
      Runnable then) {
    this.worker = worker;
    this.kubelet = worker.kubelet();
    this.record = record;
    this.message = message;
    this.reason = reason;
    this.graceOverrideSeconds = graceOverrideSeconds;
    this.before = before;
    this.then = then;
  }

  void run() {
    Container running = record.current;
    if (running == null || !running.running()) {
      finish();
      return;
    }
    container = running;
    kubelet
        .recorder()
        .event(
            worker.pod(),
            record.fieldPath(),
            "Normal",
            "Killing",
            message.isEmpty() ? "Stopping container " + record.name() : message);
    grace = graceOverrideSeconds >= 0 ? graceOverrideSeconds : ownGraceSeconds();
    KubeMap hook = record.spec().mapOrEmpty("lifecycle").map("preStop");
    if (hook != null && grace > 0) {
      preStop(running, hook);
    } else {
      queueUp();
    }
  }

  private long ownGraceSeconds() {
    KubeMap metadata = worker.pod().metadata();
    if (metadata.has("deletionGracePeriodSeconds")) {
      return metadata.number("deletionGracePeriodSeconds", 0);
    }
    long ofPod = worker.pod().spec().number("terminationGracePeriodSeconds", -1);
    if (ofPod < 0) {
      return GRACE_SECONDS_MIN;
    }
    return switch (reason) {
      case STARTUP_PROBE -> ofProbe("startupProbe", ofPod);
      case LIVENESS_PROBE -> ofProbe("livenessProbe", ofPod);
      default -> ofPod;
    };
  }

  private long ofProbe(String probe, long otherwise) {
    return record.spec().mapOrEmpty(probe).number("terminationGracePeriodSeconds", otherwise);
  }

  private void preStop(Container running, KubeMap hook) {
    hooking = true;
    begin(grace, this::hookOver);
    kubelet
        .hooks()
        .run(
            worker,
            running,
            hook,
            error -> {
              if (!error.isEmpty() && !over) {
                kubelet
                    .recorder()
                    .event(
                        worker.pod(),
                        record.fieldPath(),
                        "Warning",
                        "FailedPreStopHook",
                        "PreStopHook failed");
              }
              hookOver();
            });
  }

  private void begin(long seconds, Runnable atEnd) {
    stepBegunNanos = kubelet.simulation().now();
    timer = kubelet.simulation().after(seconds * SECOND, "kubelet/grace", worker.key(), atEnd);
  }

  /** Whole seconds that the step took. */
  private long endStep() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    return (kubelet.simulation().now() - stepBegunNanos) / SECOND;
  }

  private void hookOver() {
    if (hooking && !over) {
      hooking = false;
      grace -= endStep();
      queueUp();
    }
  }

  private boolean turnHasCome() {
    for (ContainerRecord other : before) {
      if (other.running()) {
        return false;
      }
    }
    return true;
  }

  private void queueUp() {
    if (over) {
      return;
    }
    if (grace > 0 && !turnHasCome()) {
      queueing = true;
      begin(grace, this::queueOver);
    } else {
      stop();
    }
  }

  private void queueOver() {
    if (queueing) {
      queueing = false;
      grace -= endStep();
      stop();
    }
  }

  private void stop() {
    Container running = container;
    if (running == null || !running.running()) {
      finish();
      return;
    }
    running.stop(Math.max(grace, GRACE_SECONDS_MIN) * SECOND);
  }

  /** The node is down: nothing is waited for any more. */
  void crash() {
    over = true;
    endStep();
  }

  /** A container of the pod exited, perhaps this one. */
  void exited(Container ended) {
    if (over) {
      return;
    }
    if (ended == container) {
      // A hook that runs elsewhere is waited for all the same.
      if (!hooking) {
        finish();
      }
    } else if (queueing && turnHasCome()) {
      queueOver();
    }
  }

  private void finish() {
    if (!over) {
      over = true;
      hooking = false;
      queueing = false;
      endStep();
      then.run();
    }
  }
}
