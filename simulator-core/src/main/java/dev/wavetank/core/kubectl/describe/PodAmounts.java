package dev.wavetank.core.kubectl.describe;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a pod asks for and what it may use at most, all containers together.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/resource/helpers.go (v1.36); of containers that
 * were resized in place the spec counts.
 */
final class PodAmounts {

  private PodAmounts() {}

  static Map<String, Quantity> requests(KubeObject pod) {
    return of(pod.spec(), "requests");
  }

  static Map<String, Quantity> limits(KubeObject pod) {
    return of(pod.spec(), "limits");
  }

  private static Map<String, Quantity> of(KubeMap spec, String kind) {
    Map<String, Quantity> total = new LinkedHashMap<>();
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      add(total, amounts(container, kind));
    }
    Map<String, Quantity> sidecars = new LinkedHashMap<>();
    Map<String, Quantity> starting = new LinkedHashMap<>();
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      Map<String, Quantity> needed = new LinkedHashMap<>(amounts(container, kind));
      if ("Always".equals(container.get("restartPolicy"))) {
        add(total, needed);
        add(sidecars, needed);
        needed = new LinkedHashMap<>(sidecars);
      } else {
        add(needed, sidecars);
      }
      raise(starting, needed);
    }
    raise(total, starting);
    amounts(spec, kind).forEach(total::put);
    KubeMap overhead = spec.mapOrEmpty("overhead");
    overhead.forEach(
        (name, amount) -> {
          if (kind.equals("requests") || total.containsKey(name)) {
            add(total, ImmutableMap.of(name, Quantity.of(amount)));
          }
        });
    return total;
  }

  private static Map<String, Quantity> amounts(KubeMap of, String kind) {
    Map<String, Quantity> amounts = new LinkedHashMap<>();
    of.mapOrEmpty("resources")
        .mapOrEmpty(kind)
        .forEach((name, amount) -> amounts.put(name, Quantity.of(amount)));
    return amounts;
  }

  private static void add(Map<String, Quantity> total, Map<String, Quantity> more) {
    more.forEach((name, amount) -> total.merge(name, amount, Quantity::add));
  }

  private static void raise(Map<String, Quantity> total, Map<String, Quantity> floor) {
    floor.forEach((name, amount) -> total.merge(name, amount, (a, b) -> a.cmp(b) >= 0 ? a : b));
  }
}
