package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a node has room for what running pods ask to become. What does not fit waits, and
 * is tried again whenever a pod of the node is resized, shrinks or ends; upstream's look every
 * three minutes would find nothing more.
 *
 * <p>Follows pkg/kubelet/allocation/allocation_manager.go and pkg/kubelet/events/resize.go (v1.36).
 */
final class AllocationManager {

  private final Kubelet kubelet;
  private final List<PodWorker> pending = new ArrayList<>(0);
  private boolean retrying;
  private boolean again;

  AllocationManager(Kubelet kubelet) {
    this.kubelet = kubelet;
  }

  /** The API's version of a pod asks for other resources than before. */
  void resized(PodWorker worker) {
    if (!worker.asksForOther()) {
      worker.resize().clearPending();
      pending.remove(worker);
      return;
    }
    if (!pending.contains(worker)) {
      pending.add(worker);
      pending.sort(this::order);
    }
    retryPendingResizes();
  }

  /** A pod has ended, which others may wait for. */
  void removed(PodWorker worker) {
    pending.remove(worker);
    retryPendingResizes();
  }

  /** Resizes that ask for no more come first, then by priority, class and time. */
  private int order(PodWorker one, PodWorker other) {
    boolean first = increases(one);
    boolean second = increases(other);
    if (first != second) {
      return first ? 1 : -1;
    }
    long priority = one.pod().spec().number("priority", 0);
    long others = other.pod().spec().number("priority", 0);
    if (priority != others) {
      return Long.compare(others, priority);
    }
    return Boolean.compare(guaranteed(other), guaranteed(one));
  }

  private static boolean guaranteed(PodWorker worker) {
    return worker.pod().status().string("qosClass", "").equals("Guaranteed");
  }

  private static boolean increases(PodWorker worker) {
    KubeMap old = KubeMap.of("requests", PodResources.requests(worker.allocated()));
    KubeMap asked = KubeMap.of("requests", PodResources.requests(worker.pod().spec()));
    for (String resource : ContainerSizes.RESOURCES) {
      if (ContainerSizes.amount(asked, "requests", resource)
              .cmp(ContainerSizes.amount(old, "requests", resource))
          > 0) {
        return true;
      }
    }
    return false;
  }

  /** Tries all that wait, in order. */
  void retryPendingResizes() {
    if (retrying) {
      again = true;
      return;
    }
    retrying = true;
    do {
      again = false;
      for (PodWorker worker : new ArrayList<>(pending)) {
        retry(worker);
      }
    } while (again && !pending.isEmpty());
    retrying = false;
  }

  private void retry(PodWorker worker) {
    if (!pending.contains(worker)) {
      return;
    }
    boolean news = handle(worker);
    if (!worker.resize().deferred()) {
      pending.remove(worker);
    }
    if (news) {
      worker.sync();
    }
  }

  /** Allocates what a pod asks for, if there is room; true when its status changes by that. */
  private boolean handle(PodWorker worker) {
    ResizeConditions said = worker.resize();
    KubeObject pod = worker.pod();
    if (!worker.asksForOther()) {
      return said.clearPending();
    }
    PodAdmission.Refusal refusal = kubelet.refusalOfResize(worker);
    if (refusal == null) {
      worker.allocate();
      said.clearPending();
      said.clearInProgress();
      said.inProgress("", "", pod.generation(), kubelet.timestamp());
      event(worker, pod.spec(), "ResizeStarted", "Pod resize started", pod.generation(), "");
      return true;
    }
    if (!said.pending(refusal.reason(), refusal.message(), pod.generation(), kubelet.timestamp())) {
      return false;
    }
    event(
        worker,
        pod.spec(),
        said.infeasible() ? "ResizeInfeasible" : "ResizeDeferred",
        "Pod resize " + refusal.reason(),
        pod.generation(),
        refusal.message());
    return true;
  }

  /** A sync begins: says whether a resize is under way, and when one is over. */
  void syncing(PodWorker worker) {
    if (worker.resizeInProgress()) {
      worker.resize().inProgress("", "", worker.pod().generation(), kubelet.timestamp());
      return;
    }
    long generation = worker.resizeSaid() ? worker.resize().clearInProgress() : -1;
    if (generation >= 0) {
      event(worker, worker.allocated(), "ResizeCompleted", "Pod resize completed", generation, "");
      kubelet.recount(worker);
      retryPendingResizes();
    }
  }

  /** The runtime could not do what was allocated. */
  void failed(PodWorker worker, String message) {
    ResizeConditions said = worker.resize();
    if (said.inProgress("Error", message, worker.pod().generation(), kubelet.timestamp())) {
      event(
          worker,
          worker.allocated(),
          "ResizeError",
          "Pod resize error",
          said.generationInProgress(),
          message);
    }
  }

  /**
   * Tells what becomes of a resize.
   *
   * @param spec with the resources that it is about
   * @param error empty for none, when all is well
   */
  private void event(
      PodWorker worker, KubeMap spec, String reason, String prefix, long generation, String error) {
    KubeMap summary =
        KubeMap.of(
            "initContainers",
            summary(spec.listOrEmpty("initContainers")),
            "containers",
            summary(spec.listOrEmpty("containers")),
            "generation",
            generation,
            "error",
            error.isEmpty() ? null : error);
    kubelet
        .recorder()
        .event(
            worker.pod(),
            "",
            error.isEmpty() ? "Normal" : "Warning",
            reason,
            prefix + ": " + GoText.jsonOfStruct(summary));
  }

  private static @Nullable KubeList summary(KubeList containers) {
    KubeList summary = KubeList.EMPTY;
    for (KubeMap container : containers.maps()) {
      KubeMap resources = container.mapOrEmpty("resources");
      summary =
          summary.plus(
              KubeMap.of(
                  "name",
                  container.get("name"),
                  "resources",
                  KubeMap.of(
                      "limits", sorted(resources, "limits"),
                      "requests", sorted(resources, "requests"))));
    }
    return summary.isEmpty() ? null : summary;
  }

  /** As Go writes maps. */
  private static @Nullable KubeMap sorted(KubeMap resources, String part) {
    KubeMap amounts = resources.map(part);
    return amounts == null ? null : (KubeMap) Names.sorted(amounts);
  }
}
