package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.container.Container;
import java.util.ArrayList;
import java.util.List;

/**
 * That no memory limit falls below what is in use.
 *
 * <p>Follows validateMemoryResizeAction of pkg/kubelet/kuberuntime/kuberuntime_manager.go (v1.36).
 */
final class ResizeCheck {

  private ResizeCheck() {}

  /** Why the containers cannot get what they have been given; empty when they can. */
  static String error(PodWorker worker, List<ContainerRecord> records) {
    long usage = 0;
    for (ContainerRecord record : worker.records()) {
      usage += usage(record);
    }
    List<String> errors = new ArrayList<>(0);
    KubeMap before = KubeMap.of("limits", PodResources.limits(actuated(worker)));
    KubeMap after = KubeMap.of("limits", PodResources.limits(worker.allocated()));
    if (limited(worker.allocated()) && decreases(before, after) && usage >= limit(after)) {
      errors.add(
          "attempting to set pod memory limit ("
              + limit(after)
              + ") below current usage ("
              + usage
              + ")");
    }
    for (ContainerRecord record : records) {
      KubeMap resources = record.spec().mapOrEmpty("resources");
      if (decreases(record.actuated(), resources) && usage(record) >= limit(resources)) {
        errors.add(
            "attempting to set container \""
                + record.name()
                + "\" memory limit ("
                + limit(resources)
                + ") below current usage ("
                + usage
                + ")");
      }
    }
    if (errors.isEmpty()) {
      return "";
    }
    String all = String.join(", ", errors);
    return "cannot decrease memory limits: " + (errors.size() == 1 ? all : "[" + all + "]");
  }

  /** The pod's spec with the resources that its containers run with. */
  private static KubeMap actuated(PodWorker worker) {
    KubeMap spec = worker.allocated();
    for (ContainerRecord record : worker.records()) {
      if (record.running()) {
        spec = ContainerSizes.with(spec, record, record.actuated());
      }
    }
    return spec;
  }

  /** Whether the pod as a whole has a memory limit: when each of its containers has one. */
  private static boolean limited(KubeMap spec) {
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      if (limit(container.mapOrEmpty("resources")) == 0) {
        return limit(spec.mapOrEmpty("resources")) > 0;
      }
    }
    return true;
  }

  private static boolean decreases(KubeMap before, KubeMap after) {
    long now = limit(before);
    long then = limit(after);
    return then != 0 && (now == 0 || then < now);
  }

  private static long limit(KubeMap resources) {
    return Quantity.of(resources.mapOrEmpty("limits").get("memory")).value();
  }

  private static long usage(ContainerRecord record) {
    Container running = record.current;
    return running == null || !running.running()
        ? 0
        : running.behavior().memoryBytes(running.ageNanos());
  }
}
