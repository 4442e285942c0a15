package dev.wavetank.core.api;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * What a pod asks for as a whole: the sum of its containers, or the most that one of its init
 * containers needs beside the sidecars started before it; and its overhead.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/resource/helpers.go (v1.36).
 */
public final class PodResources {

  private PodResources() {}

  /** The requests of a pod with that spec, by the name of the resource. */
  public static Map<String, Quantity> requests(KubeMap spec) {
    return total(spec, "requests");
  }

  /** The limits of a pod with that spec, by the name of the resource. */
  public static Map<String, Quantity> limits(KubeMap spec) {
    return total(spec, "limits");
  }

  private static Map<String, Quantity> total(KubeMap spec, String which) {
    Map<String, Quantity> sum = new TreeMap<>();
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      merge(sum, of(container, which), Quantity::add);
    }
    Map<String, Quantity> sidecars = new TreeMap<>();
    Map<String, Quantity> most = new TreeMap<>();
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      Map<String, Quantity> own = of(container, which);
      if (container.string("restartPolicy", "").equals("Always")) {
        merge(sum, own, Quantity::add);
        merge(sidecars, own, Quantity::add);
        merge(most, sidecars, PodResources::larger);
      } else {
        Map<String, Quantity> beside = new TreeMap<>(sidecars);
        merge(beside, own, Quantity::add);
        merge(most, beside, PodResources::larger);
      }
    }
    merge(sum, most, PodResources::larger);
    sum.putAll(of(spec, which));
    Map<String, Quantity> overhead = list(spec.mapOrEmpty("overhead"));
    if (which.equals("limits")) {
      overhead.keySet().retainAll(sum.keySet());
    }
    merge(sum, overhead, Quantity::add);
    return sum;
  }

  private static Map<String, Quantity> of(KubeMap holder, String which) {
    return list(holder.mapOrEmpty("resources").mapOrEmpty(which));
  }

  /** The amounts of a {@code ResourceList}, by the name of the resource. */
  public static Map<String, Quantity> list(KubeMap amounts) {
    Map<String, Quantity> made = new TreeMap<>();
    amounts.forEach((name, amount) -> made.put(name, Quantity.of(amount)));
    return made;
  }

  private static void merge(
      Map<String, Quantity> into, Map<String, Quantity> more, BinaryOperator<Quantity> how) {
    more.forEach((name, amount) -> into.merge(name, amount, how));
  }

  private static Quantity larger(Quantity one, Quantity other) {
    return one.cmp(other) >= 0 ? one : other;
  }
}
