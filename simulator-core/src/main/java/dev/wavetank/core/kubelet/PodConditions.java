package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a pod that its kubelet sets, each without its time.
 *
 * <p>Follows pkg/kubelet/status/generate.go (v1.36).
 */
public final class PodConditions {

  private PodConditions() {}

  private static PodCondition unknown(String type) {
    return new PodCondition(type, false, "UnknownContainerStatuses", "");
  }

  /** The condition {@code ContainersReady}. */
  public static PodCondition containersReady(KubeMap spec, KubeMap status, String phase) {
    String type = "ContainersReady";
    if (noStatuses(status)) {
      return unknown(type);
    }
    List<String> unknown = null;
    List<String> unready = null;
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      if (PodPhase.isSidecar(container)) {
        KubeMap seen = find(status, container);
        if (seen == null) {
          unknown = add(unknown, container);
        } else if (!seen.bool("ready", false)) {
          unready = add(unready, container);
        }
      }
    }
    KubeList containers = spec.listOrEmpty("containers");
    for (int i = 0; i < containers.size(); i++) {
      KubeMap container = containers.map(i);
      KubeMap seen = find(status, container);
      if (seen == null) {
        unknown = add(unknown, container);
      } else if (!seen.bool("ready", false)) {
        unready = add(unready, container);
      }
    }
    if (phase.equals(PodPhase.SUCCEEDED) && unknown == null) {
      return new PodCondition(type, false, "PodCompleted", "");
    }
    if (phase.equals(PodPhase.FAILED)) {
      return new PodCondition(type, false, "PodFailed", "");
    }
    String message = message(unknown, "unready", unready);
    return message.isEmpty()
        ? PodCondition.holding(type)
        : new PodCondition(type, false, "ContainersNotReady", message);
  }

  /**
   * The condition {@code Ready}.
   *
   * @param conditions those that others set, for readiness gates
   */
  public static PodCondition ready(
      KubeMap spec, KubeMap status, KubeList conditions, String phase) {
    PodCondition containersReady = containersReady(spec, status, phase).as("Ready");
    KubeList gates = spec.listOrEmpty("readinessGates");
    if (gates.isEmpty() || !containersReady.holds()) {
      return containersReady;
    }
    List<String> messages = new ArrayList<>();
    for (KubeMap gate : gates.maps()) {
      String type = gate.string("conditionType", "");
      KubeMap set = conditions.find("type", type);
      if (set == null) {
        messages.add(
            "corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
      } else if (!"True".equals(set.get("status"))) {
        messages.add(
            "the status of pod readiness gate \""
                + type
                + "\" is not \"True\", but "
                + set.string("status", ""));
      }
    }
    return messages.isEmpty()
        ? containersReady
        : new PodCondition("Ready", false, "ReadinessGatesNotReady", String.join(", ", messages));
  }

  /** The condition {@code Initialized}. */
  public static PodCondition initialized(KubeMap spec, KubeMap status, String phase) {
    KubeList initContainers = spec.listOrEmpty("initContainers");
    String type = "Initialized";
    if (noStatuses(status) && !initContainers.isEmpty()) {
      return unknown(type);
    }
    List<String> unknown = null;
    List<String> incomplete = null;
    for (KubeMap container : initContainers.maps()) {
      KubeMap seen = find(status, container);
      if (seen == null) {
        unknown = add(unknown, container);
      } else if (!seen.bool(PodPhase.isSidecar(container) ? "started" : "ready", false)) {
        incomplete = add(incomplete, container);
      }
    }
    if (phase.equals(PodPhase.SUCCEEDED) && unknown == null) {
      return new PodCondition(type, true, "PodCompleted", "");
    }
    if ((unknown == null && incomplete == null) || anyRegularStarted(spec, status)) {
      return PodCondition.holding(type);
    }
    KubeMap before = status.listOrEmpty("conditions").find("type", type);
    if (before != null && "True".equals(before.get("status"))) {
      return PodCondition.holding(type);
    }
    return new PodCondition(
        type, false, "ContainersNotInitialized", message(unknown, "incomplete", incomplete));
  }

  /** The condition {@code PodReadyToStartContainers}. */
  public static PodCondition readyToStartContainers(boolean sandboxReady) {
    return new PodCondition("PodReadyToStartContainers", sandboxReady, "", "");
  }

  /** The condition {@code PodScheduled} of a pod that is on a node. */
  public static PodCondition scheduled() {
    return PodCondition.holding("PodScheduled");
  }

  /** {@code Ready} or {@code ContainersReady} of a pod in a phase that no pod leaves. */
  public static PodCondition ofTerminalPhase(String type, String phase) {
    return new PodCondition(
        type, false, phase.equals(PodPhase.FAILED) ? "PodFailed" : "PodCompleted", "");
  }

  /** Whether a condition of that type is the kubelet's to set. */
  public static boolean byKubelet(String type) {
    return switch (type) {
      case "PodScheduled",
          "Ready",
          "Initialized",
          "ContainersReady",
          "PodReadyToStartContainers",
          "AllContainersRestarting",
          "PodResizeInProgress",
          "PodResizePending" ->
          true;
      default -> false;
    };
  }

  private static boolean noStatuses(KubeMap status) {
    return !status.has("containerStatuses") && !status.has("initContainerStatuses");
  }

  private static boolean anyRegularStarted(KubeMap spec, KubeMap status) {
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      KubeMap seen =
          status.listOrEmpty("containerStatuses").find("name", container.string("name", ""));
      if (seen != null
          && (seen.mapOrEmpty("state").has("running")
              || seen.mapOrEmpty("state").has("terminated"))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable KubeMap find(KubeMap status, KubeMap container) {
    String name = container.string("name", "");
    KubeMap found = status.listOrEmpty("initContainerStatuses").find("name", name);
    return found != null ? found : status.listOrEmpty("containerStatuses").find("name", name);
  }

  private static List<String> add(@Nullable List<String> names, KubeMap container) {
    List<String> list = names == null ? new ArrayList<>(2) : names;
    list.add(container.string("name", ""));
    return list;
  }

  private static String message(
      @Nullable List<String> unknown, String word, @Nullable List<String> others) {
    String first = unknown == null ? "" : "containers with unknown status: " + names(unknown);
    String second = others == null ? "" : "containers with " + word + " status: " + names(others);
    return first.isEmpty() || second.isEmpty() ? first + second : first + ", " + second;
  }

  private static String names(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }
}
