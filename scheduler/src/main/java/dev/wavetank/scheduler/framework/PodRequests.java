package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a pod asks for in total: its containers and sidecars together, or the most that an init
 * container needs beside the sidecars started before it, and the overhead.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/resource/helpers.go (v1.36).
 */
final class PodRequests {

  /** What scoring supposes of a container that does not say: 100m CPU and 200Mi memory. */
  static final ImmutableMap<String, Quantity> NON_ZERO =
      ImmutableMap.of("cpu", Quantity.parse("100m"), "memory", Quantity.parse("200Mi"));

  private PodRequests() {}

  /**
   * The total.
   *
   * @param missing amounts of a container that names no request for the resource
   */
  static Map<String, Quantity> of(KubeMap spec, Map<String, Quantity> missing) {
    Map<String, Quantity> total = ofContainers(spec, missing);
    if (podLevel(spec)) {
      podRequests(spec)
          .forEach(
              (name, quantity) -> {
                if (supportedPodLevelResource(name)) {
                  total.put(name, Quantity.of(quantity));
                }
              });
    }
    return plusOverhead(total, spec);
  }

  /**
   * What the score of NodeResourcesFit takes for the total: {@link #NON_ZERO} for a container that
   * does not say, and no requests of the pod itself. Upstream builds that scorer without the switch
   * for pod-level resources.
   */
  static Map<String, Quantity> ofFitScore(KubeMap spec) {
    return plusOverhead(ofContainers(spec, NON_ZERO), spec);
  }

  private static Map<String, Quantity> plusOverhead(Map<String, Quantity> total, KubeMap spec) {
    spec.mapOrEmpty("overhead")
        .forEach((name, quantity) -> total.merge(name, Quantity.of(quantity), Quantity::add));
    return total;
  }

  private static Map<String, Quantity> ofContainers(KubeMap spec, Map<String, Quantity> missing) {
    Map<String, Quantity> total = new LinkedHashMap<>();
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      add(total, requests(container, missing));
    }
    Map<String, Quantity> sidecars = new LinkedHashMap<>();
    Map<String, Quantity> most = new LinkedHashMap<>();
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      Map<String, Quantity> own = requests(container, missing);
      if ("Always".equals(container.get("restartPolicy"))) {
        add(total, own);
        add(sidecars, own);
        max(most, sidecars);
      } else {
        add(own, sidecars);
        max(most, own);
      }
    }
    max(total, most);
    return total;
  }

  /** Whether the pod itself, not only its containers, names requests. */
  static boolean podLevel(KubeMap spec) {
    for (String name : podRequests(spec).keys()) {
      if (supportedPodLevelResource(name)) {
        return true;
      }
    }
    return false;
  }

  private static KubeMap podRequests(KubeMap spec) {
    return spec.mapOrEmpty("resources").mapOrEmpty("requests");
  }

  private static boolean supportedPodLevelResource(String name) {
    return name.equals("cpu") || name.equals("memory") || name.startsWith("hugepages-");
  }

  private static Map<String, Quantity> requests(KubeMap container, Map<String, Quantity> missing) {
    Map<String, Quantity> requests = new LinkedHashMap<>(missing);
    container
        .mapOrEmpty("resources")
        .mapOrEmpty("requests")
        .forEach((name, quantity) -> requests.put(name, Quantity.of(quantity)));
    return requests;
  }

  private static void add(Map<String, Quantity> total, Map<String, Quantity> more) {
    more.forEach((name, amount) -> total.merge(name, amount, Quantity::add));
  }

  private static void max(Map<String, Quantity> total, Map<String, Quantity> other) {
    other.forEach((name, amount) -> total.merge(name, amount, PodRequests::larger));
  }

  private static Quantity larger(Quantity one, Quantity other) {
    return one.cmp(other) < 0 ? other : one;
  }
}
