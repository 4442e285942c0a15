package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.values.NullValue;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.cel.CelValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The policies of one kind and their bindings, as they are now, and which of them a request is for.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/generic (v1.36).
 *
 * @param <P> a policy, compiled
 */
final class BoundPolicies<P> {

  /** What a policy that no parameters are found for says. */
  static final String NO_PARAMS =
      "failed to configure binding: no params found for policy binding with `Deny`"
          + " parameterNotFoundAction";

  /**
   * One policy that a request is for, by one of its bindings.
   *
   * @param object the policy as it is written
   * @param params one of its parameters; null when there must be some and are none
   */
  record Invocation<P>(P policy, KubeObject object, KubeObject binding, @Nullable Object params) {}

  /** In place of parameters that must be there and are not. */
  private static final Object MISSING = new Object();

  private record Known<P>(KubeObject object, P compiled) {}

  private final ApiServer server;
  private final ResourceType policyType;
  private final ResourceType bindingType;
  private final Function<KubeObject, P> compile;
  private final Map<String, Known<P>> policies = new TreeMap<>();
  private final Map<String, KubeObject> bindings = new TreeMap<>();

  BoundPolicies(
      ApiServer server,
      ResourceType policyType,
      ResourceType bindingType,
      Function<KubeObject, P> compile) {
    this.server = server;
    this.policyType = policyType;
    this.bindingType = bindingType;
    this.compile = compile;
    server.listen(this::committed);
  }

  private void committed(Commit commit) {
    String name = commit.key().name();
    KubeObject after = commit.after();
    if (commit.key().type().equals(policyType)) {
      policies.remove(name);
      if (after != null) {
        policies.put(name, new Known<>(after, compile.apply(after)));
      }
    } else if (commit.key().type().equals(bindingType)) {
      bindings.remove(name);
      if (after != null) {
        bindings.put(name, after);
      }
    }
  }

  boolean isEmpty() {
    return bindings.isEmpty();
  }

  /** The policies that a request is for, in the order of their bindings' names. */
  List<Invocation<P>> of(AdmissionRequest request) {
    List<Invocation<P>> found = new ArrayList<>();
    if (request.type().group().equals(policyType.group())) {
      return found;
    }
    KubeObject namespace = namespaceOf(request);
    for (KubeObject binding : ImmutableList.copyOf(bindings.values())) {
      Known<P> policy = policies.get(binding.spec().string("policyName", ""));
      if (policy == null
          || !MatchedRequests.match(
              policy.object().spec().mapOrEmpty("matchConstraints"), request, namespace)
          || !MatchedRequests.match(
              binding.spec().mapOrEmpty("matchResources"), request, namespace)) {
        continue;
      }
      for (Object params : params(policy.object(), binding, request)) {
        Object given = params == MISSING ? null : params;
        found.add(new Invocation<>(policy.compiled(), policy.object(), binding, given));
      }
    }
    return found;
  }

  private @Nullable KubeObject namespaceOf(AdmissionRequest request) {
    String place =
        request.type().equals(ResourceType.NAMESPACES) ? request.name() : request.namespace();
    return place.isEmpty() ? null : server.find(ObjectKey.of(ResourceType.NAMESPACES, "", place));
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
    boolean allowed = reference.string("parameterNotFoundAction", "").equals("Allow");
    return found.isEmpty() && !allowed ? List.of(MISSING) : found;
  }

  /** What the expressions of an invocation may speak of. */
  ImmutableMap<String, Object> variables(AdmissionRequest request, Object params) {
    UserInfo user = server.request().user();
    KubeMap asked =
        request.tree(user == null ? UserInfo.of("system:apiserver", UserInfo.PRIVILEGED) : user);
    return ImmutableMap.of(
        "object", value(request.object()),
        "oldObject", value(request.before()),
        "request", CelValues.of(asked),
        "params", params,
        "namespaceObject", value(namespaceOf(request)));
  }

  private static Object value(@Nullable KubeObject object) {
    return object == null ? NullValue.NULL_VALUE : CelValues.of(object.root());
  }
}
