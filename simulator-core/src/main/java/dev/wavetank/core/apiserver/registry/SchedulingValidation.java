package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a pod asks of the scheduler: tolerations, affinity, spread, gates.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class SchedulingValidation {

  static final ImmutableList<String> EFFECTS =
      ImmutableList.of("NoSchedule", "PreferNoSchedule", "NoExecute");
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
  private static final String OPERATOR = "not a valid selector operator";

  private final FieldErrors errors;

  SchedulingValidation(FieldErrors errors) {
    this.errors = errors;
  }

  void tolerations(KubeList tolerations, String path) {
    for (int i = 0; i < tolerations.size(); i++) {
      KubeMap toleration = tolerations.map(i);
      String at = path + "[" + i + "]";
      String key = toleration.string("key", "");
      String operator = toleration.string("operator", "");
      String effect = toleration.string("effect", "");
      if (!key.isEmpty()) {
        Checks.qualifiedName(key, at + ".key", errors);
      } else if (!operator.equals("Exists")) {
        errors.invalid(
            at + ".operator",
            operator,
            "operator must be Exists when `key` is empty, which means \"match all values and all"
                + " keys\"");
      }
      if (toleration.has("tolerationSeconds") && !effect.equals("NoExecute")) {
        errors.invalid(
            at + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
      }
      tolerationOperator(operator, toleration.string("value", ""), at + ".operator");
      if (!effect.isEmpty() && !EFFECTS.contains(effect)) {
        errors.unsupported(at + ".effect", effect, EFFECTS);
      }
    }
  }

  private void tolerationOperator(String operator, String value, String path) {
    switch (operator) {
      case "", "Equal" -> {
        List<String> wrong = Formats.labelValue(value);
        if (!wrong.isEmpty()) {
          errors.invalid(path, value, String.join(";", wrong));
        }
      }
      case "Exists" -> {
        if (!value.isEmpty()) {
          errors.invalid(path, value, "value must be empty when `operator` is 'Exists'");
        }
      }
      case "Lt", "Gt" ->
          errors.unsupported(path, operator, ImmutableList.of("Equal", "Exists", "Lt", "Gt"));
      default -> errors.unsupported(path, operator, ImmutableList.of("Equal", "Exists"));
    }
  }

  void affinity(@Nullable KubeMap affinity, String path) {
    if (affinity == null) {
      return;
    }
    KubeMap node = affinity.mapOrEmpty("nodeAffinity");
    KubeMap required = node.map(REQUIRED);
    if (required != null) {
      nodeSelector(required, path + ".nodeAffinity." + REQUIRED);
    }
    KubeList preferred = node.listOrEmpty(PREFERRED);
    for (int i = 0; i < preferred.size(); i++) {
      String at = path + ".nodeAffinity." + PREFERRED + "[" + i + "]";
      weight(preferred.map(i), at);
      nodeSelectorTerm(preferred.map(i).mapOrEmpty("preference"), false, at + ".preference");
    }
    podAffinity(affinity.mapOrEmpty("podAffinity"), path + ".podAffinity");
    podAffinity(affinity.mapOrEmpty("podAntiAffinity"), path + ".podAntiAffinity");
  }

  private void weight(KubeMap term, String path) {
    long weight = term.number("weight", 0);
    if (weight <= 0 || weight > 100) {
      errors.invalid(path + ".weight", weight, "must be in the range 1-100");
    }
  }

  /** A node selector, which must have a term. */
  void nodeSelector(KubeMap selector, String path) {
    KubeList terms = selector.listOrEmpty("nodeSelectorTerms");
    if (terms.isEmpty()) {
      errors.required(path + ".nodeSelectorTerms", "must have at least one node selector term");
    }
    for (int i = 0; i < terms.size(); i++) {
      nodeSelectorTerm(terms.map(i), true, path + ".nodeSelectorTerms[" + i + "]");
    }
  }

  private void nodeSelectorTerm(KubeMap term, boolean checkValues, String path) {
    KubeList expressions = term.listOrEmpty("matchExpressions");
    for (int i = 0; i < expressions.size(); i++) {
      KubeMap expression = expressions.map(i);
      String at = path + ".matchExpressions[" + i + "]";
      KubeList values = expression.listOrEmpty("values");
      String operator = expression.string("operator", "");
      switch (operator) {
        case "In", "NotIn" -> Checks.valuesRequired(values, at, errors);
        case "Exists", "DoesNotExist" -> Checks.valuesForbidden(values, at, errors);
        case "Gt", "Lt" -> {
          if (values.size() != 1) {
            errors.required(
                at + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
          }
        }
        default -> errors.invalid(at + ".operator", operator, OPERATOR);
      }
      Checks.qualifiedName(expression.string("key", ""), at + ".key", errors);
      if (checkValues) {
        Checks.labelValues(values, at + ".values", errors);
      }
    }
    KubeList fields = term.listOrEmpty("matchFields");
    for (int i = 0; i < fields.size(); i++) {
      matchField(fields.map(i), path + ".matchFields[" + i + "]");
    }
  }

  private void matchField(KubeMap requirement, String path) {
    KubeList values = requirement.listOrEmpty("values");
    String operator = requirement.string("operator", "");
    if (operator.equals("In") || operator.equals("NotIn")) {
      if (values.size() != 1) {
        errors.required(
            path + ".values",
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
      }
    } else {
      errors.invalid(path + ".operator", operator, OPERATOR);
    }
    String key = requirement.string("key", "");
    if (!key.equals("metadata.name")) {
      errors.invalid(path + ".key", key, "not a valid field selector key");
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      Checks.dnsSubdomain(values.get(i).toString(), path + ".values[" + i + "]", errors);
    }
  }

  private void podAffinity(KubeMap affinity, String path) {
    KubeList required = affinity.listOrEmpty(REQUIRED);
    for (int i = 0; i < required.size(); i++) {
      podAffinityTerm(required.map(i), path + "." + REQUIRED + "[" + i + "]");
    }
    KubeList preferred = affinity.listOrEmpty(PREFERRED);
    for (int i = 0; i < preferred.size(); i++) {
      String at = path + "." + PREFERRED + "[" + i + "]";
      weight(preferred.map(i), at);
      podAffinityTerm(preferred.map(i).mapOrEmpty("podAffinityTerm"), at + ".podAffinityTerm");
    }
  }

  private void podAffinityTerm(KubeMap term, String path) {
    KubeMap selector = term.map("labelSelector");
    Checks.labelSelector(selector, path + ".labelSelector", errors);
    Checks.labelSelector(term.map("namespaceSelector"), path + ".namespaceSelector", errors);
    for (Object namespace : term.listOrEmpty("namespaces")) {
      Checks.dnsLabel(namespace.toString(), path + ".namespace", errors);
    }
    KubeList match = term.listOrEmpty("matchLabelKeys");
    KubeList mismatch = term.listOrEmpty("mismatchLabelKeys");
    labelKeys(match, selector, path + ".matchLabelKeys");
    labelKeys(mismatch, selector, path + ".mismatchLabelKeys");
    matchLabelKeysOnce(match, selector, path);
    for (int i = 0; i < match.size(); i++) {
      if (mismatch.contains(match.get(i))) {
        errors.invalid(
            path + ".matchLabelKeys[" + i + "]",
            match.get(i),
            "exists in both matchLabelKeys and mismatchLabelKeys");
      }
    }
    String topologyKey = term.string("topologyKey", "");
    if (topologyKey.isEmpty()) {
      errors.required(path + ".topologyKey", "can not be empty");
    }
    Checks.qualifiedName(topologyKey, path + ".topologyKey", errors);
  }

  private void labelKeys(KubeList keys, @Nullable KubeMap selector, String path) {
    if (keys.isEmpty()) {
      return;
    }
    if (selector == null) {
      errors.forbidden(path, "must not be specified when labelSelector is not set");
      return;
    }
    for (int i = 0; i < keys.size(); i++) {
      Checks.qualifiedName(keys.get(i).toString(), path + "[" + i + "]", errors);
    }
  }

  private void matchLabelKeysOnce(KubeList match, @Nullable KubeMap selector, String path) {
    if (selector == null) {
      return;
    }
    Set<String> keys = new TreeSet<>();
    selector.mapOrEmpty("matchLabels").keys().forEach(keys::add);
    for (KubeMap expression : selector.listOrEmpty("matchExpressions").maps()) {
      String key = expression.string("key", "");
      int index = match.indexOf(key);
      if (index >= 0 && keys.contains(key)) {
        errors.invalid(
            path + "[" + index + "]", key, "exists in both matchLabelKeys and labelSelector");
      }
      keys.add(key);
    }
  }

  void topologySpread(KubeList constraints, String path) {
    List<String> later = new ArrayList<>();
    for (KubeMap constraint : constraints.maps()) {
      later.add(topologyAndAction(constraint));
    }
    for (int i = 0; i < constraints.size(); i++) {
      KubeMap constraint = constraints.map(i);
      String at = path + "[" + i + "]";
      Checks.positive(constraint.number("maxSkew", 0), at + ".maxSkew", errors);
      if (constraint.string("topologyKey", "").isEmpty()) {
        errors.required(at + ".topologyKey", "can not be empty");
      }
      String action = constraint.string("whenUnsatisfiable", "");
      ImmutableList<String> actions = ImmutableList.of("DoNotSchedule", "ScheduleAnyway");
      if (!actions.contains(action)) {
        errors.unsupported(at + ".whenUnsatisfiable", action, actions);
      }
      String pair = topologyAndAction(constraint);
      if (later.lastIndexOf(pair) > i) {
        errors.duplicate(at + ".{topologyKey, whenUnsatisfiable}", pair);
      }
      minDomains(constraint, action, at + ".minDomains");
      ImmutableList<String> policies = ImmutableList.of("Honor", "Ignore");
      Checks.oneOfIfSet(constraint, "nodeAffinityPolicy", policies, at, errors);
      Checks.oneOfIfSet(constraint, "nodeTaintsPolicy", policies, at, errors);
      KubeMap selector = constraint.map("labelSelector");
      KubeList match = constraint.listOrEmpty("matchLabelKeys");
      labelKeys(match, selector, at + ".matchLabelKeys");
      matchLabelKeysOnce(match, selector, at);
      Checks.labelSelector(selector, at + ".labelSelector", errors);
    }
  }

  private static String topologyAndAction(KubeMap constraint) {
    return "{"
        + constraint.string("topologyKey", "")
        + ", "
        + constraint.string("whenUnsatisfiable", "")
        + "}";
  }

  private void minDomains(KubeMap constraint, String action, String path) {
    if (constraint.get("minDomains") instanceof Long minDomains) {
      Checks.positive(minDomains, path, errors);
      if (!action.equals("DoNotSchedule")) {
        errors.invalid(
            path,
            minDomains,
            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action);
      }
    }
  }

  void gates(KubeList gates, String path) {
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < gates.size(); i++) {
      String name = gates.map(i).string("name", "");
      Checks.qualifiedName(name, path + "[" + i + "]", errors);
      if (!seen.add(name)) {
        errors.duplicate(path + "[" + i + "]", name);
      }
    }
  }
}
