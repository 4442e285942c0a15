package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.ValidatingAdmission;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what ValidatingAdmissionPolicies deny where they are bound with {@code Deny}, and warns
 * where they are bound with {@code Warn}. The action {@code Audit} has no effect.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating (v1.36).
 */
public final class ValidatingAdmissionPolicies implements ValidatingAdmission {

  private final ApiServer server;
  private final BoundPolicies<ValidatingPolicy> policies;

  /** The step of a server, in which it finds policies and bindings. */
  public ValidatingAdmissionPolicies(ApiServer server) {
    this.server = server;
    this.policies =
        new BoundPolicies<>(
            server,
            ResourceType.VALIDATING_ADMISSION_POLICIES,
            ResourceType.VALIDATING_ADMISSION_POLICY_BINDINGS,
            ValidatingPolicy::new);
  }

  @Override
  public void validate(
      ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {
    if (!policies.isEmpty()) {
      String operation = before == null ? "CREATE" : "UPDATE";
      judge(new AdmissionRequest(type, operation, object, before, dryRun));
    }
  }

  @Override
  public void admitDelete(ResourceType type, KubeObject object) {
    if (!policies.isEmpty()) {
      judge(new AdmissionRequest(type, "DELETE", null, object, false));
    }
  }

  private void judge(AdmissionRequest request) {
    for (BoundPolicies.Invocation<ValidatingPolicy> invocation : policies.of(request)) {
      Object params = invocation.params();
      if (params == null) {
        throw new ApiException(
            denied(
                request,
                invocation,
                new ValidatingPolicy.Denial("Invalid", BoundPolicies.NO_PARAMS)));
      }
      ValidatingPolicy.Denial denial =
          invocation.policy().judge(policies.variables(request, params));
      if (denial != null) {
        act(request, invocation, denial);
      }
    }
  }

  private void act(
      AdmissionRequest request,
      BoundPolicies.Invocation<ValidatingPolicy> invocation,
      ValidatingPolicy.Denial denial) {
    KubeList actions = invocation.binding().spec().listOrEmpty("validationActions");
    if (actions.contains("Warn")) {
      server.request().warn("Validation failed for " + named(invocation) + ": " + denial.message());
    }
    if (actions.contains("Deny")) {
      throw new ApiException(denied(request, invocation, denial));
    }
  }

  private static String named(BoundPolicies.Invocation<ValidatingPolicy> invocation) {
    return "ValidatingAdmissionPolicy '"
        + invocation.object().name()
        + "' with binding '"
        + invocation.binding().name()
        + "'";
  }

  private static Status denied(
      AdmissionRequest request,
      BoundPolicies.Invocation<ValidatingPolicy> invocation,
      ValidatingPolicy.Denial denial) {
    int code =
        switch (denial.reason()) {
          case "Unauthorized" -> 401;
          case "Forbidden" -> 403;
          case "RequestEntityTooLarge" -> 413;
          default -> 422;
        };
    String why = named(invocation) + " denied request: " + denial.message();
    Status forbidden = Status.forbidden(request.type(), request.name(), why);
    return new Status(
        code,
        denial.reason(),
        forbidden.message(),
        request.type(),
        request.name(),
        ImmutableList.of(new Status.Cause("", denial.message(), "")));
  }
}
