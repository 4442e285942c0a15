package dev.wavetank.core.apiserver.quota;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.PodResources;
import dev.wavetank.core.api.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Whether a quota is about an object, by its scopes: all of them must be those of the object.
 *
 * <p>Follows pkg/quota/v1/evaluator/core/pods.go and
 * staging/src/k8s.io/apiserver/pkg/quota/v1/generic/evaluator.go (v1.36).
 */
public final class QuotaScopes {

  private QuotaScopes() {}

  /** Whether the quota counts the object, whatever it limits. */
  public static boolean match(KubeObject quota, ResourceType type, KubeObject object) {
    for (Object scope : quota.spec().listOrEmpty("scopes")) {
      if (!matches(scope.toString(), "Exists", KubeList.EMPTY, type, object)) {
        return false;
      }
    }
    KubeList expressions = quota.spec().mapOrEmpty("scopeSelector").listOrEmpty("matchExpressions");
    for (KubeMap expression : expressions.maps()) {
      String scope = expression.string("scopeName", "");
      String operator = expression.string("operator", "");
      if (!matches(scope, operator, expression.listOrEmpty("values"), type, object)) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(
      String scope, String operator, KubeList values, ResourceType type, KubeObject object) {
    if (!type.equals(ResourceType.PODS)) {
      return false;
    }
    return switch (scope) {
      case "Terminating" -> isTerminating(object);
      case "NotTerminating" -> !isTerminating(object);
      case "BestEffort" -> isBestEffort(object);
      case "NotBestEffort" -> !isBestEffort(object);
      case "PriorityClass" ->
          selects(operator, values, object.spec().string("priorityClassName", ""));
      case "CrossNamespacePodAffinity" -> crossesNamespaces(object.spec().map("affinity"));
      default -> false;
    };
  }

  private static boolean selects(String operator, KubeList values, String value) {
    return switch (operator) {
      case "Exists" -> !value.isEmpty();
      case "DoesNotExist" -> value.isEmpty();
      case "In" -> !value.isEmpty() && values.contains(value);
      case "NotIn" -> value.isEmpty() || !values.contains(value);
      default -> false;
    };
  }

  /** Whether the pod is to end by itself. */
  public static boolean isTerminating(KubeObject pod) {
    return pod.spec().number("activeDeadlineSeconds", -1) >= 0;
  }

  private static boolean isBestEffort(KubeObject pod) {
    KubeMap spec = pod.spec();
    return !asks(PodResources.requests(spec).keySet()) && !asks(PodResources.limits(spec).keySet());
  }

  private static boolean asks(Iterable<String> resources) {
    for (String resource : resources) {
      if (resource.equals("cpu") || resource.equals("memory")) {
        return true;
      }
    }
    return false;
  }

  private static boolean crossesNamespaces(@Nullable KubeMap affinity) {
    if (affinity == null) {
      return false;
    }
    for (String kind : new String[] {"podAffinity", "podAntiAffinity"}) {
      KubeMap terms = affinity.mapOrEmpty(kind);
      for (KubeMap term :
          terms.listOrEmpty("requiredDuringSchedulingIgnoredDuringExecution").maps()) {
        if (crosses(term)) {
          return true;
        }
      }
      for (KubeMap term :
          terms.listOrEmpty("preferredDuringSchedulingIgnoredDuringExecution").maps()) {
        if (crosses(term.mapOrEmpty("podAffinityTerm"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean crosses(KubeMap term) {
    return !term.listOrEmpty("namespaces").isEmpty() || term.has("namespaceSelector");
  }
}
