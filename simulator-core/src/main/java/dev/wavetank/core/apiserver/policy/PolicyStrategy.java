package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;

/**
 * ValidatingAdmissionPolicies and their bindings.
 *
 * <p>Follows pkg/apis/admissionregistration/validation/validation.go (v1.36).
 */
public final class PolicyStrategy extends AdmissionPolicyStrategy {

  private static final ImmutableList<String> ACTIONS = ImmutableList.of("Audit", "Deny", "Warn");
  private static final ImmutableList<String> REASONS =
      ImmutableList.of("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized");

  private PolicyStrategy(boolean binding) {
    super(binding);
  }

  public static PolicyStrategy ofPolicies() {
    return new PolicyStrategy(false);
  }

  public static PolicyStrategy ofBindings() {
    return new PolicyStrategy(true);
  }

  @Override
  public boolean statusSubresource() {
    return !isBinding();
  }

  @Override
  void binding(KubeMap spec, FieldErrors errors) {
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

  @Override
  void policy(KubeMap spec, FieldErrors errors) {
    matchConstraints(spec, errors);
    String failure = spec.string("failurePolicy", "");
    if (!FAILURE_POLICIES.contains(failure)) {
      errors.unsupported("spec.failurePolicy", failure, FAILURE_POLICIES);
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
}
