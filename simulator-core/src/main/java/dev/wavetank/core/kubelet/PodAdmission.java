package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet asks of a pod before it takes it, whatever the scheduler thought: that its
 * requests fit, that the node is one that it asks for, that its host ports are free and that it
 * tolerates the node's {@code NoExecute} taints. The first thing that fails is the reason.
 *
 * <p>Follows pkg/kubelet/lifecycle/predicate.go (v1.36).
 */
final class PodAdmission {

  /** Why a pod is not taken. */
  record Refusal(String reason, String message) {}

  private static final int SPECS_MAX = 4096;

  private final KubeMap allocatable;
  private final long podsMax;

  /** Requests of each form of a pod's spec, summed once. */
  private final Map<KubeMap, Map<String, Long>> requests = new LinkedHashMap<>();

  private final Map<String, Long> used = new LinkedHashMap<>();
  private long count;

  PodAdmission(NodeConfig config) {
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

  /**
   * Why a pod that was taken cannot get the resources that it asks for now, or null.
   *
   * @param counted what it counts with
   */
  @Nullable Refusal checkResize(
      KubeObject pod, KubeMap counted, KubeObject node, Collection<PodWorker> others) {
    release(counted);
    Refusal refusal = check(pod, node, others);
    take(counted);
    return refusal;
  }

  /**
   * Why the pod is not taken, or null.
   *
   * @param node the Node object
   * @param others the pods of the node
   */
  @Nullable Refusal check(KubeObject pod, KubeObject node, Collection<PodWorker> others) {
    Refusal lack = resources(pod);
    if (lack != null) {
      return lack;
    }
    if (!NodeAffinity.matches(pod.spec(), node)) {
      return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
    }
    if (!pod.spec().string("nodeName", node.name()).equals(node.name())) {
      return predicate("NodeName", "node(s) didn't match the requested node name");
    }
    if (portTaken(pod, others)) {
      return predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports");
    }
    if (!toleratesNoExecute(pod.spec(), node)) {
      return predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
    }
    return null;
  }

  private static Refusal predicate(String name, String why) {
    return new Refusal(name, "Predicate " + name + " failed: " + why);
  }

  private @Nullable Refusal resources(KubeObject pod) {
    if (count + 1 > podsMax) {
      return outOf("pods", 1, count, podsMax);
    }
    Map<String, Long> wanted = requests(pod.spec());
    for (String name : new String[] {"cpu", "memory", "ephemeral-storage"}) {
      Refusal lack = resource(name, wanted);
      if (lack != null) {
        return lack;
      }
    }
    for (String name : wanted.keySet()) {
      Refusal lack = resource(name, wanted);
      if (lack != null) {
        return lack;
      }
    }
    return null;
  }

  /** A resource that the node does not know is not its to refuse. */
  private @Nullable Refusal resource(String name, Map<String, Long> requested) {
    long wanted = requested.getOrDefault(name, 0L);
    if (wanted == 0 || !allocatable.has(name)) {
      return null;
    }
    long capacity = amount(name, allocatable.get(name));
    long taken = used.getOrDefault(name, 0L);
    return taken + wanted > capacity ? outOf(name, wanted, taken, capacity) : null;
  }

  private static Refusal outOf(String resource, long requested, long used, long capacity) {
    return new Refusal(
        "OutOf" + resource,
        "Node didn't have enough resource: "
            + resource
            + ", requested: "
            + requested
            + ", used: "
            + used
            + ", capacity: "
            + capacity);
  }

  private static boolean portTaken(KubeObject pod, Collection<PodWorker> others) {
    for (String list : new String[] {"containers", "initContainers"}) {
      for (KubeMap container : pod.spec().listOrEmpty(list).maps()) {
        if (list.equals("containers") || PodPhase.isSidecar(container)) {
          for (KubeMap port : container.listOrEmpty("ports").maps()) {
            if (port.number("hostPort", 0) > 0 && portTaken(port, others)) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private static boolean portTaken(KubeMap wanted, Collection<PodWorker> others) {
    for (PodWorker other : others) {
      if (other.rejected() || other.stopped()) {
        continue;
      }
      for (ContainerRecord record : other.records()) {
        if (!record.init() || record.sidecar()) {
          for (KubeMap port : record.spec().listOrEmpty("ports").maps()) {
            if (samePort(port, wanted)) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private static boolean samePort(KubeMap one, KubeMap other) {
    return one.number("hostPort", 0) == other.number("hostPort", 0)
        && one.string("protocol", "TCP").equals(other.string("protocol", "TCP"))
        && sameAddress(one.string("hostIP", ""), other.string("hostIP", ""));
  }

  private static boolean sameAddress(String one, String other) {
    return one.equals(other) || any(one) || any(other);
  }

  private static boolean any(String address) {
    return address.isEmpty() || address.equals("0.0.0.0");
  }

  private static boolean toleratesNoExecute(KubeMap podSpec, KubeObject node) {
    for (KubeMap taint : node.spec().listOrEmpty("taints").maps()) {
      if (taint.string("effect", "").equals("NoExecute")
          && !tolerated(podSpec.listOrEmpty("tolerations"), taint)) {
        return false;
      }
    }
    return true;
  }

  private static boolean tolerated(KubeList tolerations, KubeMap taint) {
    for (KubeMap toleration : tolerations.maps()) {
      String effect = toleration.string("effect", "");
      String key = toleration.string("key", "");
      boolean exists = toleration.string("operator", "Equal").equals("Exists");
      if ((effect.isEmpty() || effect.equals(taint.string("effect", "")))
          && (key.isEmpty() ? exists : key.equals(taint.string("key", "")))
          && (exists || toleration.string("value", "").equals(taint.string("value", "")))) {
        return true;
      }
    }
    return false;
  }

  private static long amount(String resource, @Nullable Object quantity) {
    Quantity amount = Quantity.of(quantity);
    return resource.equals("cpu") ? amount.milliValue() : amount.value();
  }

  private Map<String, Long> requests(KubeMap spec) {
    Map<String, Long> known = requests.get(spec);
    if (known == null) {
      if (requests.size() >= SPECS_MAX) {
        requests.clear();
      }
      Map<String, Long> sums = new LinkedHashMap<>();
      PodResources.requests(spec).forEach((name, sum) -> sums.put(name, amount(name, sum)));
      requests.put(spec, sums);
      known = sums;
    }
    return known;
  }
}
