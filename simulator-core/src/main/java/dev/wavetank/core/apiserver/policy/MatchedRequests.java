package dev.wavetank.core.apiserver.policy;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import org.jspecify.annotations.Nullable;

/**
 * Which requests the {@code matchResources} of a policy or a binding are about.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/matching/matching.go and
 * plugin/webhook/predicates (v1.36).
 */
public final class MatchedRequests {

  private MatchedRequests() {}

  static boolean match(
      KubeMap constraints, AdmissionRequest request, @Nullable KubeObject namespace) {
    if (!selected(constraints, request, namespace)
        || any(constraints.listOrEmpty("excludeResourceRules"), request)) {
      return false;
    }
    KubeList rules = constraints.listOrEmpty("resourceRules");
    return rules.isEmpty() || any(rules, request);
  }

  /**
   * Whether the selectors of namespaces and objects let a request through.
   *
   * @param namespace of the object, or the object where it is one; null for none
   */
  public static boolean selected(
      KubeMap constraints, AdmissionRequest request, @Nullable KubeObject namespace) {
    KubeMap namespaces = constraints.mapOrEmpty("namespaceSelector");
    if (namespace != null
        && !namespaces.isEmpty()
        && !LabelSelector.of(namespaces).matches(namespace.labels())) {
      return false;
    }
    KubeMap objects = constraints.mapOrEmpty("objectSelector");
    if (objects.isEmpty()) {
      return true;
    }
    LabelSelector selector = LabelSelector.of(objects);
    KubeObject old = request.before();
    KubeObject object = request.object();
    return (object != null && selector.matches(object.labels()))
        || (old != null && selector.matches(old.labels()));
  }

  /** Whether any of the rules is about the request. */
  public static boolean any(KubeList rules, AdmissionRequest request) {
    for (KubeMap rule : rules.maps()) {
      if (matches(rule, request)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(KubeMap rule, AdmissionRequest request) {
    KubeList names = rule.listOrEmpty("resourceNames");
    String scope = rule.string("scope", "*");
    boolean namespaced = request.type().namespaced();
    boolean placed = scope.equals("*") || scope.equals(namespaced ? "Namespaced" : "Cluster");
    return placed
        && (names.isEmpty() || names.contains(request.name()))
        && has(rule, "operations", request.operation())
        && has(rule, "apiGroups", request.type().group())
        && has(rule, "apiVersions", request.type().version())
        && resource(rule.listOrEmpty("resources"), request.type().plural());
  }

  private static boolean has(KubeMap rule, String field, String value) {
    KubeList list = rule.listOrEmpty(field);
    return list.contains("*") || list.contains(value);
  }

  private static boolean resource(KubeList resources, String plural) {
    return resources.contains("*") || resources.contains("*/*") || resources.contains(plural);
  }
}
