package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.kubelet.prober.ProbeResult;
import dev.wavetank.core.kubelet.prober.ProbeType;
import dev.wavetank.core.kubelet.prober.Worker;
import org.jspecify.annotations.Nullable;

/**
 * The probe workers of a pod's containers, and what their results make of the containers.
 *
 * <p>Follows UpdatePodStatus of pkg/kubelet/prober/prober_manager.go (v1.36).
 */
final class PodProbes {

  private static final ProbeType[] TYPES = ProbeType.values();

  private PodProbes() {}

  /** Starts the workers of a pod. */
  static void add(ObservedPod pod) {
    pod.kubelet()
        .proberManager()
        .addPod(
            pod,
            worker -> {
              String name = worker.probe().container().string("name", "");
              for (ContainerRecord record : pod.records()) {
                if (record.name().equals(name)) {
                  record.worker(worker.type(), worker);
                }
              }
            });
  }

  /** The worker has ended: it has no result any more. */
  static void ended(ObservedPod pod, Worker worker) {
    for (ContainerRecord record : pod.records()) {
      if (record.worker(worker.type()) == worker) {
        record.worker(worker.type(), null);
      }
    }
  }

  /** The last result of a probe of that container; null when there is none. */
  static @Nullable ProbeResult result(ContainerRecord record, ProbeType type, Container container) {
    Worker worker = record.worker(type);
    return worker == null ? null : worker.result(container.id());
  }

  /**
   * Whether the container counts as started.
   *
   * @param before what its status said before
   */
  static boolean started(ContainerRecord record, boolean before) {
    Container seen = record.seen;
    if (seen == null || record.seenExited) {
      return false;
    }
    Worker startup = record.worker(ProbeType.STARTUP);
    ProbeResult result = startup == null ? null : startup.result(seen.id());
    return result == null ? before || startup == null : result == ProbeResult.SUCCESS;
  }

  /** Whether the container counts as ready. */
  static boolean ready(ContainerRecord record, boolean started) {
    Container seen = record.seen;
    if (record.init() && !record.sidecar()) {
      return seen != null && record.seenExited && seen.exitCode() == 0;
    }
    if (!started || seen == null) {
      return false;
    }
    Worker readiness = record.worker(ProbeType.READINESS);
    return readiness == null || readiness.result(seen.id()) == ProbeResult.SUCCESS;
  }

  /** Whether a container has started and its readiness probe has not succeeded. */
  static boolean unready(ObservedPod pod) {
    for (ContainerRecord record : pod.records()) {
      if (unready(pod, record) != null) {
        return true;
      }
    }
    return false;
  }

  /** Each new status asks the readiness probes of started containers that are not ready at once. */
  static void triggerReadiness(ObservedPod pod) {
    for (ContainerRecord record : pod.records()) {
      Worker readiness = unready(pod, record);
      if (readiness != null) {
        readiness.trigger();
      }
    }
  }

  /** The readiness worker of a container that has started and is not ready; else null. */
  private static @Nullable Worker unready(ObservedPod pod, ContainerRecord record) {
    Worker readiness = record.worker(ProbeType.READINESS);
    Container seen = record.seen;
    KubeMap status = pod.status();
    if (readiness == null
        || seen == null
        || record.seenExited
        || status == null
        || readiness.result(seen.id()) == ProbeResult.SUCCESS) {
      return null;
    }
    KubeMap reported =
        status
            .listOrEmpty(record.init() ? "initContainerStatuses" : "containerStatuses")
            .find("name", record.name());
    return reported != null && reported.bool("started", false) ? readiness : null;
  }

  /** Answers of a container may have changed: what was computed ahead is computed again. */
  static void wake(ObservedPod pod) {
    for (ContainerRecord record : pod.records()) {
      for (ProbeType type : TYPES) {
        Worker worker = record.worker(type);
        if (worker != null) {
          worker.wake();
        }
      }
    }
  }

  /** Stops the workers, readiness too when {@code all}. */
  static void stop(ObservedPod pod, boolean all) {
    for (ContainerRecord record : pod.records()) {
      for (ProbeType type : TYPES) {
        Worker worker = record.worker(type);
        if (worker != null && (all || type != ProbeType.READINESS)) {
          worker.stop();
        }
      }
    }
  }
}
