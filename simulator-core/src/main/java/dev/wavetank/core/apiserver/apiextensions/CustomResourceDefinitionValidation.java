package dev.wavetank.core.apiserver.apiextensions;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.apiextensions.cel.ValidationRules;
import dev.wavetank.core.apiserver.apiextensions.schema.OpenApiRules;
import dev.wavetank.core.apiserver.apiextensions.schema.StructuralSchema;
import dev.wavetank.core.apiserver.apiextensions.schema.Structurality;
import dev.wavetank.core.apiserver.webhook.WebhookConfigurationStrategy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a CustomResourceDefinition may say.
 *
 * <p>Upstream keeps what all versions say alike once for all of them, and so names it without the
 * version: {@code spec.validation.openAPIV3Schema}.
 *
 * <p>Follows
 * staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go
 * (v1.36).
 */
final class CustomResourceDefinitionValidation {

  private static final ImmutableList<String> SCOPES = ImmutableList.of("Cluster", "Namespaced");
  private static final ImmutableList<String> COLUMN_TYPES =
      ImmutableList.of("boolean", "date", "integer", "number", "string");
  private static final ImmutableList<String> COLUMN_FORMATS =
      ImmutableList.of(
          "byte", "date", "date-time", "double", "float", "int32", "int64", "password");
  private static final String APPROVED = "api-approved.kubernetes.io";
  private static final int WARNING_LENGTH_MAX = 256;

  void validateCreate(KubeObject definition, FieldErrors errors) {
    KubeMap spec = definition.spec();
    String plural = spec.mapOrEmpty("names").string("plural", "");
    String required = plural + "." + spec.string("group", "");
    if (!definition.name().equals(required)) {
      errors.invalid(
          "metadata.name", definition.name(), "must be spec.names.plural+\".\"+spec.group");
    }
    spec(spec, errors);
    storedVersions(definition, errors);
    approval(definition, null, errors);
    preserving(spec, errors);
  }

