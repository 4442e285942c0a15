package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;

/**
 * The last status of a pod: a container that nobody has seen end counts as failed, and the phase is
 * one that no pod leaves.
 *
 * <p>Follows TerminatePod of pkg/kubelet/status/status_manager.go (v1.36).
 */
final class TerminalStatus {

  private static final KubeMap LOST =
      KubeMap.of(
          "terminated",
          KubeMap.of(
              "exitCode",
              137L,
              "message",
              "The container could not be located when the pod was terminated",
              "reason",
              "ContainerStatusUnknown"));

  private TerminalStatus() {}

  /** The status that ends a pod whose containers do not run any more. */
  static KubeMap of(KubeMap spec, KubeMap status) {
    KubeMap last = status;
    KubeList statuses = last.listOrEmpty("containerStatuses");
    if (initialized(spec, status)) {
      last = last.with("containerStatuses", lost(statuses, statuses.size()));
    }
    KubeList inits = last.listOrEmpty("initContainerStatuses");
    if (!inits.isEmpty()) {
      last = last.with("initContainerStatuses", lost(inits, begun(inits)));
    }
    return PodPhase.terminal(last.string("phase", "")) ? last : last.with("phase", PodPhase.FAILED);
  }

  private static KubeList lost(KubeList statuses, int count) {
    KubeList changed = statuses;
    for (int i = 0; i < count; i++) {
      if (!statuses.map(i).mapOrEmpty("state").has("terminated")) {
        changed = changed.with(i, statuses.map(i).with("state", LOST));
      }
    }
    return changed;
  }

  /** Whether a regular container was ever to be started. */
  private static boolean initialized(KubeMap spec, KubeMap status) {
    KubeList containers = spec.listOrEmpty("initContainers");
    if (containers.isEmpty()) {
      return true;
    }
    for (KubeMap container : status.listOrEmpty("containerStatuses").maps()) {
      if (moved(container)) {
        return true;
      }
    }
    KubeList inits = status.listOrEmpty("initContainerStatuses");
    if (inits.isEmpty()) {
      return false;
    }
    KubeMap last = inits.map(inits.size() - 1);
    if (PodPhase.isSidecar(containers.map(inits.size() - 1))) {
      return last.mapOrEmpty("state").has("running") && last.bool("started", false);
    }
    return succeeded(last.mapOrEmpty("lastState")) || succeeded(last.mapOrEmpty("state"));
  }

  private static boolean succeeded(KubeMap state) {
    KubeMap terminated = state.map("terminated");
    return terminated != null && terminated.number("exitCode", 0) == 0;
  }

  private static boolean moved(KubeMap container) {
    return container.mapOrEmpty("lastState").has("terminated")
        || !container.mapOrEmpty("state").has("waiting");
  }

  /** How many init containers were tried to start, at least one. */
  private static int begun(KubeList inits) {
    for (int i = inits.size() - 1; i >= 0; i--) {
      if (moved(inits.map(i))) {
        return i + 1;
      }
    }
    return 1;
  }
}
