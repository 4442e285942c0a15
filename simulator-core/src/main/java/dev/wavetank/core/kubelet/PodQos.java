package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The quality-of-service class of a pod.
 *
 * <p>Follows pkg/apis/core/v1/helper/qos/qos.go (v1.36).
 */
public final class PodQos {

  public static final String BEST_EFFORT = "BestEffort";
  public static final String BURSTABLE = "Burstable";
  public static final String GUARANTEED = "Guaranteed";

  private PodQos() {}

  /** The class of a pod with that spec. */
  public static String of(KubeMap spec) {
    Map<String, Quantity> requests = new LinkedHashMap<>();
    Map<String, Quantity> limits = new LinkedHashMap<>();
    boolean guaranteed = true;
    KubeMap ofPod = spec.map("resources");
    if (ofPod != null) {
      add(requests, ofPod.map("requests"));
      add(limits, ofPod.map("limits"));
      guaranteed = limits.containsKey("cpu") && limits.containsKey("memory");
    } else {
      List<KubeMap> containers = new ArrayList<>();
      spec.listOrEmpty("containers").maps().forEach(containers::add);
      spec.listOrEmpty("initContainers").maps().forEach(containers::add);
      for (KubeMap container : containers) {
        KubeMap resources = container.mapOrEmpty("resources");
        add(requests, resources.map("requests"));
        Map<String, Quantity> own = new LinkedHashMap<>();
        add(own, resources.map("limits"));
        own.forEach((name, amount) -> limits.merge(name, amount, Quantity::add));
        guaranteed &= own.containsKey("cpu") && own.containsKey("memory");
      }
    }
    if (requests.isEmpty() && limits.isEmpty()) {
      return BEST_EFFORT;
    }
    if (guaranteed) {
      for (Map.Entry<String, Quantity> request : requests.entrySet()) {
        Quantity limit = limits.get(request.getKey());
        guaranteed &= limit != null && limit.cmp(request.getValue()) == 0;
      }
    }
    return guaranteed && requests.size() == limits.size() ? GUARANTEED : BURSTABLE;
  }

  private static void add(Map<String, Quantity> sums, @Nullable KubeMap amounts) {
    if (amounts == null) {
      return;
    }
    amounts.forEach(
        (name, amount) -> {
          Quantity quantity = Quantity.of(amount);
          if ((name.equals("cpu") || name.equals("memory")) && quantity.sign() > 0) {
            sums.merge(name, quantity, Quantity::add);
          }
        });
  }
}
