package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.cel.CelEnvironment;

/**
 * What policies in CEL and their bindings have in common, whether they validate or mutate.
 *
 * <p>Follows pkg/apis/admissionregistration/v1/defaults.go and
 * pkg/apis/admissionregistration/validation/validation.go (v1.36).
 */
abstract class AdmissionPolicyStrategy implements ResourceStrategy {

  static final ImmutableList<String> FAILURE_POLICIES = ImmutableList.of("Fail", "Ignore");

  private final boolean binding;

  /**
   * A strategy.
   *
   * @param binding of bindings, and not of policies
   */
  AdmissionPolicyStrategy(boolean binding) {
    this.binding = binding;
  }

  final boolean isBinding() {
    return binding;
  }

  /** Checks the spec of a binding. */
  abstract void binding(KubeMap spec, FieldErrors errors);

  /** Checks the spec of a policy. */
  abstract void policy(KubeMap spec, FieldErrors errors);

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    String field = binding ? "matchResources" : "matchConstraints";
    KubeMap match = spec.map(field);
    if (match != null) {
      spec = spec.with(field, withDefaults(match));
    }
    if (!binding) {
      spec = spec.withDefault("failurePolicy", "Fail");
    }
    return object.withSpec(spec);
  }

  private static KubeMap withDefaults(KubeMap match) {
    KubeMap made = match.withDefault("matchPolicy", "Equivalent");
    for (String selector : ImmutableList.of("namespaceSelector", "objectSelector")) {
      made = made.withDefault(selector, KubeMap.EMPTY);
    }
    for (String rules : ImmutableList.of("resourceRules", "excludeResourceRules")) {
      KubeList list = made.listOrEmpty(rules);
      for (int i = 0; i < list.size(); i++) {
        KubeMap rule = list.map(i);
        list = rule.has("scope") ? list : list.with(i, rule.with("scope", "*"));
      }
      made = list.isEmpty() ? made : made.with(rules, list);
    }
    return made;
  }

  @Override
  public boolean generation() {
    return true;
  }

  @Override
  public boolean unconditionalUpdate() {
    return false;
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    if (binding) {
      binding(object.spec(), errors);
    } else {
      policy(object.spec(), errors);
    }
  }

  /** A policy says which requests it is about. */
  static void matchConstraints(KubeMap spec, FieldErrors errors) {
    KubeMap match = spec.map("matchConstraints");
    if (match == null) {
      errors.required("spec.matchConstraints", "");
    } else if (match.listOrEmpty("resourceRules").isEmpty()) {
      errors.required("spec.matchConstraints.resourceRules", "");
    }
  }

  static void expressions(KubeMap spec, String field, FieldErrors errors) {
    KubeList all = spec.listOrEmpty(field);
    for (int i = 0; i < all.size(); i++) {
      String path = "spec." + field + "[" + i + "].expression";
      String expression = all.map(i).string("expression", "");
      if (expression.isBlank()) {
        errors.required(path, "expression is not specified");
      } else {
        compile(expression, path, errors);
      }
    }
  }

  static void compile(String expression, String path, FieldErrors errors) {
    try {
      PolicyExpressions.ENVIRONMENT.compile(expression);
    } catch (CelEnvironment.CompilationException e) {
      errors.invalid(path, expression, String.valueOf(e.getMessage()));
    }
  }
}
