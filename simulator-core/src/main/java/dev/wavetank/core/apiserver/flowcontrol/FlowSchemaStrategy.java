package dev.wavetank.core.apiserver.flowcontrol;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;

/**
 * FlowSchemas: which requests belong to which priority level.
 *
 * <p>Follows pkg/apis/flowcontrol/v1/defaults.go and pkg/apis/flowcontrol/validation/validation.go
 * (v1.36).
 */
final class FlowSchemaStrategy extends FlowControlStrategy {

  private static final long PRECEDENCE_MAX = 10_000;
  private static final ImmutableList<String> METHODS = ImmutableList.of("ByNamespace", "ByUser");
  private static final ImmutableList<String> SUBJECTS =
      ImmutableList.of("Group", "ServiceAccount", "User");
  private static final ImmutableList<String> VERBS =
      ImmutableList.of(
          "create",
          "delete",
          "deletecollection",
          "get",
          "list",
          "patch",
          "proxy",
          "update",
          "watch");

  @Override
  public KubeObject defaults(KubeObject object) {
    return object.withSpec(nonZero(object.spec(), "matchingPrecedence", 1000));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    precedence(spec.number("matchingPrecedence", 0), object.name(), errors);
    KubeMap method = spec.map("distinguisherMethod");
    if (method != null && !METHODS.contains(method.string("type", ""))) {
      errors.unsupported("spec.distinguisherMethod.type", method, METHODS);
    }
    String level = spec.mapOrEmpty("priorityLevelConfiguration").string("name", "");
    String path = "spec.priorityLevelConfiguration.name";
    if (level.isEmpty()) {
      errors.required(path, "must reference a priority level");
    } else {
      errors.invalid(path, level, Formats.dnsSubdomain(level));
    }
    KubeList rules = spec.listOrEmpty("rules");
    for (int i = 0; i < rules.size(); i++) {
      rule(rules.map(i), "spec.rules[" + i + "]", errors);
    }
    KubeObject fixed = FlowControlPolicy.ALL.get(object.key(ResourceType.FLOW_SCHEMAS));
    if (fixed != null
        && FlowControlPolicy.MANDATORY.contains(object.name())
        && !fixed.spec().equals(spec)) {
      errors.invalid("spec", spec, "spec of '" + object.name() + "' must equal the fixed value");
    }
    conditions(object.status(), errors);
  }

