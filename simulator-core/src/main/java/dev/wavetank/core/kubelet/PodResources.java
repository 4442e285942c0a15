package dev.wavetank.core.kubelet;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a whole pod requests and is limited to: the sum of its containers, or the largest step of
 * its initialization, what is set for the pod as a whole, and its overhead.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/resource/helpers.go (v1.36).
 */
final class PodResources {

  private static final ImmutableList<String> POD_LEVEL = ImmutableList.of("cpu", "memory");

  private PodResources() {}

  /** Sums of the requests by resource, in the order in which they are met. */
  static KubeMap requests(KubeMap spec) {
    Map<String, Quantity> sum = aggregate(spec, "requests");
    podLevel(spec, "requests", sum);
    spec.mapOrEmpty("overhead")
        .forEach((name, amount) -> sum.merge(name, Quantity.of(amount), Quantity::add));
    return tree(sum);
  }

  /** Sums of the limits by resource; overhead is added where there is a limit. */
  static KubeMap limits(KubeMap spec) {
    Map<String, Quantity> sum = aggregate(spec, "limits");
    podLevel(spec, "limits", sum);
    spec.mapOrEmpty("overhead")
        .forEach(
            (name, amount) ->
                sum.computeIfPresent(name, (n, q) -> q.isZero() ? q : q.add(Quantity.of(amount))));
    return tree(sum);
  }

  private static void podLevel(KubeMap spec, String part, Map<String, Quantity> sum) {
    spec.mapOrEmpty("resources")
        .mapOrEmpty(part)
        .forEach(
            (name, amount) -> {
              if (POD_LEVEL.contains(name) || name.startsWith("hugepages-")) {
                sum.put(name, Quantity.of(amount));
              }
            });
  }

  private static Map<String, Quantity> aggregate(KubeMap spec, String part) {
    Map<String, Quantity> sum = new LinkedHashMap<>();
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      add(sum, container.mapOrEmpty("resources").mapOrEmpty(part));
    }
    Map<String, Quantity> sidecars = new LinkedHashMap<>();
    Map<String, Quantity> peak = new LinkedHashMap<>();
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      KubeMap own = container.mapOrEmpty("resources").mapOrEmpty(part);
      if (PodPhase.isSidecar(container)) {
        add(sum, own);
        add(sidecars, own);
        sidecars.forEach((name, amount) -> peak.merge(name, amount, PodResources::max));
      } else {
        Map<String, Quantity> together = new LinkedHashMap<>(sidecars);
        add(together, own);
        together.forEach((name, amount) -> peak.merge(name, amount, PodResources::max));
      }
    }
    peak.forEach((name, amount) -> sum.merge(name, amount, PodResources::max));
    return sum;
  }

  private static Quantity max(Quantity a, Quantity b) {
    return a.cmp(b) >= 0 ? a : b;
  }

  private static void add(Map<String, Quantity> sum, KubeMap amounts) {
    amounts.forEach((name, amount) -> sum.merge(name, Quantity.of(amount), Quantity::add));
  }

  private static KubeMap tree(Map<String, Quantity> amounts) {
    KubeMap.Builder tree = KubeMap.builder();
    amounts.forEach((name, amount) -> tree.put(name, amount.toString()));
    return tree.build();
  }
}
