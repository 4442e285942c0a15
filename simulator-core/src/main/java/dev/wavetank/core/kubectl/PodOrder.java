package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of several pods a command takes.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/util/podutils/podutils.go (v1.36).
 */
final class PodOrder {

  private PodOrder() {}

  /** The pod whose log says most first: assigned, running, ready, and for the longest time. */
  static final Comparator<KubeObject> BY_LOG =
      Comparator.comparing((KubeObject pod) -> !assigned(pod))
          .thenComparing(PodOrder::phase)
          .thenComparing(pod -> !ready(pod))
          .thenComparing(PodOrder::readySince)
          .thenComparing(Comparator.comparing(PodOrder::restarts).reversed())
          .thenComparing(Comparator.comparing(PodOrder::sidecarRestarts).reversed())
          .thenComparing(PodOrder::created);

  /** The pod that a command runs in first: as by log, but those that are deleted come later. */
  static final Comparator<KubeObject> BY_ACTIVITY =
      Comparator.comparing((KubeObject pod) -> !assigned(pod))
          .thenComparing(PodOrder::phase)
          .thenComparing(pod -> !ready(pod))
          .thenComparing(KubeObject::terminating)
          .thenComparing(Comparator.comparing(PodOrder::deleted).reversed())
          .thenComparing(PodOrder::readySince)
          .thenComparing(PodOrder::restarts)
          .thenComparing(PodOrder::sidecarRestarts)
          .thenComparing(PodOrder::created);

  private static boolean assigned(KubeObject pod) {
    return !pod.spec().string("nodeName", "").isEmpty();
  }

  /** Running, unknown, pending; others count as running. */
  private static int phase(KubeObject pod) {
    return switch (pod.status().string("phase", "")) {
      case "Unknown" -> 1;
      case "Pending" -> 2;
      default -> 0;
    };
  }

  private static boolean ready(KubeObject pod) {
    return Conditions.isTrue(pod.status(), "Ready");
  }

  private static Instant readySince(KubeObject pod) {
    KubeMap condition = Conditions.find(pod.status(), "Ready");
    return condition != null && ready(pod)
        ? time(condition.get("lastTransitionTime"))
        : Instant.MAX;
  }

  private static Instant created(KubeObject pod) {
    return time(pod.creationTimestamp());
  }

  private static Instant deleted(KubeObject pod) {
    return time(pod.deletionTimestamp());
  }

  private static Instant time(@Nullable Object text) {
    Instant time = Timestamps.parse(text);
    return time == null ? Instant.MAX : time;
  }

  private static long restarts(KubeObject pod) {
    long most = 0;
    for (KubeMap status : pod.status().listOrEmpty("containerStatuses").maps()) {
      most = Math.max(most, status.number("restartCount", 0));
    }
    return most;
  }

  private static long sidecarRestarts(KubeObject pod) {
    List<String> sidecars = new ArrayList<>();
    for (KubeMap container : pod.spec().listOrEmpty("initContainers").maps()) {
      if ("Always".equals(container.get("restartPolicy"))) {
        sidecars.add(container.string("name", ""));
      }
    }
    long most = 0;
    for (KubeMap status : pod.status().listOrEmpty("initContainerStatuses").maps()) {
      if (sidecars.contains(status.string("name", ""))) {
        most = Math.max(most, status.number("restartCount", 0));
      }
    }
    return most;
  }
}
