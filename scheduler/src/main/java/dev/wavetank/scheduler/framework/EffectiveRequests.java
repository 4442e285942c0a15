package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;

/**
 * What a pod's containers count with while they are resized: the most of what they ask for, have
 * been given and run with; not what they ask for when their node can never give it.
 *
 * <p>Follows determineEffectiveRequests of staging/src/k8s.io/component-helpers/resource/helpers.go
 * (v1.36).
 */
public final class EffectiveRequests {

  private EffectiveRequests() {}

  /** The pod's spec with these requests; the spec itself, mostly. */
  public static KubeMap spec(KubeObject pod) {
    KubeMap spec = pod.spec();
    KubeMap status = pod.status();
    if (!status.has("containerStatuses") && !status.has("initContainerStatuses")) {
      return spec;
    }
    KubeMap made = containers(spec, status, "containers", "containerStatuses");
    made = containers(made, status, "initContainers", "initContainerStatuses");
    return ofPod(made, status);
  }

  /** Whether what the pod counts with may differ between two versions of it. */
  public static boolean differ(KubeObject before, KubeObject after) {
    return before.spec() != after.spec()
        || (before.status() != after.status() && !spec(before).equals(spec(after)));
  }

  private static boolean infeasible(KubeMap status) {
    KubeMap pending = status.listOrEmpty("conditions").find("type", "PodResizePending");
    return pending != null && "Infeasible".equals(pending.get("reason"));
  }

  private static KubeMap containers(KubeMap spec, KubeMap status, String list, String statuses) {
    KubeList containers = spec.listOrEmpty(list);
    KubeList made = containers;
    for (int i = 0; i < containers.size(); i++) {
      KubeMap container = containers.map(i);
      KubeMap found = status.listOrEmpty(statuses).find("name", container.string("name", ""));
      boolean resizable =
          list.equals("containers") || "Always".equals(container.get("restartPolicy"));
      if (resizable && found != null && found.has("resources")) {
        KubeMap own = container.mapOrEmpty("resources").mapOrEmpty("requests");
        KubeMap most =
            most(
                own,
                found.mapOrEmpty("resources").mapOrEmpty("requests"),
                found.mapOrEmpty("allocatedResources"),
                status);
        if (most != own) {
          KubeMap resources = container.mapOrEmpty("resources").with("requests", most);
          made = made.with(i, container.with("resources", resources));
        }
      }
    }
    return made == containers ? spec : spec.with(list, made);
  }

  private static KubeMap ofPod(KubeMap spec, KubeMap status) {
    KubeMap own = spec.mapOrEmpty("resources").mapOrEmpty("requests");
    KubeMap actual = status.mapOrEmpty("resources").mapOrEmpty("requests");
    if (own.isEmpty() || actual.isEmpty()) {
      return spec;
    }
    KubeMap most = most(own, actual, status.mapOrEmpty("allocatedResources"), status);
    KubeMap named = own;
    for (String name : own.keys()) {
      named = named.with(name, most.get(name));
    }
    return named.equals(own)
        ? spec
        : spec.with("resources", spec.mapOrEmpty("resources").with("requests", named));
  }

  /** The first one itself, where no other one has more. */
  private static KubeMap most(KubeMap asked, KubeMap actual, KubeMap allocated, KubeMap status) {
    if (asked == actual && asked == allocated) {
      return asked;
    }
    boolean infeasible = infeasible(status);
    KubeMap most = larger(infeasible ? actual : asked, infeasible ? allocated : actual);
    most = infeasible ? most : larger(most, allocated);
    return most.equals(asked) ? asked : most;
  }

  private static KubeMap larger(KubeMap one, KubeMap other) {
    if (one == other) {
      return one;
    }
    KubeMap larger = one;
    for (int i = 0; i < other.size(); i++) {
      String name = other.keyAt(i);
      Object amount = other.valueAt(i);
      if (!one.has(name) || Quantity.of(amount).cmp(Quantity.of(one.get(name))) > 0) {
        larger = larger.with(name, amount);
      }
    }
    return larger;
  }
}
