package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.cel.CelEnvironment;

/**
 * ValidatingAdmissionPolicies and their bindings.
 *
 * <p>Follows pkg/apis/admissionregistration/v1/defaults.go and
 * pkg/apis/admissionregistration/validation/validation.go (v1.36).
 */
public final class PolicyStrategy implements ResourceStrategy {

  private static final ImmutableList<String> ACTIONS = ImmutableList.of("Audit", "Deny", "Warn");
  private static final ImmutableList<String> REASONS =
      ImmutableList.of("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized");

  private final boolean binding;

  private PolicyStrategy(boolean binding) {
    this.binding = binding;
  }

  public static PolicyStrategy ofPolicies() {
    return new PolicyStrategy(false);
  }

  public static PolicyStrategy ofBindings() {
    return new PolicyStrategy(true);
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    String field = binding ? "matchResources" : "matchConstraints";
    KubeMap match = spec.map(field);
    if (match != null) {
      spec = spec.with(field, withDefaults(match));
    }
    if (!binding && !spec.has("failurePolicy")) {
      spec = spec.with("failurePolicy", "Fail");
    }
    return object.withSpec(spec);
  }

  static KubeMap withDefaults(KubeMap match) {
    KubeMap made = match;
    if (!made.has("matchPolicy")) {
      made = made.with("matchPolicy", "Equivalent");
    }
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
  public boolean statusSubresource() {
    return !binding;
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

  private static void binding(KubeMap spec, FieldErrors errors) {
    if (spec.string("policyName", "").isEmpty()) {
      errors.required("spec.policyName", "");
    }
    KubeList actions = spec.listOrEmpty("validationActions");
    if (actions.isEmpty()) {
      errors.required("spec.validationActions", "at least one validation action is required");
    }
    for (int i = 0; i < actions.size(); i++) {
      if (!ACTIONS.contains(actions.get(i).toString())) {
        errors.unsupported("spec.validationActions[" + i + "]", actions.get(i), ACTIONS);
      }
    }
    if (actions.contains("Deny") && actions.contains("Warn")) {
      errors.invalid(
          "spec.validationActions",
          actions,
          "must not contain both Deny and Warn (repeating the same validation failure information"
              + " in the API response and headers serves no purpose)");
    }
  }

  private static void policy(KubeMap spec, FieldErrors errors) {
    KubeMap match = spec.map("matchConstraints");
    if (match == null) {
      errors.required("spec.matchConstraints", "");
    } else if (match.listOrEmpty("resourceRules").isEmpty()) {
      errors.required("spec.matchConstraints.resourceRules", "");
    }
    String failure = spec.string("failurePolicy", "");
    ImmutableList<String> known = ImmutableList.of("Fail", "Ignore");
    if (!known.contains(failure)) {
      errors.unsupported("spec.failurePolicy", failure, known);
    }
    expressions(spec, "variables", errors);
    expressions(spec, "matchConditions", errors);
    KubeList validations = spec.listOrEmpty("validations");
    if (validations.isEmpty() && spec.listOrEmpty("auditAnnotations").isEmpty()) {
      errors.required(
          "spec.validations", "validations or auditAnnotations must contain at least one item");
    }
    expressions(spec, "validations", errors);
    for (int i = 0; i < validations.size(); i++) {
      KubeMap validation = validations.map(i);
      String path = "spec.validations[" + i + "]";
      String message = validation.string("messageExpression", "");
      if (!message.isEmpty()) {
        compile(message, path + ".messageExpression", errors);
      }
      String reason = validation.string("reason", "");
      if (validation.has("reason") && !REASONS.contains(reason)) {
        errors.unsupported(path + ".reason", reason, REASONS);
      }
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

  private static void compile(String expression, String path, FieldErrors errors) {
    try {
      PolicyExpressions.ENVIRONMENT.compile(expression);
    } catch (CelEnvironment.CompilationException e) {
      errors.invalid(path, expression, String.valueOf(e.getMessage()));
    }
  }
}
