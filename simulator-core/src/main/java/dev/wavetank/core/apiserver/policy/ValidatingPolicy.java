package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.cel.CelEnvironment;
import dev.wavetank.core.apiserver.cel.CelExpression;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One policy, compiled.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/validator.go
 * (v1.36).
 */
final class ValidatingPolicy {

  /**
   * Why a request is denied.
   *
   * @param reason such as {@code Invalid}
   */
  record Denial(String reason, String message) {}

  /** An expression of the policy; what does not compile has its error instead. */
  private record Step(
      KubeMap written,
      String text,
      @Nullable CelExpression expression,
      @Nullable CelExpression message,
      String error) {}

  private final KubeObject policy;
  private final ImmutableList<Step> variables;
  private final ImmutableList<Step> conditions;
  private final ImmutableList<Step> validations;

  ValidatingPolicy(KubeObject policy) {
    this.policy = policy;
    this.variables = steps("variables");
    this.conditions = steps("matchConditions");
    this.validations = steps("validations");
  }

  private ImmutableList<Step> steps(String field) {
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    for (KubeMap written : policy.spec().listOrEmpty(field).maps()) {
      String text = written.string("expression", "");
      String message = written.string("messageExpression", "");
      try {
        CelExpression expression = PolicyExpressions.ENVIRONMENT.compile(text);
        CelExpression said =
            message.isEmpty() ? null : PolicyExpressions.ENVIRONMENT.compile(message);
        steps.add(new Step(written, text, expression, said, ""));
      } catch (CelEnvironment.CompilationException e) {
        steps.add(new Step(written, text, null, null, String.valueOf(e.getMessage())));
      }
    }
    return steps.build();
  }

  KubeObject object() {
    return policy;
  }

  private boolean fails() {
    return !policy.spec().string("failurePolicy", "Fail").equals("Ignore");
  }

  /** The judgement of a request; null when it may go on. */
  @Nullable Denial judge(ImmutableMap<String, Object> request) {
    Map<String, Object> made = new LinkedHashMap<>();
    for (Step variable : variables) {
      CelExpression expression = variable.expression;
      if (expression != null) {
        try {
          Object value = expression.evaluate(with(request, made));
          made.put(variable.written.string("name", ""), value);
        } catch (CelExpression.EvaluationException e) {
          // As upstream: it is an error only of who asks for the variable.
          made.remove(variable.written.string("name", ""));
        }
      }
    }
    ImmutableMap<String, Object> all = with(request, made);
    for (Step condition : conditions) {
      try {
        if (!isTrue(condition, all)) {
          return null;
        }
      } catch (CelExpression.EvaluationException e) {
        return failure(condition, String.valueOf(e.getMessage()));
      }
    }
    for (Step validation : validations) {
      Denial denial = denial(validation, all);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  private static ImmutableMap<String, Object> with(
      ImmutableMap<String, Object> request, Map<String, Object> variables) {
    return ImmutableMap.<String, Object>builder()
        .putAll(request)
        .put("variables", variables)
        .buildOrThrow();
  }

  private static boolean isTrue(Step step, ImmutableMap<String, Object> variables)
      throws CelExpression.EvaluationException {
    CelExpression expression = step.expression;
    return expression != null && Boolean.TRUE.equals(expression.evaluate(variables));
  }

  private @Nullable Denial failure(Step step, String why) {
    return fails()
        ? new Denial("Invalid", "expression '" + step.text + "' resulted in error: " + why)
        : null;
  }

  private @Nullable Denial denial(Step validation, ImmutableMap<String, Object> variables) {
    if (validation.expression == null) {
      return failure(validation, validation.error);
    }
    try {
      if (isTrue(validation, variables)) {
        return null;
      }
    } catch (CelExpression.EvaluationException e) {
      return failure(validation, String.valueOf(e.getMessage()));
    }
    String reason = validation.written.string("reason", "Invalid");
    return new Denial(reason, message(validation, variables));
  }

  private static String message(Step validation, ImmutableMap<String, Object> variables) {
    String plain = validation.written.string("message", "").strip();
    String otherwise = plain.isEmpty() ? "failed expression: " + validation.text.strip() : plain;
    CelExpression expression = validation.message;
    if (expression == null) {
      return otherwise;
    }
    try {
      return expression.evaluate(variables) instanceof String text && !text.isBlank()
          ? text.strip()
          : otherwise;
    } catch (CelExpression.EvaluationException e) {
      return otherwise;
    }
  }
}
