package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.cel.CelExpression;
import dev.wavetank.core.apiserver.cel.CelValues;
import dev.wavetank.core.apiserver.managedfields.AppliedConfiguration;
import dev.wavetank.core.apiserver.patch.JsonPatch;
import dev.wavetank.core.apiserver.patch.PatchException;

/**
 * One policy that changes what is written, compiled.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch (v1.36).
 */
final class MutatingPolicy {

  /** A mutation cannot be made; the message is upstream's. */
  static final class MutationException extends Exception {
    private static final long serialVersionUID = 1L;

    MutationException(String message, Throwable cause) {
      super(message, cause);
    }

    MutationException(String message) {
      super(message);
    }
  }

  private final PolicyProgram program;
  private final ImmutableList<PolicyProgram.Step> mutations;

  MutatingPolicy(KubeObject policy) {
    this.program = new PolicyProgram(policy);
    ImmutableList.Builder<PolicyProgram.Step> steps = ImmutableList.builder();
    for (KubeMap mutation : policy.spec().listOrEmpty("mutations").maps()) {
      KubeMap written = mutation.mapOrEmpty(field(mutation.string("patchType", "")));
      steps.add(PolicyProgram.step(mutation, written.string("expression", "").strip(), true));
    }
    this.mutations = steps.build();
  }

  /** The field that holds the expression of a type of patch. */
  static String field(String patchType) {
    return patchType.equals("JSONPatch") ? "jsonPatch" : "applyConfiguration";
  }

  PolicyProgram program() {
    return program;
  }

  ImmutableList<PolicyProgram.Step> mutations() {
    return mutations;
  }

  boolean reinvocable() {
    return program.object().spec().string("reinvocationPolicy", "").equals("IfNeeded");
  }

  /**
   * The object as one mutation leaves it.
   *
   * @throws MutationException when the expression fails, or its patch does not apply
   */
  static KubeObject mutated(
      PolicyProgram.Step mutation,
      ResourceType type,
      KubeObject object,
      ImmutableMap<String, Object> variables)
      throws MutationException {
    CelExpression expression = mutation.expression();
    if (expression == null) {
      throw new MutationException(mutation.error());
    }
    Object patch;
    try {
      patch = CelValues.tree(expression.evaluate(variables));
    } catch (CelExpression.EvaluationException e) {
      throw new MutationException(
          "expression '" + mutation.text() + "' resulted in error: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new MutationException(String.valueOf(e.getMessage()), e);
    }
    return mutation.written().string("patchType", "").equals("JSONPatch")
        ? patched(object, patch)
        : applied(type, object, patch);
  }

  private static KubeObject applied(ResourceType type, KubeObject object, Object configuration)
      throws MutationException {
    if (!(configuration instanceof KubeMap map)) {
      throw new MutationException("unsupported return type from ApplyConfiguration expression");
    }
    CustomResource custom = type.custom();
    SchemaType schema = custom == null ? Schema.builtIn().kindOf(type) : custom.schema();
    KubeMap named = map.with("apiVersion", object.apiVersion()).with("kind", object.kind());
    try {
      return KubeObject.of(AppliedConfiguration.merge(object.root(), named, schema));
    } catch (IllegalArgumentException e) {
      throw new MutationException(String.valueOf(e.getMessage()), e);
    }
  }

  private static KubeObject patched(KubeObject object, Object patch) throws MutationException {
    if (!(patch instanceof KubeList operations)) {
      throw new MutationException(
          "type mismatch: JSONPatchType.expression should evaluate to array");
    }
    try {
      Object changed = JsonPatch.apply(object.root(), operations);
      return KubeObject.of(changed instanceof KubeMap map ? map : KubeMap.EMPTY);
    } catch (PatchException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("test failed") || message.contains("testing value")) {
        return object;
      }
      throw new MutationException("JSON Patch: " + message, e);
    }
  }
}
