package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.cel.CelEnvironment;

/**
 * MutatingAdmissionPolicies and their bindings.
 *
 * <p>Follows pkg/apis/admissionregistration/validation/validation.go (v1.36).
 */
public final class MutatingPolicyStrategy extends AdmissionPolicyStrategy {

  private static final ImmutableList<String> OPERATIONS = ImmutableList.of("*", "CREATE", "UPDATE");
  private static final ImmutableList<String> REINVOCATIONS = ImmutableList.of("IfNeeded", "Never");
  private static final ImmutableList<String> PATCHES =
      ImmutableList.of("ApplyConfiguration", "JSONPatch");

  private MutatingPolicyStrategy(boolean binding) {
    super(binding);
  }

  public static MutatingPolicyStrategy ofPolicies() {
    return new MutatingPolicyStrategy(false);
  }

  public static MutatingPolicyStrategy ofBindings() {
    return new MutatingPolicyStrategy(true);
  }

  @Override
  void binding(KubeMap spec, FieldErrors errors) {
    String name = spec.string("policyName", "");
    if (name.isEmpty()) {
      errors.required("spec.policyName", "");
    } else {
      errors.invalid("spec.policyName", name, Formats.dnsSubdomain(name));
    }
    KubeMap reference = spec.map("paramRef");
    if (reference != null) {
      params(reference, errors);
    }
    operations(spec.mapOrEmpty("matchResources"), "spec.matchResources", errors);
  }

  private static void params(KubeMap reference, FieldErrors errors) {
    String path = "spec.paramRef";
    String name = reference.string("name", "");
    boolean selects = reference.has("selector");
    errors.invalid(path + ".name", name, Formats.pathSegment(name));
    if (!name.isEmpty() && selects) {
      errors.forbidden(path + ".name", "name and selector are mutually exclusive");
      errors.forbidden(path + ".selector", "name and selector are mutually exclusive");
    }
    if (name.isEmpty() && !selects) {
      errors.required(path, "one of name or selector must be specified");
    }
    errors.oneOf(reference, "parameterNotFoundAction", ImmutableList.of("Deny", "Allow"), path);
  }

  private static void operations(KubeMap match, String path, FieldErrors errors) {
    for (KubeMap rule : match.listOrEmpty("resourceRules").maps()) {
      for (Object operation : rule.listOrEmpty("operations")) {
        if (!OPERATIONS.contains(operation.toString())) {
          errors.unsupported(path + ".resourceRules.operations", operation, OPERATIONS);
        }
      }
    }
  }

  @Override
  void policy(KubeMap spec, FieldErrors errors) {
    errors.oneOf(spec, "failurePolicy", FAILURE_POLICIES, "spec");
    matchConstraints(spec, errors);
    operations(spec.mapOrEmpty("matchConstraints"), "spec.matchConstraints", errors);
    expressions(spec, "matchConditions", errors);
    expressions(spec, "variables", errors);
    KubeList mutations = spec.listOrEmpty("mutations");
    if (mutations.isEmpty()) {
      errors.required("spec.mutations", "mutations must contain at least one item");
    }
    for (int i = 0; i < mutations.size(); i++) {
      mutation(mutations.map(i), "spec.mutations[" + i + "]", errors);
    }
    errors.oneOf(spec, "reinvocationPolicy", REINVOCATIONS, "spec");
  }

  private static void mutation(KubeMap mutation, String path, FieldErrors errors) {
    String type = mutation.string("patchType", "");
    if (!PATCHES.contains(type)) {
      errors.oneOf(mutation, "patchType", PATCHES, path);
      return;
    }
    String field = MutatingPolicy.field(type);
    String other = field.equals("jsonPatch") ? "applyConfiguration" : "jsonPatch";
    KubeMap written = mutation.map(field);
    if (written == null) {
      errors.required(path + "." + field, "must be specified when patchType is " + type);
    } else {
      expression(written.string("expression", "").strip(), path + "." + field, errors);
    }
    if (mutation.has(other)) {
      errors.invalid(
          path + "." + other, "{" + other + "}", "must not be specified when patchType is " + type);
    }
  }

  private static void expression(String text, String path, FieldErrors errors) {
    if (text.isEmpty()) {
      errors.required(path + ".expression", "");
      return;
    }
    try {
      PolicyExpressions.ENVIRONMENT.compileStructs(text);
    } catch (CelEnvironment.CompilationException e) {
      errors.invalid(path + ".expression", text, String.valueOf(e.getMessage()));
    }
  }
}
