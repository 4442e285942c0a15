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
 * What policies of both kinds have in common, compiled: their variables and match conditions.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/cel/composition.go and
 * plugin/webhook/matchconditions/matcher.go (v1.36).
 */
final class PolicyProgram {

  /** An expression of the policy; what does not compile has its error instead. */
  record Step(KubeMap written, String text, @Nullable CelExpression expression, String error) {}

  private final KubeObject policy;
  private final ImmutableList<Step> variables;
  private final ImmutableList<Step> conditions;

  PolicyProgram(KubeObject policy) {
    this.policy = policy;
    this.variables = steps(policy, "variables");
    this.conditions = steps(policy, "matchConditions");
  }

  /** The expressions of a list of the policy's spec. */
  static ImmutableList<Step> steps(KubeObject policy, String field) {
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    for (KubeMap written : policy.spec().listOrEmpty(field).maps()) {
      steps.add(step(written, written.string("expression", ""), false));
    }
    return steps.build();
  }

  /** One expression; with literals of objects, when {@code structs}. */
  static Step step(KubeMap written, String text, boolean structs) {
    try {
      CelEnvironment environment = PolicyExpressions.ENVIRONMENT;
      CelExpression expression =
          structs ? environment.compileStructs(text) : environment.compile(text);
      return new Step(written, text, expression, "");
    } catch (CelEnvironment.CompilationException e) {
      return new Step(written, text, null, String.valueOf(e.getMessage()));
    }
  }

  KubeObject object() {
    return policy;
  }

  boolean fails() {
    return !policy.spec().string("failurePolicy", "Fail").equals("Ignore");
  }

  /** All that the policy's expressions may speak of. */
  ImmutableMap<String, Object> variables(ImmutableMap<String, Object> request) {
    Map<String, Object> made = new LinkedHashMap<>();
    for (Step variable : variables) {
      CelExpression expression = variable.expression;
      String name = variable.written.string("name", "");
      if (expression != null) {
        try {
          made.put(name, expression.evaluate(with(request, made)));
        } catch (CelExpression.EvaluationException e) {
          // As upstream: it is an error only of who asks for the variable.
          made.remove(name);
        }
      }
    }
    return with(request, made);
  }

  /**
   * The first condition that does not hold; null when all do.
   *
   * @throws ConditionException when one cannot be told
   */
  @Nullable Step unmet(ImmutableMap<String, Object> variables) throws ConditionException {
    for (Step condition : conditions) {
      try {
        if (!isTrue(condition, variables)) {
          return condition;
        }
      } catch (CelExpression.EvaluationException e) {
        throw new ConditionException(condition, e);
      }
    }
    return null;
  }

  /** A condition cannot be told. */
  static final class ConditionException extends Exception {
    private static final long serialVersionUID = 1L;

    ConditionException(Step condition, CelExpression.EvaluationException cause) {
      super("expression '" + condition.text + "' resulted in error: " + cause.getMessage(), cause);
    }
  }

  static boolean isTrue(Step step, ImmutableMap<String, Object> variables)
      throws CelExpression.EvaluationException {
    CelExpression expression = step.expression;
    return expression != null && Boolean.TRUE.equals(expression.evaluate(variables));
  }

  private static ImmutableMap<String, Object> with(
      ImmutableMap<String, Object> request, Map<String, Object> variables) {
    return ImmutableMap.<String, Object>builder()
        .putAll(request)
        .put("variables", variables)
        .buildOrThrow();
  }
}
