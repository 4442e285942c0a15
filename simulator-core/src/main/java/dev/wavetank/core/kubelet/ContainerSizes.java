package dev.wavetank.core.kubelet;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import java.util.Objects;

/**
 * The cpu and memory of a pod's containers, which may change while they run.
 *
 * <p>Follows pkg/kubelet/allocation/allocation_manager.go and containerResourcesFromRequirements of
 * pkg/kubelet/kuberuntime/kuberuntime_manager.go (v1.36).
 */
final class ContainerSizes {

  static final ImmutableList<String> RESOURCES = ImmutableList.of("memory", "cpu");

  private static final ImmutableList<String> LISTS =
      ImmutableList.of("initContainers", "containers");

  private ContainerSizes() {}

  /** A pod's spec with the resources that another version of it has; itself when they are equal. */
  static KubeMap withThoseOf(KubeMap spec, KubeMap other) {
    if (spec == other) {
      return spec;
    }
    KubeMap made = spec;
    if (!Objects.equals(spec.get("resources"), other.get("resources"))) {
      made = made.with("resources", other.get("resources"));
    }
    for (String list : LISTS) {
      KubeList containers = spec.listOrEmpty(list);
      for (int i = 0; i < containers.size(); i++) {
        KubeMap container = containers.map(i);
        KubeMap same = other.listOrEmpty(list).find("name", container.string("name", ""));
        if (same != null
            && (list.equals("containers") || PodPhase.isSidecar(container))
            && !Objects.equals(container.get("resources"), same.get("resources"))) {
          containers = containers.with(i, container.with("resources", same.get("resources")));
        }
      }
      if (containers != spec.listOrEmpty(list)) {
        made = made.with(list, containers);
      }
    }
    return made;
  }

  /** A pod's spec with other resources of one of its containers. */
  static KubeMap with(KubeMap spec, ContainerRecord record, KubeMap resources) {
    KubeList containers = spec.listOrEmpty(record.list());
    for (int i = 0; i < containers.size(); i++) {
      KubeMap container = containers.map(i);
      if (record.name().equals(container.get("name"))) {
        return spec.with(record.list(), containers.with(i, container.with("resources", resources)));
      }
    }
    return spec;
  }

  /** Whether two containers' resources are of one size. */
  static boolean same(KubeMap one, KubeMap other) {
    for (String resource : RESOURCES) {
      if (differ(one, other, resource)) {
        return false;
      }
    }
    return true;
  }

  /** Whether requests or limits of a resource differ. */
  static boolean differ(KubeMap one, KubeMap other, String resource) {
    return one != other
        && (amount(one, "requests", resource).cmp(amount(other, "requests", resource)) != 0
            || amount(one, "limits", resource).cmp(amount(other, "limits", resource)) != 0);
  }

  static Quantity amount(KubeMap resources, String part, String resource) {
    return Quantity.of(resources.mapOrEmpty(part).get(resource));
  }

  /**
   * A pod's spec whose requests are the larger ones of two versions of it, container by container.
   */
  static KubeMap larger(KubeMap spec, KubeMap other) {
    KubeMap made = spec;
    for (String list : LISTS) {
      KubeList containers = spec.listOrEmpty(list);
      for (int i = 0; i < containers.size(); i++) {
        KubeMap same = other.listOrEmpty(list).find("name", containers.map(i).string("name", ""));
        if (same != null) {
          containers = containers.with(i, larger(containers.map(i), same, "requests"));
        }
      }
      made = containers.isEmpty() ? made : made.with(list, containers);
    }
    return made.has("resources") || other.has("resources") ? larger(made, other, "requests") : made;
  }

  private static KubeMap larger(KubeMap holder, KubeMap other, String part) {
    KubeMap own = holder.mapOrEmpty("resources");
    KubeMap amounts = own.mapOrEmpty(part);
    for (String resource : RESOURCES) {
      Object more = other.mapOrEmpty("resources").mapOrEmpty(part).get(resource);
      if (Quantity.of(more).cmp(Quantity.of(amounts.get(resource))) > 0) {
        amounts = amounts.with(resource, more);
      }
    }
    return amounts.isEmpty() ? holder : holder.with("resources", own.with(part, amounts));
  }
}
