package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import java.util.TreeMap;

/**
 * The quality of service class of a pod: Guaranteed, Burstable or BestEffort.
 *
 * <p>Follows pkg/apis/core/v1/helper/qos/qos.go (v1.36).
 */
public final class QosClass {

  private static final ImmutableList<String> COMPUTE = ImmutableList.of("cpu", "memory");

  private QosClass() {}

  /** The class of a pod with that spec. */
  public static String of(KubeMap spec) {
    TreeMap<String, Quantity> requests = new TreeMap<>();
    TreeMap<String, Quantity> limits = new TreeMap<>();
    boolean guaranteed = true;
    KubeMap podResources = spec.map("resources");
    if (podResources != null) {
      add(podResources.mapOrEmpty("requests"), requests);
      guaranteed = add(podResources.mapOrEmpty("limits"), limits) == COMPUTE.size();
    } else {
      for (KubeMap container : spec.listOrEmpty("containers").maps()) {
        guaranteed &= add(container, requests, limits);
      }
      for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
        guaranteed &= add(container, requests, limits);
      }
    }
    if (requests.isEmpty() && limits.isEmpty()) {
      return "BestEffort";
    }
    return guaranteed && same(requests, limits) ? "Guaranteed" : "Burstable";
  }

  private static boolean add(
      KubeMap container, TreeMap<String, Quantity> requests, TreeMap<String, Quantity> limits) {
    KubeMap resources = container.mapOrEmpty("resources");
    add(resources.mapOrEmpty("requests"), requests);
    return add(resources.mapOrEmpty("limits"), limits) == COMPUTE.size();
  }

  /** Adds the compute resources that are not zero; how many there are. */
  private static int add(KubeMap resources, TreeMap<String, Quantity> totals) {
    int found = 0;
    for (String name : COMPUTE) {
      Object text = resources.get(name);
      Quantity amount = text == null ? Quantity.ZERO : quantity(text);
      if (amount.sign() > 0) {
        found++;
        totals.merge(name, amount, Quantity::add);
      }
    }
    return found;
  }

  private static Quantity quantity(Object text) {
    try {
      return Quantity.of(text);
    } catch (IllegalArgumentException notAQuantity) {
      return Quantity.ZERO;
    }
  }

  private static boolean same(
      TreeMap<String, Quantity> requests, TreeMap<String, Quantity> limits) {
    if (requests.size() != limits.size()) {
      return false;
    }
    for (var entry : requests.entrySet()) {
      Quantity limit = limits.get(entry.getKey());
      if (limit == null || entry.getValue().cmp(limit) != 0) {
        return false;
      }
    }
    return true;
  }
}
