package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * Compares pod templates as their owners do.
 *
 * <p>Follows pkg/controller/deployment/util/deployment_util.go (v1.36).
 */
public final class PodTemplates {

  /** Label by which a Deployment tells the pods of its ReplicaSets apart. */
  public static final String POD_TEMPLATE_HASH = "pod-template-hash";

  private PodTemplates() {}

  /** Whether two pod templates are equal but for the hash label that a ReplicaSet adds. */
  public static boolean equalIgnoreHash(KubeMap one, KubeMap other) {
    KubeMap first = one.mapOrEmpty("metadata");
    KubeMap second = other.mapOrEmpty("metadata");
    return same(one.get("spec"), other.get("spec"))
        && sameLabels(first.mapOrEmpty("labels"), second.mapOrEmpty("labels"))
        && same(withoutLabels(first), withoutLabels(second));
  }

  private static KubeMap withoutLabels(KubeMap metadata) {
    return metadata.without("labels");
  }

  private static boolean sameLabels(KubeMap one, KubeMap other) {
    int hashes = (one.has(POD_TEMPLATE_HASH) ? 1 : 0) - (other.has(POD_TEMPLATE_HASH) ? 1 : 0);
    if (one.size() - other.size() != hashes) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      String key = one.keyAt(i);
      if (!key.equals(POD_TEMPLATE_HASH) && !one.valueAt(i).equals(other.get(key))) {
        return false;
      }
    }
    return true;
  }

  /** Equal, where what is absent, null or empty is all the same. */
  private static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one == other || (one != null && one.equals(other))) {
      return true;
    }
    if (nothing(one) || nothing(other)) {
      return nothing(one) && nothing(other);
    }
    if (one instanceof KubeMap first && other instanceof KubeMap second) {
      return covers(first, second) && covers(second, first);
    }
    if (!(one instanceof KubeList first)
        || !(other instanceof KubeList second)
        || first.size() != second.size()) {
      return false;
    }
    for (int i = 0; i < first.size(); i++) {
      if (!same(first.get(i), second.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean covers(KubeMap one, KubeMap other) {
    for (int i = 0; i < one.size(); i++) {
      if (!same(one.valueAt(i), other.get(one.keyAt(i)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean nothing(@Nullable Object value) {
    return value == null
        || value == KubeNull.NULL
        || (value instanceof KubeMap map && map.isEmpty())
        || (value instanceof KubeList list && list.isEmpty());
  }
}
