package dev.wavetank.core.apiserver.printers;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.Conditions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's containers come to: how many are ready, how often they were restarted, and the word
 * that tells the pod's state.
 *
 * <p>Follows printPod of pkg/printers/internalversion/printers.go (v1.36).
 */
final class PodSummary {

  /** Restarts of some containers, and when the last of them ended. */
  private static final class Restarts {
    long count;
    @Nullable Instant last;

    void add(KubeMap status) {
      count += status.number("restartCount", 0);
      KubeMap terminated = status.mapOrEmpty("lastState").map("terminated");
      Instant finished = terminated == null ? null : Timestamps.parse(terminated.get("finishedAt"));
      if (finished != null && (last == null || last.isBefore(finished))) {
        last = finished;
      }
    }
  }

  private final KubeMap spec;
  private final KubeMap status;
  private long total;
  private long ready;
  private Restarts restarts = new Restarts();
  private String reason;

  PodSummary(KubeObject pod) {
    spec = pod.spec();
    status = pod.status();
    String phase = status.string("phase", "");
    reason = status.string("reason", "").isEmpty() ? phase : status.string("reason", "");
    KubeMap scheduled = Conditions.find(status, "PodScheduled");
    if (scheduled != null && "SchedulingGated".equals(scheduled.get("reason"))) {
      reason = "SchedulingGated";
    }
    total = spec.listOrEmpty("containers").size();
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      total += restartable(container) ? 1 : 0;
    }
    Restarts sidecars = new Restarts();
    boolean initializing = initContainers(sidecars);
    if (!initializing || conditionTrue("Initialized")) {
      restarts = sidecars;
      containers();
    }
    if (pod.terminating()) {
      if ("NodeLost".equals(status.get("reason"))) {
        reason = "Unknown";
      } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
        reason = "Terminating";
      }
    }
  }

  long total() {
    return total;
  }

  long ready() {
    return ready;
  }

  long restarts() {
    return restarts.count;
  }

  /** When the container that was restarted last had ended; null when that is not known. */
  @Nullable Instant lastRestart() {
    return restarts.last;
  }

  /** {@code Running}, {@code CrashLoopBackOff}, {@code Init:0/1} and the like. */
  String reason() {
    return reason;
  }

  /** Whether initialization goes on. */
  private boolean initContainers(Restarts sidecars) {
    KubeList specs = spec.listOrEmpty("initContainers");
    int index = 0;
    for (KubeMap container : status.listOrEmpty("initContainerStatuses").maps()) {
      KubeMap found = specs.find("name", container.string("name", ""));
      boolean sidecar = found != null && restartable(found);
      restarts.add(container);
      if (sidecar) {
        sidecars.add(container);
      }
      KubeMap state = container.mapOrEmpty("state");
      KubeMap terminated = state.map("terminated");
      boolean succeeded = terminated != null && terminated.number("exitCode", 0) == 0;
      boolean running = sidecar && container.bool("started", false);
      if (!succeeded && !running) {
        reason = "Init:" + initReason(state, index, specs.size());
        return true;
      }
      if (!succeeded && container.bool("ready", false)) {
        ready++;
      }
      index++;
    }
    return false;
  }

  private static String initReason(KubeMap state, int index, int total) {
    KubeMap terminated = state.map("terminated");
    if (terminated != null) {
      return exitReason(terminated);
    }
    String waiting = state.mapOrEmpty("waiting").string("reason", "");
    return waiting.isEmpty() || waiting.equals("PodInitializing") ? index + "/" + total : waiting;
  }

  private void containers() {
    KubeList statuses = status.listOrEmpty("containerStatuses");
    boolean running = false;
    String error = "";
    for (int i = statuses.size() - 1; i >= 0; i--) {
      KubeMap container = statuses.map(i);
      restarts.add(container);
      KubeMap state = container.mapOrEmpty("state");
      KubeMap terminated = state.map("terminated");
      String waiting = state.mapOrEmpty("waiting").string("reason", "");
      if (!waiting.isEmpty()) {
        reason = waiting;
      } else if (terminated != null) {
        reason = exitReason(terminated);
        error = terminated.number("exitCode", 0) == 0 ? error : reason;
      } else if (container.bool("ready", false) && state.has("running")) {
        running = true;
        ready++;
      }
    }
    if (!reason.equals("Completed")) {
      return;
    }
    if (running && conditionTrue("Ready")) {
      reason = "Running";
    } else if (!error.isEmpty()) {
      reason = error;
    } else if (running) {
      reason = "NotReady";
    }
  }

  private static String exitReason(KubeMap terminated) {
    String reason = terminated.string("reason", "");
    if (!reason.isEmpty()) {
      return reason;
    }
    long signal = terminated.number("signal", 0);
    return signal != 0 ? "Signal:" + signal : "ExitCode:" + terminated.number("exitCode", 0);
  }

  private boolean conditionTrue(String type) {
    KubeMap condition = Conditions.find(status, type);
    return condition != null && "True".equals(condition.get("status"));
  }

  private static boolean restartable(KubeMap container) {
    return "Always".equals(container.get("restartPolicy"));
  }
}
