package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;

/**
 * What an update may change in the node affinity of a gated pod: each required term may only get
 * more requirements.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class NodeAffinityUpdates {

  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PATH =
      "spec.affinity.nodeAffinity." + REQUIRED + ".nodeSelectorTerms";

  private NodeAffinityUpdates() {}

  static boolean unchanged(KubeMap affinity, KubeMap oldAffinity) {
    return affinity.mapOrEmpty("nodeAffinity").equals(oldAffinity.mapOrEmpty("nodeAffinity"));
  }

  static void validate(KubeMap next, KubeMap old, FieldErrors errors) {
    KubeList oldTerms = old.mapOrEmpty(REQUIRED).listOrEmpty("nodeSelectorTerms");
    KubeList newTerms = next.mapOrEmpty(REQUIRED).listOrEmpty("nodeSelectorTerms");
    if (!oldTerms.isEmpty() && oldTerms.size() != newTerms.size()) {
      errors.invalid(
          PATH, newTerms, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
      return;
    }
    for (int i = 0; i < oldTerms.size(); i++) {
      if (!onlyAdds(newTerms.map(i), oldTerms.map(i))) {
        errors.invalid(
            PATH + "[" + i + "]",
            newTerms.map(i),
            "only additions are allowed (no mutations or deletions)");
      }
    }
  }

  private static boolean onlyAdds(KubeMap next, KubeMap old) {
    KubeList oldExpressions = old.listOrEmpty("matchExpressions");
    KubeList oldFields = old.listOrEmpty("matchFields");
    KubeList expressions = next.listOrEmpty("matchExpressions");
    KubeList fields = next.listOrEmpty("matchFields");
    if (oldExpressions.isEmpty() && oldFields.isEmpty()) {
      return expressions.isEmpty() && fields.isEmpty();
    }
    return startsWith(expressions, oldExpressions) && startsWith(fields, oldFields);
  }

  private static boolean startsWith(KubeList list, KubeList start) {
    if (list.size() < start.size()) {
      return false;
    }
    for (int i = 0; i < start.size(); i++) {
      if (!list.get(i).equals(start.get(i))) {
        return false;
      }
    }
    return true;
  }
}
