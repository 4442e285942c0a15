package dev.wavetank.core.apiserver.apiextensions.cel;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.apiextensions.schema.StructuralSchema;
import dev.wavetank.core.apiserver.cel.CelEnvironment;
import dev.wavetank.core.apiserver.cel.CelExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of one place of a schema, compiled. */
final class Rules {

  private static final String SELF = "self";
  private static final String OLD_SELF = "oldSelf";

  /** A rule; what does not compile has an error in place of an expression. */
  private record Rule(
      KubeMap written,
      @Nullable CelExpression expression,
      @Nullable CelExpression message,
      String error,
      String messageError) {

    boolean optionalOldSelf() {
      return written.bool("optionalOldSelf", false);
    }

    String text() {
      return written.string("rule", "").strip();
    }

    String shown() {
      String said = written.string("message", "").strip();
      return said.isEmpty() ? text() : said;
    }
  }

  private final StructuralSchema schema;
  private final boolean resource;
  private final List<Rule> rules = new ArrayList<>();

  Rules(StructuralSchema schema, String name, boolean resource) {
    this.schema = schema;
    this.resource = resource;
    KubeList written = schema.source().listOrEmpty("x-kubernetes-validations");
    if (written.isEmpty()) {
      return;
    }
    CelType type = SchemaTypes.type(schema, name, resource);
    CelEnvironment plain = new CelEnvironment(ImmutableMap.of(SELF, type, OLD_SELF, type));
    CelEnvironment optional =
        new CelEnvironment(ImmutableMap.of(SELF, type, OLD_SELF, OptionalType.create(type)));
    for (KubeMap rule : written.maps()) {
      rules.add(compiled(rule, rule.bool("optionalOldSelf", false) ? optional : plain));
    }
  }

  private static Rule compiled(KubeMap rule, CelEnvironment environment) {
    CelExpression expression = null;
    CelExpression message = null;
    String error = "";
    String messageError = "";
    try {
      expression = environment.compile(rule.string("rule", ""));
      error = expression.isBool() ? "" : "cel expression must evaluate to a bool";
    } catch (CelEnvironment.CompilationException e) {
      error = String.valueOf(e.getMessage());
    }
    String messageText = rule.string("messageExpression", "");
    if (!messageText.isEmpty()) {
      try {
        message = environment.compile(messageText);
        messageError = message.isString() ? "" : "messageExpression must evaluate to a string";
      } catch (CelEnvironment.CompilationException e) {
        messageError = "messageExpression " + e.getMessage();
      }
    }
    return new Rule(rule, expression, message, error, messageError);
  }