  void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    KubeMap spec = next.spec();
    KubeMap before = old.spec();
    spec(spec, errors);
    if (Conditions.isTrue(old.status(), "Established")) {
      immutable(spec.get("scope"), before.get("scope"), "spec.scope", errors);
      immutable(spec.at("names", "kind"), before.at("names", "kind"), "spec.names.kind", errors);
    }
    immutable(spec.get("group"), before.get("group"), "spec.group", errors);
    immutable(
        spec.at("names", "plural"), before.at("names", "plural"), "spec.names.plural", errors);
    storedVersions(next, errors);
    approval(next, old, errors);
    preserving(spec, errors);
  }

  private static void immutable(
      @Nullable Object next, @Nullable Object old, String path, FieldErrors errors) {
    if (!Objects.equals(next, old)) {
      errors.invalid(path, next, "field is immutable");
    }
  }

  private static void preserving(KubeMap spec, FieldErrors errors) {
    if (spec.bool("preserveUnknownFields", false)) {
      errors.invalid(
          "spec.preserveUnknownFields",
          true,
          "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
              + " spec.versions[*].schema instead");
    }
  }

  private static void spec(KubeMap spec, FieldErrors errors) {
    group(spec.string("group", ""), errors);
    String scope = spec.string("scope", "");
    if (scope.isEmpty()) {
      errors.required("spec.scope", "");
    } else if (!SCOPES.contains(scope)) {
      errors.unsupported("spec.scope", scope, SCOPES);
    }
    KubeList versions = spec.listOrEmpty("versions");
    for (int i = 0; i < versions.size(); i++) {
      if (versions.map(i).at("schema", "openAPIV3Schema") == null) {
        errors.required("spec.versions[" + i + "].schema.openAPIV3Schema", "");
      }
    }
    versions(versions, errors);
    KubeMap names = spec.mapOrEmpty("names");
    for (String name : ImmutableList.of("plural", "singular", "kind", "listKind")) {
      if (names.string(name, "").isEmpty()) {
        errors.required("spec.names." + name, "");
      }
    }
    names(names, "spec.names", errors);
    if (alike(versions, "schema")) {
      schema(versions.map(0), "spec.validation", errors);
    }
    if (alike(versions, "subresources")) {
      subresources(versions.map(0), "spec.subresources", errors);
    }
    if (alike(versions, "additionalPrinterColumns")) {
      columns(versions.map(0), "spec.additionalPrinterColumns", errors);
    }
    conversion(spec.mapOrEmpty("conversion"), errors);
  }

  private static void group(String group, FieldErrors errors) {
    List<String> problems = Formats.dnsSubdomain(group);
    if (group.isEmpty()) {
      errors.required("spec.group", "");
    } else if (!problems.isEmpty()) {
      errors.invalid("spec.group", group, String.join(",", problems));
    } else if (group.indexOf('.') < 0) {
      errors.invalid("spec.group", group, "should be a domain with at least one dot");
    }
  }

  /** Whether all versions say the same under a name, and something at all. */
  private static boolean alike(KubeList versions, String field) {
    if (versions.isEmpty() || !versions.map(0).has(field)) {
      return false;
    }
    Object first = versions.map(0).get(field);
    for (KubeMap version : versions.maps()) {
      if (!Objects.equals(version.get(field), first)) {
        return false;
      }
    }
    return true;
  }

  private static void versions(KubeList versions, FieldErrors errors) {
    int storage = 0;
    Set<String> seen = new LinkedHashSet<>();
    boolean unique = true;
    for (int i = 0; i < versions.size(); i++) {
      KubeMap version = versions.map(i);
      String path = "spec.versions[" + i + "]";
      String name = version.string("name", "");
      storage += version.bool("storage", false) ? 1 : 0;
      unique &= seen.add(name);
      List<String> problems = Formats.dns1035Label(name);
      if (!problems.isEmpty()) {
        errors.invalid(path + ".name", name, String.join(",", problems));
      }
      deprecation(version, path + ".deprecationWarning", errors);
      if (!alike(versions, "schema")) {
        schema(version, path + ".schema", errors);
      }
      if (!alike(versions, "subresources")) {
        subresources(version, path + ".subresources", errors);
      }
      if (!alike(versions, "additionalPrinterColumns")) {
        columns(version, path + ".additionalPrinterColumns", errors);
      }
    }
    if (!unique) {
      errors.invalid("spec.versions", versions, "must contain unique version names");
    }
    if (storage != 1) {
      errors.invalid(
          "spec.versions", versions, "must have exactly one version marked as storage version");
    }
  }

  private static void deprecation(KubeMap version, String path, FieldErrors errors) {
    String warning = version.string("deprecationWarning");
    if (warning == null) {
      return;
    }
    if (!version.bool("deprecated", false)) {
      errors.invalid(path, warning, "can only be set for deprecated versions");
    } else if (warning.length() > WARNING_LENGTH_MAX) {
      errors.invalid(path, warning, "must be <= 256 characters long");
    } else if (warning.isEmpty()) {
      errors.invalid(path, warning, "must not be an empty string");
    }
  }

  private static void schema(KubeMap version, String path, FieldErrors errors) {
    KubeMap written = Definition.openApiSchema(version);
    if (version.at("schema", "openAPIV3Schema") == null) {
      return;
    }
    String at = path + ".openAPIV3Schema";
    StructuralSchema schema;
    try {
      schema = StructuralSchema.of(written);
    } catch (StructuralSchema.SchemaDepthException e) {
      errors.invalid(at, "", String.valueOf(e.getMessage()));
      return;
    }
    if (schema.nullable()) {
      errors.forbidden(at + ".nullable", "nullable cannot be true at the root");
    }
    FieldErrors structural = new FieldErrors();
    Structurality.validate(schema, at, structural);
    if (structural.isEmpty()) {
      OpenApiRules.validateDefaults(schema, at, structural);
    }
    FieldErrors rules = new FieldErrors();
    OpenApiRules.validate(schema, at, rules);
    errors.addAll(structural);
    errors.addAll(rules);
    if (structural.isEmpty() && rules.isEmpty()) {
      ValidationRules.check(schema, at, errors);
    }
  }

  private static void subresources(KubeMap version, String path, FieldErrors errors) {
    KubeMap scale = version.mapOrEmpty("subresources").map("scale");
    if (scale == null) {
      return;
    }
    replicas(scale, "specReplicasPath", ".spec.", path, errors);
    replicas(scale, "statusReplicasPath", ".status.", path, errors);
    String selector = scale.string("labelSelectorPath", "");
    if (!selector.isEmpty()
        && simplePath(selector, path + ".scale.labelSelectorPath", errors)
        && !selector.startsWith(".spec.")
        && !selector.startsWith(".status.")) {
      errors.invalid(
          path + ".scale.labelSelectorPath",
          selector,
          "should be a json path under either .spec or .status");
    }
  }

  private static void replicas(
      KubeMap scale, String field, String under, String path, FieldErrors errors) {
    String at = path + ".scale." + field;
    String value = scale.string(field, "");
    if (value.isEmpty()) {
      errors.required(at, "");
    } else if (simplePath(value, at, errors) && !value.startsWith(under)) {
      errors.invalid(
          at, value, "should be a json path under " + under.substring(0, under.length() - 1));
    }
  }

  private static boolean simplePath(String path, String at, FieldErrors errors) {
    if (!path.startsWith(".")) {
      errors.invalid(at, path, "must be a simple json path starting with .");
      return false;
    }
    return true;
  }

  private static void columns(KubeMap version, String path, FieldErrors errors) {
    KubeList columns = version.listOrEmpty("additionalPrinterColumns");
    for (int i = 0; i < columns.size(); i++) {
      KubeMap column = columns.map(i);
      String at = path + "[" + i + "]";
      if (column.string("name", "").isEmpty()) {
        errors.required(at + ".name", "");
      }
      String type = column.string("type", "");
      String must = "must be one of " + String.join(",", COLUMN_TYPES);
      if (type.isEmpty()) {
        errors.required(at + ".type", must);
      } else if (!COLUMN_TYPES.contains(type)) {
        errors.invalid(at + ".type", type, must);
      }
      String format = column.string("format", "");
      if (!format.isEmpty() && !COLUMN_FORMATS.contains(format)) {
        errors.invalid(
            at + ".format", format, "must be one of " + String.join(",", COLUMN_FORMATS));
      }
      String jsonPath = column.string("jsonPath", "");
      if (jsonPath.isEmpty()) {
        errors.required(at + ".JSONPath", "");
      } else {
        simplePath(jsonPath, at + ".JSONPath", errors);
      }
    }
  }

  private static void names(KubeMap names, String path, FieldErrors errors) {
    label(names.string("plural", ""), path + ".plural", "", errors);
    label(names.string("singular", ""), path + ".singular", "", errors);
    String mixed = "may have mixed case, but should otherwise match: ";
    label(names.string("kind", ""), path + ".kind", mixed, errors);
    label(names.string("listKind", ""), path + ".listKind", mixed, errors);
    labels(names.listOrEmpty("shortNames"), path + ".shortNames", errors);
    String kind = names.string("kind", "");
    if (!kind.isEmpty() && kind.equals(names.string("listKind", ""))) {
      errors.invalid(path + ".listKind", kind, "kind and listKind may not be the same");
    }
    labels(names.listOrEmpty("categories"), path + ".categories", errors);
  }

  private static void label(String name, String path, String before, FieldErrors errors) {
    String checked = before.isEmpty() ? name : Ascii.toLowerCase(name);
    List<String> problems = Formats.dns1035Label(checked);
    if (!name.isEmpty() && !problems.isEmpty()) {
      errors.invalid(path, name, before + String.join(",", problems));
    }
  }

  private static void labels(KubeList names, String path, FieldErrors errors) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).toString();
      List<String> problems = Formats.dns1035Label(name);
      if (!problems.isEmpty()) {
        errors.invalid(path + "[" + i + "]", name, String.join(",", problems));
      }
    }
  }

  private static void conversion(KubeMap conversion, FieldErrors errors) {
    ImmutableList<String> known = ImmutableList.of("None", "Webhook");
    String strategy = conversion.string("strategy", "");
    if (strategy.isEmpty()) {
      errors.required("spec.conversion.strategy", "");
    } else if (!known.contains(strategy)) {
      errors.unsupported("spec.conversion.strategy", strategy, known);
    }
    if (!strategy.equals("Webhook") && conversion.has("webhook")) {
      errors.forbidden(
          "spec.conversion.webhookClientConfig",
          "should not be set when strategy is not set to Webhook");
    }
    if (strategy.equals("Webhook")) {
      webhook(conversion.mapOrEmpty("webhook"), errors);
    }
  }

  private static void webhook(KubeMap webhook, FieldErrors errors) {
    KubeMap client = webhook.map("clientConfig");
    if (client == null) {
      errors.required(
          "spec.conversion.webhookClientConfig", "required when strategy is set to Webhook");
    } else {
      WebhookConfigurationStrategy.client(client, "spec.conversion.webhookClientConfig", errors);
    }
    String path = "spec.conversion.conversionReviewVersions";
    KubeList versions = webhook.listOrEmpty("conversionReviewVersions");
    if (versions.isEmpty()) {
      errors.required(path, "");
    } else if (!versions.contains("v1") && !versions.contains("v1beta1")) {
      errors.invalid(path, versions, "must include at least one of v1, v1beta1");
    }
  }

  private static void storedVersions(KubeObject definition, FieldErrors errors) {
    KubeList stored = definition.status().listOrEmpty("storedVersions");
    if (stored.isEmpty()) {
      errors.invalid("status.storedVersions", stored, "must have at least one stored version");
      return;
    }
    Set<String> known = new LinkedHashSet<>();
    for (KubeMap version : definition.spec().listOrEmpty("versions").maps()) {
      known.add(version.string("name", ""));
    }
    for (int i = 0; i < stored.size(); i++) {
      String name = stored.get(i).toString();
      if (!known.contains(name)) {
        errors.invalid(
            "status.storedVersions[" + i + "]",
            name,
            "missing from spec.versions; "
                + name
                + " was previously a storage version, and must remain in spec.versions until a"
                + " storage migration ensures no data remains persisted in "
                + name
                + " and removes "
                + name
                + " from status.storedVersions");
      }
    }
  }

  private static void approval(
      KubeObject definition, @Nullable KubeObject old, FieldErrors errors) {
    String group = definition.spec().string("group", "");
    boolean community =
        group.equals("k8s.io")
            || group.endsWith(".k8s.io")
            || group.equals("kubernetes.io")
            || group.endsWith(".kubernetes.io");
    String annotation = definition.annotations().string(APPROVED, "");
    if (!community || (old != null && old.annotations().string(APPROVED, "").equals(annotation))) {
      return;
    }
    String must = "protected groups must have approval annotation " + GoQuote.quote(APPROVED);
    String see = ", see https://github.com/kubernetes/enhancements/pull/1111";
    String path = "metadata.annotations[" + APPROVED + "]";
    if (annotation.isEmpty()) {
      errors.required(path, must + see);
    } else if (!annotation.startsWith("unapproved") && annotation.indexOf("://") <= 0) {
      errors.invalid(
          path,
          annotation,
          must + " with either a URL or a reason starting with \"unapproved\"" + see);
    }
  }
}
