package dev.wavetank.core.apiserver.authorization;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a rule of a role allows, and whether some rules hold all that others do.
 *
 * <p>Follows pkg/apis/rbac/v1/evaluation_helpers.go,
 * staging/src/k8s.io/component-helpers/auth/rbac/validation/policy_comparator.go and
 * pkg/registry/rbac/validation/policy_compact.go (v1.36).
 */
final class PolicyRules {

  private static final String ALL = "*";
  private static final String VERBS = "verbs";
  private static final String GROUPS = "apiGroups";
  private static final String RESOURCES = "resources";
  private static final String NAMES = "resourceNames";
  private static final String URLS = "nonResourceURLs";

  private PolicyRules() {}

  static boolean allows(KubeMap rule, Attributes asked) {
    if (!has(rule, VERBS, asked.verb())) {
      return false;
    }
    if (!asked.isResource()) {
      return urlMatches(rule.listOrEmpty(URLS), asked.path());
    }
    KubeList names = rule.listOrEmpty(NAMES);
    return has(rule, GROUPS, asked.group())
        && resourceMatches(
            rule.listOrEmpty(RESOURCES), asked.combinedResource(), asked.subresource())
        && (names.isEmpty() || names.contains(asked.name()));
  }

  private static boolean has(KubeMap rule, String field, String value) {
    KubeList list = rule.listOrEmpty(field);
    return list.contains(ALL) || list.contains(value);
  }

  private static boolean resourceMatches(KubeList resources, String combined, String subresource) {
    return resources.contains(ALL)
        || resources.contains(combined)
        || (!subresource.isEmpty() && resources.contains("*/" + subresource));
  }

  private static boolean urlMatches(KubeList urls, String path) {
    for (Object one : urls) {
      String url = one.toString();
      boolean prefix = url.endsWith(ALL) && path.startsWith(url.substring(0, url.length() - 1));
      if (url.equals(ALL) || url.equals(path) || prefix) {
        return true;
      }
    }
    return false;
  }

  /** The smallest rules that some rules consist of, which no rule of the owner holds. */
  static List<KubeMap> uncovered(Iterable<KubeMap> owner, KubeList wanted) {
    List<KubeMap> left = new ArrayList<>();
    for (KubeMap rule : wanted.maps()) {
      for (KubeMap atom : atoms(rule)) {
        boolean covered = false;
        for (KubeMap own : owner) {
          covered = covered || covers(own, atom);
        }
        if (!covered) {
          left.add(atom);
        }
      }
    }
    return left;
  }

  private static List<KubeMap> atoms(KubeMap rule) {
    List<KubeMap> atoms = new ArrayList<>();
    for (Object group : rule.listOrEmpty(GROUPS)) {
      for (Object resource : rule.listOrEmpty(RESOURCES)) {
        for (Object verb : rule.listOrEmpty(VERBS)) {
          KubeMap atom =
              KubeMap.of(
                  GROUPS, KubeList.of(group),
                  RESOURCES, KubeList.of(resource),
                  VERBS, KubeList.of(verb));
          KubeList names = rule.listOrEmpty(NAMES);
          for (Object name : names) {
            atoms.add(atom.with(NAMES, KubeList.of(name)));
          }
          if (names.isEmpty()) {
            atoms.add(atom);
          }
        }
      }
    }
    for (Object url : rule.listOrEmpty(URLS)) {
      for (Object verb : rule.listOrEmpty(VERBS)) {
        atoms.add(KubeMap.of(URLS, KubeList.of(url), VERBS, KubeList.of(verb)));
      }
    }
    return atoms;
  }

  private static boolean covers(KubeMap owner, KubeMap atom) {
    if (!has(owner, VERBS, only(atom, VERBS))) {
      return false;
    }
    if (atom.has(URLS)) {
      return urlMatches(owner.listOrEmpty(URLS), only(atom, URLS));
    }
    String resource = only(atom, RESOURCES);
    int slash = resource.indexOf('/');
    String subresource = slash < 0 ? "" : resource.substring(slash + 1);
    KubeList names = owner.listOrEmpty(NAMES);
    return has(owner, GROUPS, only(atom, GROUPS))
        && resourceMatches(owner.listOrEmpty(RESOURCES), resource, subresource)
        && (names.isEmpty() || (atom.has(NAMES) && names.contains(only(atom, NAMES))));
  }

  private static String only(KubeMap atom, String field) {
    return atom.listOrEmpty(field).get(0).toString();
  }

  /** Rules in one line each, those that differ in their verbs only together, in order. */
  static List<String> shown(List<KubeMap> atoms) {
    Map<KubeMap, KubeList> verbs = new LinkedHashMap<>();
    for (KubeMap atom : atoms) {
      KubeMap key = atom.without(VERBS);
      KubeList known = verbs.getOrDefault(key, KubeList.EMPTY);
      verbs.put(key, known.plus(only(atom, VERBS)));
    }
    TreeSet<String> lines = new TreeSet<>();
    verbs.forEach(
        (key, all) -> {
          List<String> parts = new ArrayList<>();
          part(parts, "APIGroups", key.listOrEmpty(GROUPS));
          part(parts, "Resources", key.listOrEmpty(RESOURCES));
          part(parts, "NonResourceURLs", key.listOrEmpty(URLS));
          part(parts, "ResourceNames", key.listOrEmpty(NAMES));
          part(parts, "Verbs", all);
          lines.add("{" + String.join(", ", parts) + "}");
        });
    return ImmutableList.copyOf(lines);
  }

  private static void part(List<String> parts, String name, KubeList values) {
    if (!values.isEmpty()) {
      parts.add(name + ":" + quoted(values));
    }
  }

  /** As Go prints a list of strings with {@code %q}. */
  static String quoted(Iterable<?> values) {
    StringBuilder out = new StringBuilder("[");
    for (Object value : values) {
      out.append(out.length() == 1 ? "\"" : " \"").append(value).append('"');
    }
    return out.append(']').toString();
  }
}
