package dev.wavetank.core.apiserver.aggregator;

import com.google.common.collect.ImmutableMap;
import java.util.Comparator;

/**
 * The order of the groups that are built in, and of their versions, as APIServices say it.
 *
 * <p>Follows pkg/controlplane/apiserver/aggregator.go and cmd/kube-apiserver/app/aggregator.go
 * (v1.36).
 */
public final class GroupPriorities {

  /** Groups by {@link #ofGroup}, the greatest first; of equal ones the first by name. */
  public static final Comparator<String> ORDER =
      Comparator.<String>comparingLong(group -> -ofGroup(group)).thenComparing(group -> group);

  /** Of a group that a CustomResourceDefinition defines. */
  private static final long CUSTOM = 1000;

  private static final ImmutableMap<String, Integer> GROUPS =
      ImmutableMap.<String, Integer>builder()
          .put("", 18_000)
          .put("apiregistration.k8s.io", 18_000)
          .put("apps", 17_800)
          .put("events.k8s.io", 17_750)
          .put("authentication.k8s.io", 17_700)
          .put("authorization.k8s.io", 17_600)
          .put("autoscaling", 17_500)
          .put("batch", 17_400)
          .put("certificates.k8s.io", 17_300)
          .put("networking.k8s.io", 17_200)
          .put("policy", 17_100)
          .put("rbac.authorization.k8s.io", 17_000)
          .put("storage.k8s.io", 16_800)
          .put("admissionregistration.k8s.io", 16_700)
          .put("apiextensions.k8s.io", 16_700)
          .put("scheduling.k8s.io", 16_600)
          .put("coordination.k8s.io", 16_500)
          .put("node.k8s.io", 16_300)
          .put("discovery.k8s.io", 16_200)
          .put("resource.k8s.io", 16_200)
          .put("flowcontrol.apiserver.k8s.io", 16_100)
          .put("metrics.k8s.io", 100)
          .buildOrThrow();

  private GroupPriorities() {}

  /** The priority of a group: the greatest comes first. */
  public static long ofGroup(String group) {
    Integer known = GROUPS.get(group);
    return known == null ? CUSTOM : known;
  }

  /** The priority of a version within a group that is built in. */
  static long ofVersion(String group, String version) {
    return switch (group + "/" + version) {
      case "/v1" -> 1;
      case "autoscaling/v2" -> 30;
      case "resource.k8s.io/v1", "flowcontrol.apiserver.k8s.io/v1" -> 21;
      default -> 15;
    };
  }
}
