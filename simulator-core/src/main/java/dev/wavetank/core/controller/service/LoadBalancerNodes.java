package dev.wavetank.core.controller.service;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes are behind load balancers: those that are not being deleted, not labelled for
 * exclusion and not about to be removed by the cluster autoscaler. Whether they are ready does not
 * matter; health checks see to that.
 *
 * <p>Follows staging/src/k8s.io/cloud-provider/controllers/service/controller.go (v1.36).
 */
final class LoadBalancerNodes {

  private static final String EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers";
  private static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

  /** The words that Go's strconv.ParseBool takes. */
  private static final ImmutableSet<String> TRUE =
      ImmutableSet.of("1", "t", "T", "TRUE", "true", "True");

  private static final ImmutableSet<String> FALSE =
      ImmutableSet.of("0", "f", "F", "FALSE", "false", "False");

  private LoadBalancerNodes() {}

  /** Those of the nodes that are behind load balancers, in their order. */
  static ImmutableList<KubeObject> of(Iterable<KubeObject> nodes) {
    ImmutableList.Builder<KubeObject> found = ImmutableList.builder();
    for (KubeObject node : nodes) {
      if (!node.terminating() && included(node) && !toBeDeleted(node)) {
        found.add(node);
      }
    }
    return found.build();
  }

  /** Whether the change is one that makes the controller look at all load balancers. */
  static boolean shouldSync(@Nullable KubeObject before, @Nullable KubeObject after) {
    return before == null
        || after == null
        || included(before) != included(after)
        || !providerId(before).equals(providerId(after));
  }

  static String providerId(KubeObject node) {
    return node.spec().string("providerID", "");
  }

  /** A label that is no truth value excludes, too. */
  private static boolean included(KubeObject node) {
    String label = node.labels().string(EXCLUDE);
    return label == null || (!TRUE.contains(label) && FALSE.contains(label));
  }

  private static boolean toBeDeleted(KubeObject node) {
    for (KubeMap taint : node.spec().listOrEmpty("taints").maps()) {
      if (taint.string("key", "").equals(TO_BE_DELETED)) {
        return true;
      }
    }
    return false;
  }
}
