package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The pods that an object stands for: itself, or those that it selects.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/polymorphichelpers/helpers.go (v1.36).
 */
final class PodFinder {

  private PodFinder() {}

  /**
   * The flag of how long is waited for a pod.
   *
   * @param initial as Go reads it
   */
  static void addTimeoutFlag(FlagSet flags, String initial) {
    flags.duration("pod-running-timeout", initial, "How long to wait for a pod to run");
  }

  static long timeoutNanos(Invocation call) {
    long timeout = call.flags().nanos("pod-running-timeout");
    if (timeout <= 0) {
      throw CommandException.of("--pod-running-timeout must be higher than zero");
    }
    return timeout;
  }

  /**
   * The pods of an object, waiting for one as long as there is none.
   *
   * @param purpose what an error says was tried, such as {@code attach to}
   */
  static List<KubeObject> pods(
      Invocation call, ResourceInfo info, Comparator<KubeObject> order, String purpose) {
    KubeObject object = info.required();
    if (info.type().equals(ResourceType.PODS)) {
      return List.of(object);
    }
    LabelSelector selector = selector(info, purpose);
    List<KubeObject> pods = new ArrayList<>();
    boolean found =
        call.waitFor(
            () -> {
              pods.clear();
              pods.addAll(
                  call.server().head().list(ResourceType.PODS, object.namespace(), selector));
              return !pods.isEmpty();
            },
            timeoutNanos(call));
    if (!found) {
      throw CommandException.of(Waiting.TIMED_OUT);
    }
    pods.sort(Comparator.comparing(KubeObject::name));
    pods.sort(order);
    return pods;
  }

  private static LabelSelector selector(ResourceInfo info, String purpose) {
    KubeMap spec = info.required().spec();
    if (info.type().equals(ResourceType.DEPLOYMENTS)
        || info.type().equals(ResourceType.REPLICA_SETS)) {
      return LabelSelector.of(spec.map("selector"));
    }
    String type = "*v1." + info.type().kind();
    if (!info.type().equals(ResourceType.SERVICES)) {
      throw CommandException.of(
          "cannot " + purpose + " " + type + ": selector for " + type + " not implemented");
    }
    KubeMap labels = spec.mapOrEmpty("selector");
    if (labels.isEmpty()) {
      throw CommandException.of(
          "cannot "
              + purpose
              + " "
              + type
              + ": invalid service '"
              + info.name()
              + "': Service is defined without a selector");
    }
    return LabelSelector.ofLabels(labels);
  }
}
