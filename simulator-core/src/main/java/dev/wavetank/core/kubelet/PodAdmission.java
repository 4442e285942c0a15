package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet asks of a pod before it takes it: that it fits, whatever the scheduler thought.
 *
 * <p>Follows pkg/kubelet/lifecycle/predicate.go (v1.36).
 */
final class PodAdmission {

  /** Why a pod is not taken. */
  record Refusal(String reason, String message) {}

  private final NodeConfig config;
  private final KubeMap allocatable;
  private final long podsMax;

  /** Requests of each form of a pod's spec, summed once. */
  private final Map<KubeMap, Map<String, Long>> requests = new LinkedHashMap<>();

  private final Map<String, Long> used = new LinkedHashMap<>();
  private long count;

  private static final int SPECS_MAX = 4096;

  PodAdmission(NodeConfig config) {
    this.config = config;
    this.allocatable = NodeRegistration.allocatable(config);
    this.podsMax = Quantity.of(config.capacity().get("pods")).value();
  }

  /** Counts a pod that is taken. */
  void take(KubeMap spec) {
    count++;
    requests(spec).forEach((name, amount) -> used.merge(name, amount, Long::sum));
  }

  /** Counts a pod out that was taken and has ended. */
  void release(KubeMap spec) {
    count--;
    requests(spec).forEach((name, amount) -> used.merge(name, -amount, Long::sum));
  }

  @Nullable Refusal check(KubeObject pod, Collection<PodWorker> others) {
    if (count + 1 > podsMax) {
      return outOf("OutOfpods", "pods", 1, count, podsMax);
    }
    KubeMap selector = pod.spec().mapOrEmpty("nodeSelector");
    for (String key : selector.keys()) {
      if (!selector.string(key, "").equals(nodeLabel(key))) {
        return new Refusal(
            "NodeAffinity",
            "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
      }
    }
    Refusal lack = resources(pod);
    return lack != null ? lack : ports(pod, others);
  }

  private @Nullable Object nodeLabel(String key) {
    return switch (key) {
      case "kubernetes.io/hostname" -> config.name();
      case "kubernetes.io/os" -> "linux";
      case "kubernetes.io/arch" -> "amd64";
      default -> config.labels().get(key);
    };
  }

  private static boolean counts(PodWorker worker) {
    return !worker.rejected() && !worker.finished();
  }

  private @Nullable Refusal resources(KubeObject pod) {
    for (Map.Entry<String, Long> wanted : requests(pod.spec()).entrySet()) {
      String name = wanted.getKey();
      if (!allocatable.has(name) || wanted.getValue() == 0) {
        continue;
      }
      long capacity = amount(name, allocatable.get(name));
      long taken = used.getOrDefault(name, 0L);
      if (taken + wanted.getValue() > capacity) {
        return outOf("OutOf" + name, name, wanted.getValue(), taken, capacity);
      }
    }
    return null;
  }

  private static Refusal outOf(
      String reason, String resource, long requested, long used, long capacity) {
    return new Refusal(
        reason,
        "Node didn't have enough resource: "
            + resource
            + ", requested: "
            + requested
            + ", used: "
            + used
            + ", capacity: "
            + capacity);
  }

  private static @Nullable Refusal ports(KubeObject pod, Collection<PodWorker> others) {
    for (KubeMap container : pod.spec().listOrEmpty("containers").maps()) {
      for (KubeMap port : container.listOrEmpty("ports").maps()) {
        if (port.number("hostPort", 0) > 0 && taken(port, others)) {
          return new Refusal(
              "NodePorts",
              "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod"
                  + " ports");
        }
      }
    }
    return null;
  }

  private static boolean taken(KubeMap wanted, Collection<PodWorker> others) {
    for (PodWorker other : others) {
      if (counts(other)) {
        for (KubeMap container : other.pod().spec().listOrEmpty("containers").maps()) {
          for (KubeMap port : container.listOrEmpty("ports").maps()) {
            if (port.number("hostPort", 0) == wanted.number("hostPort", 0)
                && port.string("protocol", "TCP").equals(wanted.string("protocol", "TCP"))
                && sameAddress(port.string("hostIP", ""), wanted.string("hostIP", ""))) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private static boolean sameAddress(String one, String other) {
    return one.equals(other) || any(one) || any(other);
  }

  private static boolean any(String address) {
    return address.isEmpty() || address.equals("0.0.0.0");
  }

  private static long amount(String resource, @Nullable Object quantity) {
    Quantity amount = Quantity.of(quantity);
    return resource.equals("cpu") ? amount.milliValue() : amount.value();
  }

  /**
   * What a pod asks: the sum of its containers or its greatest init container, and its overhead.
   */
  private Map<String, Long> requests(KubeMap spec) {
    Map<String, Long> known = requests.get(spec);
    if (known != null) {
      return known;
    }
    Map<String, Long> sum = new LinkedHashMap<>();
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      add(sum, container.mapOrEmpty("resources").mapOrEmpty("requests"));
    }
    Map<String, Long> sidecars = new LinkedHashMap<>();
    Map<String, Long> peak = new LinkedHashMap<>();
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      KubeMap own = container.mapOrEmpty("resources").mapOrEmpty("requests");
      if (PodPhase.isSidecar(container)) {
        add(sum, own);
        add(sidecars, own);
        sidecars.forEach((name, amount) -> peak.merge(name, amount, Math::max));
      } else {
        Map<String, Long> together = new LinkedHashMap<>(sidecars);
        add(together, own);
        together.forEach((name, amount) -> peak.merge(name, amount, Math::max));
      }
    }
    peak.forEach((name, amount) -> sum.merge(name, amount, Math::max));
    add(sum, spec.mapOrEmpty("overhead"));
    if (requests.size() >= SPECS_MAX) {
      requests.clear();
    }
    requests.put(spec, sum);
    return sum;
  }

  private static void add(Map<String, Long> sum, KubeMap amounts) {
    amounts.forEach((name, amount) -> sum.merge(name, amount(name, amount), Long::sum));
  }
}
