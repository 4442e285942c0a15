package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.Set;
import java.util.TreeSet;

/**
 * ResourceQuotas.
 *
 * <p>Follows pkg/apis/core/validation/validation.go and pkg/registry/core/resourcequota/strategy.go
 * (v1.36).
 */
final class ResourceQuotaStrategy implements ResourceStrategy {

  private static final ImmutableList<String> SCOPES =
      ImmutableList.of(
          "Terminating",
          "NotTerminating",
          "BestEffort",
          "NotBestEffort",
          "PriorityClass",
          "VolumeAttributesClass",
          "CrossNamespacePodAffinity");

  private static final ImmutableSet<String> POD_COMPUTE =
      ImmutableSet.of(
          "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory");

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    return object.withStatus(KubeMap.EMPTY);
  }

  @Override
  public boolean statusSubresource() {
    return true;
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    amounts(spec.mapOrEmpty("hard"), "spec.hard", errors);
    scopes(spec, errors);
    selector(spec, errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
    if (!scopesOf(next).equals(scopesOf(old))) {
      errors.invalid("spec.scopes", next.spec().get("scopes"), "field is immutable");
    }
  }

  private static Set<String> scopesOf(KubeObject quota) {
    Set<String> scopes = new TreeSet<>();
    quota.spec().listOrEmpty("scopes").forEach(scope -> scopes.add(scope.toString()));
    return scopes;
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    amounts(next.status().mapOrEmpty("hard"), "status.hard", errors);
    amounts(next.status().mapOrEmpty("used"), "status.used", errors);
  }

  private static void amounts(KubeMap amounts, String path, FieldErrors errors) {
    amounts.forEach(
        (name, amount) -> {
          String at = path + "[" + name + "]";
          ResourceNames.quota(name, at, errors);
          ResourceRequirements.quantity(name, amount, at, errors);
        });
  }

  private static boolean fits(String scope, String resource) {
    return switch (scope) {
      case "Terminating",
          "NotTerminating",
          "NotBestEffort",
          "PriorityClass",
          "CrossNamespacePodAffinity" ->
          resource.equals("pods") || POD_COMPUTE.contains(resource);
      case "BestEffort" -> resource.equals("pods");
      case "VolumeAttributesClass" ->
          resource.equals("persistentvolumeclaims") || resource.equals("requests.storage");
      default -> true;
    };
  }

  private static boolean conflicts(Set<String> scopes) {
    return (scopes.contains("BestEffort") && scopes.contains("NotBestEffort"))
        || (scopes.contains("Terminating") && scopes.contains("NotTerminating"));
  }

  private static void scopes(KubeMap spec, FieldErrors errors) {
    KubeList scopes = spec.listOrEmpty("scopes");
    Set<String> seen = new TreeSet<>();
    for (Object scope : scopes) {
      if (!SCOPES.contains(scope.toString())) {
        errors.invalid("spec.scopes", scopes, "unsupported scope");
      }
      for (String resource : spec.mapOrEmpty("hard").keys()) {
        if (ResourceNames.isStandardQuota(resource) && !fits(scope.toString(), resource)) {
          errors.invalid("spec.scopes", scopes, "unsupported scope applied to resource");
        }
      }
      seen.add(scope.toString());
    }
    if (conflicts(seen)) {
      errors.invalid("spec.scopes", scopes, "conflicting scopes");
    }
  }

  private static void selector(KubeMap spec, FieldErrors errors) {
    KubeMap selector = spec.mapOrEmpty("scopeSelector");
    String path = "spec.scopeSelector.matchExpressions";
    Set<String> seen = new TreeSet<>();
    for (KubeMap expression : selector.listOrEmpty("matchExpressions").maps()) {
      String scope = expression.string("scopeName", "");
      String operator = expression.string("operator", "");
      if (!SCOPES.contains(scope)) {
        errors.invalid(path + ".scopeName", scope, "unsupported scope");
      }
      for (String resource : spec.mapOrEmpty("hard").keys()) {
        if (ResourceNames.isStandardQuota(resource) && !fits(scope, resource)) {
          errors.invalid(path, selector, "unsupported scope applied to resource");
        }
      }
      boolean plain = SCOPES.contains(scope) && !scope.endsWith("Class");
      if (plain && !operator.equals("Exists")) {
        errors.invalid(
            path + ".operator",
            operator,
            "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                + " ResourceQuotaScopeNotBestEffort or"
                + " ResourceQuotaScopeCrossNamespacePodAffinity");
      }
      values(expression, operator, path, errors);
      seen.add(scope);
    }
    if (conflicts(seen)) {
      errors.invalid("spec.scopeSelector.scopes", spec.get("scopes"), "conflicting scopes");
    }
  }

  private static void values(KubeMap expression, String operator, String path, FieldErrors errors) {
    KubeList values = expression.listOrEmpty("values");
    switch (operator) {
      case "In", "NotIn" -> {
        if (values.isEmpty()) {
          errors.required(
              path + ".values",
              "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          errors.invalid(
              path + ".values",
              values,
              "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
        }
      }
      default -> errors.invalid(path + ".operator", operator, "not a valid selector operator");
    }
  }
}
