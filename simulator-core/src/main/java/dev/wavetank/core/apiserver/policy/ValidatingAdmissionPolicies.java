package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.values.NullValue;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.ValidatingAdmission;
import dev.wavetank.core.apiserver.cel.CelValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what ValidatingAdmissionPolicies deny where they are bound with {@code Deny}, and warns
 * where they are bound with {@code Warn}. The action {@code Audit} has no effect.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating (v1.36).
 */
public final class ValidatingAdmissionPolicies implements ValidatingAdmission {

  private static final ResourceType POLICIES = ResourceType.VALIDATING_ADMISSION_POLICIES;
  private static final ResourceType BINDINGS = ResourceType.VALIDATING_ADMISSION_POLICY_BINDINGS;

  private final ApiServer server;
  private final Map<String, ValidatingPolicy> policies = new TreeMap<>();
  private final Map<String, KubeObject> bindings = new TreeMap<>();

  /** The step of a server, in which it finds policies and bindings. */
  public ValidatingAdmissionPolicies(ApiServer server) {
    this.server = server;
    server.listen(this::committed);
  }

  private void committed(Commit commit) {
    String name = commit.key().name();
    KubeObject after = commit.after();
    if (commit.key().type().equals(POLICIES)) {
      policies.remove(name);
      if (after != null) {
        policies.put(name, new ValidatingPolicy(after));
      }
    } else if (commit.key().type().equals(BINDINGS)) {
      bindings.remove(name);
      if (after != null) {
        bindings.put(name, after);
      }
    }
  }

  @Override
  public void validate(
      ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {
    if (!bindings.isEmpty()) {
      String operation = before == null ? "CREATE" : "UPDATE";
      judge(new AdmissionRequest(type, operation, object, before, dryRun));
    }
  }

  @Override
  public void admitDelete(ResourceType type, KubeObject object) {
    if (!bindings.isEmpty()) {
      judge(new AdmissionRequest(type, "DELETE", null, object, false));
    }
  }

  private void judge(AdmissionRequest request) {
    if (request.type().group().equals(POLICIES.group())) {
      return;
    }
    String place =
        request.type().equals(ResourceType.NAMESPACES) ? request.name() : request.namespace();
    KubeObject namespace =
        place.isEmpty() ? null : server.find(ObjectKey.of(ResourceType.NAMESPACES, "", place));
    for (KubeObject binding : ImmutableList.copyOf(bindings.values())) {
      ValidatingPolicy policy = policies.get(binding.spec().string("policyName", ""));
      if (policy == null
          || !MatchedRequests.match(
              policy.object().spec().mapOrEmpty("matchConstraints"), request, namespace)
          || !MatchedRequests.match(
              binding.spec().mapOrEmpty("matchResources"), request, namespace)) {
        continue;
      }
      for (Object params : params(policy.object(), binding, request)) {
        ValidatingPolicy.Denial denial = policy.judge(variables(request, namespace, params));
        KubeList actions = binding.spec().listOrEmpty("validationActions");
        if (denial != null && actions.contains("Warn")) {
          server
              .request()
              .warn(
                  "Validation failed for ValidatingAdmissionPolicy '"
                      + policy.object().name()
                      + "' with binding '"
                      + binding.name()
                      + "': "
                      + denial.message());
        }
        if (denial != null && actions.contains("Deny")) {
          throw new ApiException(denied(request, policy, binding, denial));
        }
      }
    }
  }

  /** The objects that parameterize a policy; one null for a policy without. */
  private List<Object> params(KubeObject policy, KubeObject binding, AdmissionRequest request) {
    KubeMap kind = policy.spec().map("paramKind");
    KubeMap reference = binding.spec().map("paramRef");
    if (kind == null || reference == null) {
      return List.of(NullValue.NULL_VALUE);
    }
    ResourceType type = server.typeOf(kind.string("apiVersion", ""), kind.string("kind", ""));
    List<Object> found = new ArrayList<>();
    if (type != null) {
      String namespace = reference.string("namespace", request.namespace());
      KubeMap selector = reference.map("selector");
      LabelSelector wanted = selector == null ? null : LabelSelector.of(selector);
      String name = reference.string("name", "");
      for (KubeObject object : server.list(type)) {
        boolean placed = !type.namespaced() || object.namespace().equals(namespace);
        boolean meant =
            wanted == null ? object.name().equals(name) : wanted.matches(object.labels());
        if (placed && meant) {
          found.add(CelValues.of(object.root()));
        }
      }
    }
    if (!found.isEmpty() || reference.string("parameterNotFoundAction", "").equals("Allow")) {
      return found;
    }
    ValidatingPolicy.Denial denial =
        new ValidatingPolicy.Denial(
            "Invalid",
            "failed to configure binding: no params found for policy binding with `Deny`"
                + " parameterNotFoundAction");
    throw new ApiException(denied(request, new ValidatingPolicy(policy), binding, denial));
  }

  private ImmutableMap<String, Object> variables(
      AdmissionRequest request, @Nullable KubeObject namespace, Object params) {
    UserInfo user = server.request().user();
    KubeMap asked =
        request.tree(user == null ? UserInfo.of("system:apiserver", UserInfo.PRIVILEGED) : user);
    return ImmutableMap.of(
        "object", value(request.object()),
        "oldObject", value(request.before()),
        "request", CelValues.of(asked),
        "params", params,
        "namespaceObject", value(namespace));
  }

  private static Object value(@Nullable KubeObject object) {
    return object == null ? NullValue.NULL_VALUE : CelValues.of(object.root());
  }

  private static Status denied(
      AdmissionRequest request,
      ValidatingPolicy policy,
      KubeObject binding,
      ValidatingPolicy.Denial denial) {
    int code =
        switch (denial.reason()) {
          case "Unauthorized" -> 401;
          case "Forbidden" -> 403;
          case "RequestEntityTooLarge" -> 413;
          default -> 422;
        };
    String why =
        "ValidatingAdmissionPolicy '"
            + policy.object().name()
            + "' with binding '"
            + binding.name()
            + "' denied request: "
            + denial.message();
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
