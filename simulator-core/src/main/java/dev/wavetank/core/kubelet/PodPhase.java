package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.kubelet.prober.RestartRules;

/**
 * The phase of a pod from the statuses of its containers.
 *
 * <p>Follows getPhase of pkg/kubelet/kubelet_pods.go (v1.36).
 */
public final class PodPhase {

  public static final String PENDING = "Pending";
  public static final String RUNNING = "Running";
  public static final String SUCCEEDED = "Succeeded";
  public static final String FAILED = "Failed";

  private static final String RESTARTING_ALL = "RestartingAllContainers";

  private final KubeMap spec;
  private final KubeMap status;

  private int pendingInit;
  private int pendingSidecars;
  private int failedForGood;
  private int unknown;
  private int running;
  private int waiting;
  private int stopped;
  private int stoppedForGood;
  private int succeeded;

  private PodPhase(KubeMap spec, KubeMap status) {
    this.spec = spec;
    this.status = status;
  }

  /**
   * The phase.
   *
   * @param status has {@code containerStatuses} and {@code initContainerStatuses}
   * @param terminal whether the pod's containers will not be restarted whatever the policy says
   * @param initialized whether a regular container of the present sandbox has been created
   */
  public static String of(KubeMap spec, KubeMap status, boolean terminal, boolean initialized) {
    PodPhase count = new PodPhase(spec, status);
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      if (isSidecar(container)) {
        count.sidecar(container);
      } else {
        count.init(container);
      }
    }
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      count.regular(container);
    }
    return count.decide(terminal, initialized);
  }

  /** Whether the phase is one that no pod leaves. */
  public static boolean terminal(String phase) {
    return phase.equals(SUCCEEDED) || phase.equals(FAILED);
  }

  static boolean isSidecar(KubeMap initContainer) {
    return initContainer.string("restartPolicy", "").equals("Always");
  }

  private @org.jspecify.annotations.Nullable KubeMap find(KubeMap container) {
    String name = container.string("name", "");
    KubeMap found = status.listOrEmpty("containerStatuses").find("name", name);
    return found != null ? found : status.listOrEmpty("initContainerStatuses").find("name", name);
  }

  private boolean restartable(KubeMap container, KubeMap terminated) {
    return RestartRules.shouldRestart(container, spec, terminated.number("exitCode", 0))
        || terminated.string("reason", "").equals(RESTARTING_ALL);
  }

  private void init(KubeMap container) {
    KubeMap seen = find(container);
    KubeMap state = seen == null ? KubeMap.EMPTY : seen.mapOrEmpty("state");
    KubeMap ended = null;
    if (state.has("terminated")) {
      ended = state.mapOrEmpty("terminated");
    } else if (state.has("waiting") && !state.has("running") && seen != null) {
      ended = seen.mapOrEmpty("lastState").map("terminated");
    }
    if (ended == null || state.has("running")) {
      pendingInit++;
    } else if (ended.number("exitCode", 0) != 0 && !restartable(container, ended)) {
      failedForGood++;
    }
  }

  private void sidecar(KubeMap container) {
    KubeMap seen = find(container);
    if (seen == null) {
      unknown++;
      return;
    }
    KubeMap state = seen.mapOrEmpty("state");
    if (state.has("running")) {
      if (!seen.bool("started", false)) {
        pendingSidecars++;
      }
      running++;
    } else if (state.has("waiting") && !state.has("terminated")) {
      if (!seen.mapOrEmpty("lastState").has("terminated")) {
        pendingSidecars++;
        waiting++;
      }
    } else if (!state.has("terminated")) {
      pendingSidecars++;
      unknown++;
    }
  }

  private void regular(KubeMap container) {
    KubeMap seen = find(container);
    if (seen == null) {
      unknown++;
      return;
    }
    KubeMap state = seen.mapOrEmpty("state");
    KubeMap last = seen.mapOrEmpty("lastState").map("terminated");
    if (state.has("running")) {
      running++;
    } else if (state.has("terminated")) {
      KubeMap terminated = state.mapOrEmpty("terminated");
      stopped++;
      if (!restartable(container, terminated)) {
        stoppedForGood++;
      }
      if (terminated.number("exitCode", 0) == 0) {
        succeeded++;
      }
    } else if (state.has("waiting")) {
      if (last == null) {
        waiting++;
        return;
      }
      stopped++;
      if (!restartable(container, last)) {
        stoppedForGood++;
      }
    } else {
      unknown++;
    }
  }

  private String decide(boolean terminal, boolean initialized) {
    if (failedForGood > 0) {
      return FAILED;
    }
    if (pendingInit > 0 || (pendingSidecars > 0 && !initialized) || waiting > 0) {
      return PENDING;
    }
    if (running > 0 && unknown == 0) {
      return RUNNING;
    }
    if (running == 0 && stopped > 0 && unknown == 0) {
      if (!terminal && stopped != stoppedForGood) {
        return RUNNING;
      }
      return stopped == succeeded ? SUCCEEDED : FAILED;
    }
    return PENDING;
  }
}
