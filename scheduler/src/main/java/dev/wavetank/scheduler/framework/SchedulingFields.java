package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a pod's spec that scheduling reads, so that pods which differ elsewhere, as in the
 * random name of their token volume, count as equal.
 */
final class SchedulingFields {

  private static final ImmutableSet<String> SPEC =
      ImmutableSet.of(
          "overhead",
          "resources",
          "tolerations",
          "nodeSelector",
          "affinity",
          "topologySpreadConstraints",
          "schedulingGates",
          "resourceClaims",
          "priority",
          "preemptionPolicy",
          "hostNetwork",
          "hostUsers",
          "schedulerName");
  private static final ImmutableSet<String> CONTAINER =
      ImmutableSet.of("name", "image", "resources", "restartPolicy", "restartPolicyRules");

  /** Volumes without any bearing on where a pod can run. */
  private static final ImmutableSet<String> VOLUMES_ANYWHERE =
      ImmutableSet.of("configMap", "secret", "projected", "downwardAPI", "emptyDir", "hostPath");

  private SchedulingFields() {}

  static KubeMap of(KubeMap spec) {
    KubeMap.Builder kept = KubeMap.builder();
    for (int i = 0; i < spec.size(); i++) {
      String key = spec.keyAt(i);
      Object value = spec.valueAt(i);
      if (SPEC.contains(key)) {
        kept.put(key, value);
      } else if (key.equals("containers") || key.equals("initContainers")) {
        kept.put(key, containers(value));
      } else if (key.equals("volumes")) {
        kept.put(key, volumes(value));
      }
    }
    return kept.build();
  }

  private static @Nullable KubeList containers(Object value) {
    if (!(value instanceof KubeList list)) {
      return null;
    }
    List<Object> kept = new ArrayList<>(list.size());
    for (KubeMap container : list.maps()) {
      KubeMap.Builder fields = KubeMap.builder();
      for (int i = 0; i < container.size(); i++) {
        String key = container.keyAt(i);
        if (CONTAINER.contains(key)
            || (key.equals("ports") && hostPorts(container.listOrEmpty("ports")))) {
          fields.put(key, container.valueAt(i));
        }
      }
      kept.add(fields.build());
    }
    return KubeList.copyOf(kept);
  }

  private static boolean hostPorts(KubeList ports) {
    for (KubeMap port : ports.maps()) {
      if (port.has("hostPort")) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable KubeList volumes(Object value) {
    if (!(value instanceof KubeList list)) {
      return null;
    }
    List<Object> kept = new ArrayList<>(0);
    for (KubeMap volume : list.maps()) {
      if (!anywhere(volume)) {
        kept.add(volume);
      }
    }
    return kept.isEmpty() ? null : KubeList.copyOf(kept);
  }

  private static boolean anywhere(KubeMap volume) {
    for (int i = 0; i < volume.size(); i++) {
      if (VOLUMES_ANYWHERE.contains(volume.keyAt(i))) {
        return true;
      }
    }
    return false;
  }
}
