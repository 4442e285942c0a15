package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.List;

/**
 * The names of resources: which are standard, and which LimitRanges and ResourceQuotas are about.
 *
 * <p>Follows pkg/apis/core/helper/helpers.go and pkg/apis/core/validation/validation.go (v1.36).
 */
final class ResourceNames {

  /** Resources that are counted, in whole numbers. */
  static final ImmutableSet<String> COUNTED =
      ImmutableSet.of(
          "pods",
          "resourcequotas",
          "services",
          "replicationcontrollers",
          "secrets",
          "configmaps",
          "persistentvolumeclaims",
          "services.nodeports",
          "services.loadbalancers");

  private static final ImmutableSet<String> MEASURED =
      ImmutableSet.of(
          "cpu",
          "memory",
          "ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.ephemeral-storage",
          "requests.storage",
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage");

  static final ImmutableSet<String> OF_CONTAINERS =
      ImmutableSet.of("cpu", "memory", "ephemeral-storage");

  private ResourceNames() {}

  /** Whether it is a standard resource, huge pages apart. */
  static boolean isStandard(String name) {
    return COUNTED.contains(name) || MEASURED.contains(name) || name.equals("storage");
  }

  static boolean isStandardQuota(String name) {
    return COUNTED.contains(name)
        || MEASURED.contains(name)
        || name.startsWith("hugepages-")
        || name.startsWith("requests.hugepages-");
  }

  /** A name that a quota limits. */
  static void quota(String name, String path, FieldErrors errors) {
    if (standard(name, path, errors) && name.indexOf('/') < 0 && !isStandardQuota(name)) {
      errors.invalid(path, name, "must be a standard resource for quota");
    }
  }

  /** A name that a LimitRange of that type limits. */
  static void limitRange(String type, String name, String path, FieldErrors errors) {
    if (!standard(name, path, errors) || name.indexOf('/') >= 0) {
      return;
    }
    boolean ofContainers = type.equals("Pod") || type.equals("Container");
    if (ofContainers && !OF_CONTAINERS.contains(name) && !name.startsWith("hugepages-")) {
      errors.invalid(path, name, "must be a standard resource for containers");
    }
  }

  private static boolean standard(String name, String path, FieldErrors errors) {
    List<String> problems = Formats.qualifiedName(name);
    if (!problems.isEmpty()) {
      errors.invalid(path, name, problems);
      return false;
    }
    if (name.indexOf('/') < 0 && !isStandard(name) && !isStandardQuota(name)) {
      errors.invalid(path, name, "must be a standard resource type or fully qualified");
      return false;
    }
    return true;
  }
}
