package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.kubelet.prober.ProbeResult;
import dev.wavetank.core.kubelet.prober.ProbeType;
import dev.wavetank.core.kubelet.prober.Worker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The probe workers of one pod, and what their results make of its containers.
 *
 * <p>Follows UpdatePodStatus of pkg/kubelet/prober/prober_manager.go (v1.36).
 */
final class PodProbes {

  private final ObservedPod pod;
  private @Nullable List<Worker> workers;

  PodProbes(ObservedPod pod) {
    this.pod = pod;
  }

  /** Starts the workers, unless they have been started. */
  void add() {
    if (workers == null) {
      // A worker that probes at once asks for the others.
      workers = new ArrayList<>(0);
      workers = pod.kubelet().proberManager().addPod(pod);
    }
  }

  /** The pod is to be probed anew when it is synced next. */
  void forget() {
    workers = null;
  }

  void ended(Worker worker) {
    List<Worker> list = workers;
    if (list != null) {
      List<Worker> left = new ArrayList<>(list);
      left.remove(worker);
      workers = left;
    }
  }

  private @Nullable Worker worker(ContainerRecord record, ProbeType type) {
    List<Worker> list = workers;
    if (list != null) {
      for (int i = 0; i < list.size(); i++) {
        Worker worker = list.get(i);
        if (worker.type() == type && worker.container().string("name", "").equals(record.name())) {
          return worker;
        }
      }
    }
    return null;
  }

  /** The last result of a probe of that container; null when it has no such probe. */
  @Nullable ProbeResult result(ContainerRecord record, ProbeType type, Container container) {
    Worker worker = worker(record, type);
    return worker == null ? null : worker.result(container.id());
  }

  /**
   * Whether the container counts as started.
   *
   * @param before what its status said before
   */
  boolean started(ContainerRecord record, boolean before) {
    Container seen = record.seen;
    if (seen == null || record.seenExited) {
      return false;
    }
    Worker startup = worker(record, ProbeType.STARTUP);
    ProbeResult result = startup == null ? null : startup.result(seen.id());
    return result == null ? before || startup == null : result == ProbeResult.SUCCESS;
  }

  /** Whether the container counts as ready. */
  boolean ready(ContainerRecord record, boolean started) {
    Container seen = record.seen;
    if (record.init() && !record.sidecar()) {
      return seen != null && record.seenExited && seen.exitCode() == 0;
    }
    if (!started || seen == null) {
      return false;
    }
    Worker readiness = worker(record, ProbeType.READINESS);
    return readiness == null || readiness.result(seen.id()) == ProbeResult.SUCCESS;
  }

  /** Whether a container has started and its readiness probe has not succeeded. */
  boolean unready() {
    for (ContainerRecord record : pod.records()) {
      if (unready(record) != null) {
        return true;
      }
    }
    return false;
  }

  /** Each new status asks the readiness probes of started containers that are not ready at once. */
  void triggerReadiness() {
    for (ContainerRecord record : pod.records()) {
      Worker readiness = unready(record);
      if (readiness != null) {
        readiness.trigger();
      }
    }
  }

  /** The readiness worker of a container that has started and is not ready; else null. */
  private @Nullable Worker unready(ContainerRecord record) {
    Worker readiness = worker(record, ProbeType.READINESS);
    Container seen = record.seen;
    KubeMap status = pod.status();
    if (readiness == null || seen == null || record.seenExited || status == null) {
      return null;
    }
    KubeMap reported =
        status
            .listOrEmpty(record.init() ? "initContainerStatuses" : "containerStatuses")
            .find("name", record.name());
    boolean started = reported != null && reported.bool("started", false);
    return started && readiness.result(seen.id()) != ProbeResult.SUCCESS ? readiness : null;
  }

  /** Answers of a container may have changed: what was computed ahead is computed again. */
  void wake() {
    List<Worker> list = workers;
    if (list != null) {
      for (int i = 0; i < list.size(); i++) {
        list.get(i).wake();
      }
    }
  }

  /** Stops the workers, readiness too when {@code all}. */
  void stop(boolean all) {
    List<Worker> list = workers;
    if (list != null) {
      for (Worker worker : new ArrayList<>(list)) {
        if (all || worker.type() != ProbeType.READINESS) {
          worker.stop();
        }
      }
    }
  }
}
