package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.AdmissionRound;
import dev.wavetank.core.apiserver.ApiServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets MutatingAdmissionPolicies change what is written, in the order of their bindings' names. A
 * policy that cannot do so refuses the write, unless it is told to be ignored then.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/mutating/dispatcher.go
 * (v1.36).
 */
public final class MutatingAdmissionPolicies implements Admission {

  private final ApiServer server;
  private final BoundPolicies<MutatingPolicy> policies;

  /** The step of a server, in which it finds policies and bindings. */
  public MutatingAdmissionPolicies(ApiServer server) {
    this.server = server;
    this.policies =
        new BoundPolicies<>(
            server,
            ResourceType.MUTATING_ADMISSION_POLICIES,
            ResourceType.MUTATING_ADMISSION_POLICY_BINDINGS,
            MutatingPolicy::new);
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    return object;
  }

  @Override
  public KubeObject admit(
      ResourceType type, KubeObject object, @Nullable KubeObject before, AdmissionRound round) {
    if (policies.isEmpty()) {
      return object;
    }
    String operation = before == null ? "CREATE" : "UPDATE";
    AdmissionRequest first = new AdmissionRequest(type, operation, object, before, round.dryRun());
    KubeObject current = object;
    List<String> denials = new ArrayList<>();
    for (BoundPolicies.Invocation<MutatingPolicy> invocation : policies.of(first)) {
      String caller = "policy/" + invocation.object().uid() + "/" + invocation.binding().uid();
      if (!round.due(caller)) {
        continue;
      }
      KubeObject changed = mutated(invocation, with(first, current), denials);
      if (!changed.equals(current)) {
        current = changed;
        round.ask();
      }
      if (invocation.policy().reinvocable()) {
        round.wantsAgain(caller);
      }
    }
    if (!denials.isEmpty()) {
      throw new ApiException(refusal(first, denials));
    }
    return current;
  }

  private static AdmissionRequest with(AdmissionRequest request, KubeObject object) {
    return new AdmissionRequest(
        request.type(), request.operation(), object, request.before(), request.dryRun());
  }

  private KubeObject mutated(
      BoundPolicies.Invocation<MutatingPolicy> invocation,
      AdmissionRequest request,
      List<String> denials) {
    KubeObject object = request.object();
    KubeObject current = object == null ? KubeObject.of(KubeMap.EMPTY) : object;
    MutatingPolicy policy = invocation.policy();
    Object params = invocation.params();
    if (params == null) {
      deny(invocation, BoundPolicies.NO_PARAMS, denials);
      return current;
    }
    ImmutableMap<String, Object> variables =
        policy.program().variables(policies.variables(request, params));
    try {
      if (policy.program().unmet(variables) != null) {
        return current;
      }
    } catch (PolicyProgram.ConditionException e) {
      deny(invocation, String.valueOf(e.getMessage()), denials);
      return current;
    }
    for (PolicyProgram.Step mutation : policy.mutations()) {
      try {
        ImmutableMap<String, Object> now =
            policy.program().variables(policies.variables(with(request, current), params));
        current =
            decoded(request.type(), MutatingPolicy.mutated(mutation, request.type(), current, now));
      } catch (MutatingPolicy.MutationException e) {
        deny(invocation, String.valueOf(e.getMessage()), denials);
      }
    }
    return current;
  }

  private KubeObject decoded(ResourceType type, KubeObject changed)
      throws MutatingPolicy.MutationException {
    try {
      return server.strategy(type).defaults(server.decode(type, changed, false));
    } catch (ApiException e) {
      throw new MutatingPolicy.MutationException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void deny(
      BoundPolicies.Invocation<MutatingPolicy> invocation, String why, List<String> denials) {
    if (invocation.policy().program().fails()) {
      denials.add(
          "policy '"
              + invocation.object().name()
              + "' with binding '"
              + invocation.binding().name()
              + "' denied request: "
              + why);
    }
  }

  private static Status refusal(AdmissionRequest request, List<String> denials) {
    ImmutableList.Builder<Status.Cause> causes = ImmutableList.builder();
    denials.forEach(denial -> causes.add(new Status.Cause("", denial, "")));
    return new Status(
        403, "Invalid", denials.get(0), request.type(), request.name(), causes.build());
  }
}