  private static void precedence(long precedence, String name, FieldErrors errors) {
    String path = "spec.matchingPrecedence";
    if (precedence <= 0) {
      errors.invalid(path, precedence, "must be a positive value");
    }
    if (precedence > PRECEDENCE_MAX) {
      errors.invalid(path, precedence, "must not be greater than " + PRECEDENCE_MAX);
    }
    if (precedence == 1 && !name.equals("exempt")) {
      errors.invalid(
          path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
    }
  }

  private static void rule(KubeMap rule, String path, FieldErrors errors) {
    KubeList subjects = rule.listOrEmpty("subjects");
    if (subjects.isEmpty()) {
      errors.required(path + ".subjects", "subjects must contain at least one value");
    }
    for (int i = 0; i < subjects.size(); i++) {
      subject(subjects.map(i), path + ".subjects[" + i + "]", errors);
    }
    KubeList resources = rule.listOrEmpty("resourceRules");
    KubeList urls = rule.listOrEmpty("nonResourceRules");
    if (resources.isEmpty() && urls.isEmpty()) {
      errors.required(
          path, "at least one of resourceRules and nonResourceRules has to be non-empty");
    }
    for (int i = 0; i < resources.size(); i++) {
      resources(resources.map(i), path + ".resourceRules[" + i + "]", errors);
    }
    for (int i = 0; i < urls.size(); i++) {
      urls(urls.map(i), path + ".nonResourceRules[" + i + "]", errors);
    }
  }

  private static void subject(KubeMap subject, String path, FieldErrors errors) {
    String kind = subject.string("kind", "");
    if (!SUBJECTS.contains(kind)) {
      errors.unsupported(path + ".kind", kind, SUBJECTS);
      return;
    }
    String own = field(kind);
    KubeMap named = subject.map(own);
    String at = path + "." + own;
    if (named == null) {
      errors.required(at, own + " is required when subject kind is '" + kind + "'");
    } else if (kind.equals("ServiceAccount")) {
      account(named, at, errors);
    } else if (named.string("name", "").isEmpty()) {
      errors.required(at + ".name", "");
    }
    for (String other : ImmutableList.of("ServiceAccount", "User", "Group")) {
      String field = field(other);
      if (!other.equals(kind) && subject.map(field) != null) {
        errors.forbidden(
            path + "." + field, field + " is forbidden when subject kind is not '" + other + "'");
      }
    }
  }

  private static String field(String kind) {
    return switch (kind) {
      case "ServiceAccount" -> "serviceAccount";
      case "User" -> "user";
      default -> "group";
    };
  }

  private static void account(KubeMap account, String path, FieldErrors errors) {
    String name = account.string("name", "");
    if (name.isEmpty()) {
      errors.required(path + ".name", "");
    } else if (!name.equals("*")) {
      errors.invalid(path + ".name", name, Formats.dnsSubdomain(name));
    }
    String namespace = account.string("namespace", "");
    if (namespace.isEmpty()) {
      errors.required(path + ".namespace", "must specify namespace for service account");
    } else {
      errors.invalid(path + ".namespace", namespace, Formats.dnsLabel(namespace));
    }
  }

  private static void verbs(KubeMap rule, String path, FieldErrors errors) {
    KubeList verbs = rule.listOrEmpty("verbs");
    boolean known = true;
    for (Object verb : verbs) {
      known &= VERBS.contains(verb.toString());
    }
    if (verbs.isEmpty()) {
      errors.required(path + ".verbs", "verbs must contain at least one value");
    } else if (verbs.contains("*")) {
      alone(verbs, path + ".verbs", "verbs", errors);
    } else if (!known) {
      errors.unsupported(path + ".verbs", verbs, VERBS);
    }
  }

  private static void alone(KubeList list, String path, String what, FieldErrors errors) {
    if (list.size() > 1 && list.contains("*")) {
      errors.invalid(path, list, "if '*' is present, must not specify other " + what);
    }
  }

  private static void urls(KubeMap rule, String path, FieldErrors errors) {
    verbs(rule, path, errors);
    KubeList urls = rule.listOrEmpty("nonResourceURLs");
    String at = path + ".nonResourceURLs";
    if (urls.isEmpty()) {
      errors.required(at, "nonResourceURLs must contain at least one value");
    } else if (urls.contains("*")) {
      alone(urls, at, "non-resource URLs", errors);
    } else {
      for (int i = 0; i < urls.size(); i++) {
        url(urls.get(i).toString(), at + "[" + i + "]", errors);
      }
    }
  }

  private static void url(String url, String path, FieldErrors errors) {
    int wildcard = url.indexOf('*');
    String why = "";
    if (url.isEmpty()) {
      why = "must not be empty";
    } else if (!url.startsWith("/")) {
      why = "must start with slash";
    } else if (url.contains(" ")) {
      why = "must not contain white-space";
    } else if (url.contains("//")) {
      why = "must not contain double slash";
    } else if (wildcard >= 0 && !(wildcard == url.length() - 1 && url.endsWith("/*"))) {
      why = "wildcard can only do suffix matching";
    }
    if (!why.isEmpty()) {
      errors.invalid(path, url, why);
    }
  }

  private static void resources(KubeMap rule, String path, FieldErrors errors) {
    verbs(rule, path, errors);
    KubeList groups = rule.listOrEmpty("apiGroups");
    if (groups.isEmpty()) {
      errors.required(path + ".apiGroups", "resource rules must supply at least one api group");
    }
    alone(groups, path + ".apiGroups", "api groups", errors);
    KubeList resources = rule.listOrEmpty("resources");
    if (resources.isEmpty()) {
      errors.required(path + ".resources", "resource rules must supply at least one resource");
    }
    alone(resources, path + ".resources", "resources", errors);
    KubeList namespaces = rule.listOrEmpty("namespaces");
    String at = path + ".namespaces";
    if (namespaces.isEmpty() && !rule.bool("clusterScope", false)) {
      errors.required(
          at, "resource rules that are not cluster scoped must supply at least one namespace");
    } else if (namespaces.contains("*")) {
      alone(namespaces, at, "namespaces", errors);
    } else {
      for (int i = 0; i < namespaces.size(); i++) {
        String namespace = namespaces.get(i).toString();
        for (String detail : Formats.dnsLabel(namespace)) {
          errors.invalid(
              at + "[" + i + "]",
              namespace,
              "each member of this list must be '*' or a DNS-1123 label; " + detail);
        }
      }
    }
  }
}
