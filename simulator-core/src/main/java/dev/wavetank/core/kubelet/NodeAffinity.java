package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node is one that a pod asks for: by its node selector and its required node affinity.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go
 * (v1.36).
 */
final class NodeAffinity {

  private NodeAffinity() {}

  static boolean matches(KubeMap podSpec, KubeObject node) {
    KubeMap selector = podSpec.mapOrEmpty("nodeSelector");
    for (int i = 0; i < selector.size(); i++) {
      if (!selector.valueAt(i).equals(node.labels().get(selector.keyAt(i)))) {
        return false;
      }
    }
    KubeMap required =
        podSpec
            .mapOrEmpty("affinity")
            .mapOrEmpty("nodeAffinity")
            .map("requiredDuringSchedulingIgnoredDuringExecution");
    return required == null || anyTerm(required.listOrEmpty("nodeSelectorTerms"), node);
  }

  private static boolean anyTerm(KubeList terms, KubeObject node) {
    for (KubeMap term : terms.maps()) {
      KubeList expressions = term.listOrEmpty("matchExpressions");
      KubeList fields = term.listOrEmpty("matchFields");
      boolean empty = expressions.isEmpty() && fields.isEmpty();
      if (!empty && all(expressions, node.labels()) && all(fields, fields(node))) {
        return true;
      }
    }
    return false;
  }

  private static KubeMap fields(KubeObject node) {
    return KubeMap.of("metadata.name", node.name());
  }

  private static boolean all(KubeList requirements, KubeMap values) {
    for (KubeMap requirement : requirements.maps()) {
      String value = values.string(requirement.string("key", ""));
      if (!holds(requirement, value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(KubeMap requirement, @Nullable String value) {
    KubeList wanted = requirement.listOrEmpty("values");
    return switch (requirement.string("operator", "")) {
      case "In" -> value != null && wanted.contains(value);
      case "NotIn" -> value == null || !wanted.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> compare(value, wanted) > 0;
      case "Lt" -> compare(value, wanted) < 0;
      default -> false;
    };
  }

  /** Compares as whole numbers; 0 when one of them is none, which neither operator takes. */
  private static int compare(@Nullable String value, KubeList wanted) {
    try {
      return value == null || wanted.size() != 1
          ? 0
          : Long.compare(Long.parseLong(value), Long.parseLong(wanted.get(0).toString()));
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }
}