  void check(String path, @Nullable String uncorrelated, FieldErrors errors) {
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      String at = path + "[" + i + "]";
      if (!rule.error.isEmpty()) {
        errors.invalid(at + ".rule", asGo(rule.written), rule.error);
      }
      if (!rule.messageError.isEmpty()) {
        errors.invalid(at + ".messageExpression", asGo(rule.written), rule.messageError);
      }
      boolean transition = rule.expression != null && rule.expression.uses(OLD_SELF);
      if (transition && uncorrelated != null) {
        errors.invalid(
            at + ".rule",
            rule.written.string("rule", ""),
            "oldSelf cannot be used on the uncorrelatable portion of the schema within "
                + uncorrelated);
      }
      if (!transition && rule.error.isEmpty() && rule.written.has("optionalOldSelf")) {
        errors.invalid(
            at + ".optionalOldSelf",
            rule.written.get("optionalOldSelf"),
            "may not be set if oldSelf is not used in rule");
      }
    }
  }

  /** A rule as upstream's internal structure prints. */
  private static KubeMap asGo(KubeMap rule) {
    Object reason = rule.get("reason");
    Object optional = rule.get("optionalOldSelf");
    Object nothing = KubeNull.NULL;
    return KubeMap.of(
        "Rule", rule.string("rule", ""),
        "Message", rule.string("message", ""),
        "MessageExpression", rule.string("messageExpression", ""),
        "Reason", reason == null ? nothing : reason,
        "FieldPath", rule.string("fieldPath", ""),
        "OptionalOldSelf", optional == null ? nothing : optional);
  }

  void validate(Object value, @Nullable Object old, String path, FieldErrors errors) {
    if (rules.isEmpty()) {
      return;
    }
    Object self = SchemaTypes.value(value, schema, resource);
    Object before = old == null ? null : SchemaTypes.value(old, schema, resource);
    for (Rule rule : rules) {
      boolean transition = rule.expression != null && rule.expression.uses(OLD_SELF);
      boolean skipped = transition && before == null && !rule.optionalOldSelf();
      boolean unchanged = !transition && old != null && old.equals(value);
      if (!skipped && !unchanged) {
        rule(rule, value, variables(rule, self, before), path, errors);
      }
    }
  }

  private static ImmutableMap<String, Object> variables(
      Rule rule, Object self, @Nullable Object before) {
    ImmutableMap.Builder<String, Object> variables = ImmutableMap.builder();
    variables.put(SELF, self);
    if (rule.optionalOldSelf()) {
      variables.put(OLD_SELF, Optional.ofNullable(before));
    } else if (before != null) {
      variables.put(OLD_SELF, before);
    }
    return variables.buildOrThrow();
  }

  private void rule(
      Rule rule,
      Object value,
      ImmutableMap<String, Object> variables,
      String path,
      FieldErrors errors) {
    CelExpression expression = rule.expression;
    if (expression == null || !rule.error.isEmpty()) {
      errors.invalid(path, schema.type(), "rule compile error: " + rule.error);
      return;
    }
    try {
      if (Boolean.TRUE.equals(expression.evaluate(variables))) {
        return;
      }
    } catch (CelExpression.EvaluationException e) {
      errors.invalid(path, schema.type(), failure(String.valueOf(e.getMessage()), rule));
      return;
    }
    String field = rule.written.string("fieldPath", "");
    String at = path.equals("<nil>") && !field.isEmpty() ? field.substring(1) : path + field;
    broken(rule, value, message(rule, variables), at, errors);
  }

  private static String failure(String why, Rule rule) {
    if (why.startsWith("no such overload")) {
      return "'"
          + why
          + "': call arguments did not match a supported operator, function or macro signature for"
          + " rule: "
          + rule.shown();
    }
    return why.startsWith("operation cancelled")
        ? "'"
            + why
            + "': no further validation rules will be run due to call cost exceeds limit for rule: "
            + rule.shown()
        : why + " evaluating rule: " + rule.shown();
  }

  private static String message(Rule rule, ImmutableMap<String, Object> variables) {
    String said = rule.written.string("message", "").strip();
    CelExpression expression = rule.message;
    if (expression != null && rule.messageError.isEmpty()) {
      try {
        if (expression.evaluate(variables) instanceof String text
            && !text.isBlank()
            && text.indexOf('\n') < 0) {
          return text.strip();
        }
      } catch (CelExpression.EvaluationException e) {
        // As upstream: the plain message is used in its place.
        return said.isEmpty() ? "failed rule: " + rule.text() : said;
      }
    }
    return said.isEmpty() ? "failed rule: " + rule.text() : said;
  }

  private void broken(Rule rule, Object value, String detail, String path, FieldErrors errors) {
    boolean omitted = schema.type().equals("object") || schema.type().equals("array");
    String reason = rule.written.string("reason", "FieldValueInvalid");
    switch (reason) {
      case "FieldValueForbidden" -> errors.forbidden(path, detail);
      case "FieldValueRequired" -> errors.required(path, detail);
      case "FieldValueDuplicate" -> {
        if (omitted) {
          errors.add(reason, path, "Duplicate value");
        } else {
          errors.duplicate(path, value);
        }
      }
      default -> {
        if (omitted) {
          errors.add(reason, path, "Invalid value: " + detail);
        } else {
          errors.invalid(path, value, detail);
        }
      }
    }
  }
}
