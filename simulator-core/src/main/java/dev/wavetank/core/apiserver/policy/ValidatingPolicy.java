package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.cel.CelExpression;
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

  /** A validation, and what it says of a request that it denies. */
  private record Validation(PolicyProgram.Step step, @Nullable CelExpression message) {}

  private final PolicyProgram program;
  private final ImmutableList<Validation> validations;

  ValidatingPolicy(KubeObject policy) {
    this.program = new PolicyProgram(policy);
    ImmutableList.Builder<Validation> all = ImmutableList.builder();
    for (PolicyProgram.Step step : PolicyProgram.steps(policy, "validations")) {
      String message = step.written().string("messageExpression", "");
      all.add(
          new Validation(
              step,
              message.isEmpty()
                  ? null
                  : PolicyProgram.step(step.written(), message, false).expression()));
    }
    this.validations = all.build();
  }

  KubeObject object() {
    return program.object();
  }

  /** The judgement of a request; null when it may go on. */
  @Nullable Denial judge(ImmutableMap<String, Object> request) {
    ImmutableMap<String, Object> all = program.variables(request);
    try {
      if (program.unmet(all) != null) {
        return null;
      }
    } catch (PolicyProgram.ConditionException e) {
      return failure(String.valueOf(e.getMessage()));
    }
    for (Validation validation : validations) {
      Denial denial = denial(validation, all);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  private @Nullable Denial failure(String why) {
    return program.fails() ? new Denial("Invalid", why) : null;
  }

  private @Nullable Denial failure(PolicyProgram.Step step, String why) {
    return failure("expression '" + step.text() + "' resulted in error: " + why);
  }

  private @Nullable Denial denial(Validation validation, ImmutableMap<String, Object> variables) {
    PolicyProgram.Step step = validation.step;
    if (step.expression() == null) {
      return failure(step, step.error());
    }
    try {
      if (PolicyProgram.isTrue(step, variables)) {
        return null;
      }
    } catch (CelExpression.EvaluationException e) {
      return failure(step, String.valueOf(e.getMessage()));
    }
    return new Denial(step.written().string("reason", "Invalid"), message(validation, variables));
  }

  private static String message(Validation validation, ImmutableMap<String, Object> variables) {
    KubeMap written = validation.step.written();
    String plain = written.string("message", "").strip();
    String otherwise =
        plain.isEmpty() ? "failed expression: " + validation.step.text().strip() : plain;
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
