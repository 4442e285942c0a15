package dev.wavetank.scheduler.plugins.args;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.LabelSyntax;
import dev.wavetank.core.apiserver.FieldErrors;

/**
 * Finds what is wrong with a node selector term, in upstream's words.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go
 * (v1.36).
 */
final class NodeSelectorSyntax {

  private static final ImmutableList<String> OPERATORS =
      ImmutableList.of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt");
  private static final ImmutableList<String> FIELD_OPERATORS = ImmutableList.of("In", "NotIn");

  private NodeSelectorSyntax() {}

  static void check(String path, KubeMap term, FieldErrors errors) {
    int index = 0;
    for (KubeMap expression : term.listOrEmpty("matchExpressions").maps()) {
      expression(path + ".matchExpressions[" + index++ + "]", expression, errors);
    }
    index = 0;
    for (KubeMap field : term.listOrEmpty("matchFields").maps()) {
      String at = path + ".matchFields[" + index++ + "]";
      String operator = field.string("operator", "");
      if (!FIELD_OPERATORS.contains(operator)) {
        errors.unsupported(at + ".operator", operator, FIELD_OPERATORS);
      } else if (field.listOrEmpty("values").size() != 1) {
        errors.invalid(at + ".values", field.listOrEmpty("values"), "must have one element");
      }
    }
  }

  private static void expression(String path, KubeMap expression, FieldErrors errors) {
    String operator = expression.string("operator", "");
    if (!OPERATORS.contains(operator)) {
      errors.unsupported(path + ".operator", operator, OPERATORS);
      return;
    }
    String key = expression.string("key", "");
    errors.invalid(path + ".key", key, LabelSyntax.keyErrors(key));
    KubeList values = expression.listOrEmpty("values");
    switch (operator) {
      case "In", "NotIn" -> {
        if (values.isEmpty()) {
          errors.invalid(
              path + ".values", values, "for 'in', 'notin' operators, values set can't be empty");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          errors.invalid(
              path + ".values", values, "values set must be empty for exists and does not exist");
        }
      }
      default -> {
        if (values.size() != 1) {
          errors.invalid(
              path + ".values", values, "for 'Gt', 'Lt' operators, exactly one value is required");
        } else if (!values.get(0).toString().matches("[+-]?[0-9]+")) {
          errors.invalid(
              path + ".values[0]",
              values.get(0),
              "for 'Gt', 'Lt' operators, the value must be an integer");
        }
      }
    }
    for (int i = 0; i < values.size(); i++) {
      errors.invalid(
          path + ".values[" + i + "][" + key + "]",
          values.get(i),
          LabelSyntax.valueErrors(values.get(i).toString()));
    }
  }
}
