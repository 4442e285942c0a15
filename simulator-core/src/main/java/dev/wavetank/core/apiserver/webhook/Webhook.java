package dev.wavetank.core.apiserver.webhook;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.values.NullValue;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.cel.CelEnvironment;
import dev.wavetank.core.apiserver.cel.CelExpression;
import dev.wavetank.core.apiserver.cel.CelValues;
import dev.wavetank.core.apiserver.policy.AdmissionRequest;
import dev.wavetank.core.apiserver.policy.MatchedRequests;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One webhook of a configuration, and the requests that it is called for.
 *
 * <p>Follows ShouldCallHook of staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/generic
 * and plugin/webhook/matchconditions/matcher.go (v1.36).
 */
final class Webhook {

  private record Condition(String text, @Nullable CelExpression expression, String error) {}

  private final KubeMap spec;
  private final String uid;
  private final ImmutableList<Condition> conditions;

  Webhook(String configuration, int index, KubeMap spec) {
    this.spec = spec;
    this.uid = configuration + "/" + spec.string("name", "") + "/" + index;
    ImmutableList.Builder<Condition> compiled = ImmutableList.builder();
    for (KubeMap condition : spec.listOrEmpty("matchConditions").maps()) {
      String text = condition.string("expression", "");
      try {
        compiled.add(new Condition(text, WebhookExpressions.ENVIRONMENT.compile(text), ""));
      } catch (CelEnvironment.CompilationException e) {
        compiled.add(new Condition(text, null, String.valueOf(e.getMessage())));
      }
    }
    this.conditions = compiled.build();
  }

  /** The webhooks of a configuration, in order. */
  static ImmutableList<Webhook> of(KubeObject configuration) {
    ImmutableList.Builder<Webhook> webhooks = ImmutableList.builder();
    int index = 0;
    for (KubeMap spec : configuration.root().listOrEmpty("webhooks").maps()) {
      webhooks.add(new Webhook(configuration.name(), index++, spec));
    }
    return webhooks.build();
  }

  String name() {
    return spec.string("name", "");
  }

  /** What tells the webhook from all others. */
  String uid() {
    return uid;
  }

  KubeMap spec() {
    return spec;
  }

  /** Whether a request goes on when the webhook cannot be called. */
  boolean failsOpen() {
    return spec.string("failurePolicy", "Fail").equals("Ignore");
  }

  /** Whether it wants to be called again when others change the object behind it. */
  boolean reinvocable() {
    return spec.string("reinvocationPolicy", "Never").equals("IfNeeded");
  }

  /** Whether it may be called for a dry run. */
  boolean callableInDryRun() {
    String effects = spec.string("sideEffects", "");
    return effects.equals("None") || effects.equals("NoneOnDryRun");
  }

  /**
   * The request as the webhook is sent it, or null when it is not called.
   *
   * @param versions all types that the object is served as
   * @throws ApiException 403 when a match condition cannot be evaluated
   */
  @Nullable AdmissionRequest matched(
      AdmissionRequest request,
      @Nullable KubeObject namespace,
      List<ResourceType> versions,
      UserInfo user) {
    if (!MatchedRequests.selected(spec, request, namespace)) {
      return null;
    }
    AdmissionRequest sent = inVersion(request, versions);
    return sent != null && meets(sent, user) ? sent : null;
  }

  private @Nullable AdmissionRequest inVersion(
      AdmissionRequest request, List<ResourceType> versions) {
    if (MatchedRequests.any(spec.listOrEmpty("rules"), request)) {
      return request;
    }
    if (spec.string("matchPolicy", "Equivalent").equals("Equivalent")) {
      for (ResourceType version : versions) {
        AdmissionRequest other = request.in(version);
        if (!version.equals(request.type())
            && MatchedRequests.any(spec.listOrEmpty("rules"), other)) {
          return other;
        }
      }
    }
    return null;
  }

  private boolean meets(AdmissionRequest request, UserInfo user) {
    if (conditions.isEmpty()) {
      return true;
    }
    ImmutableMap<String, Object> variables =
        ImmutableMap.of(
            "object", value(request.object()),
            "oldObject", value(request.before()),
            "request", CelValues.of(request.tree(user)));
    List<String> errors = new ArrayList<>();
    for (Condition condition : conditions) {
      String error = condition.error;
      CelExpression expression = condition.expression;
      if (expression != null) {
        try {
          if (Boolean.FALSE.equals(expression.evaluate(variables))) {
            return false;
          }
        } catch (CelExpression.EvaluationException e) {
          error = String.valueOf(e.getMessage());
        }
      }
      if (!error.isEmpty()) {
        errors.add("expression '" + condition.text + "' resulted in error: " + error);
      }
    }
    if (errors.isEmpty() || failsOpen()) {
      return errors.isEmpty();
    }
    String all = errors.size() == 1 ? errors.get(0) : "[" + String.join(", ", errors) + "]";
    throw new ApiException(Status.forbidden(request.type(), request.name(), all));
  }

  private static Object value(@Nullable KubeObject object) {
    return object == null ? NullValue.NULL_VALUE : CelValues.of(object.root());
  }
}
