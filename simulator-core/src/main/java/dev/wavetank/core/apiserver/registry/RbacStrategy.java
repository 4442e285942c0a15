package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.List;

/**
 * Roles and bindings, in a namespace or of the cluster.
 *
 * <p>Follows pkg/apis/rbac/validation/validation.go and pkg/apis/rbac/v1/defaults.go (v1.36).
 */
final class RbacStrategy implements ResourceStrategy {

  private static final String GROUP = "rbac.authorization.k8s.io";

  private final boolean binding;
  private final boolean namespaced;

  private RbacStrategy(boolean binding, boolean namespaced) {
    this.binding = binding;
    this.namespaced = namespaced;
  }

  static RbacStrategy ofRoles(boolean namespaced) {
    return new RbacStrategy(false, namespaced);
  }

  static RbacStrategy ofBindings(boolean namespaced) {
    return new RbacStrategy(true, namespaced);
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    if (!binding) {
      return object;
    }
    KubeMap role = object.root().mapOrEmpty("roleRef");
    KubeObject made =
        role.string("apiGroup", "").isEmpty()
            ? object.with(role.with("apiGroup", GROUP), "roleRef")
            : object;
    KubeList subjects = made.root().listOrEmpty("subjects");
    for (int i = 0; i < subjects.size(); i++) {
      KubeMap subject = subjects.map(i);
      String kind = subject.string("kind", "");
      boolean grouped = kind.equals("User") || kind.equals("Group");
      if (grouped && subject.string("apiGroup", "").isEmpty()) {
        made =
            made.with(
                made.root().listOrEmpty("subjects").with(i, subject.with("apiGroup", GROUP)),
                "subjects");
      }
    }
    return made;
  }

  @Override
  public boolean createOnUpdate() {
    return true;
  }

  /** Names may be anything that stands in a path. */
  @Override
  public List<String> nameErrors(String name) {
    return Formats.pathSegment(name);
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    if (binding) {
      roleRef(object.root().mapOrEmpty("roleRef"), errors);
      KubeList subjects = object.root().listOrEmpty("subjects");
      for (int i = 0; i < subjects.size(); i++) {
        subject(subjects.map(i), "subjects[" + i + "]", errors);
      }
      return;
    }
    KubeList rules = object.root().listOrEmpty("rules");
    for (int i = 0; i < rules.size(); i++) {
      rule(rules.map(i), "rules[" + i + "]", errors);
    }
    KubeMap aggregation = object.root().map("aggregationRule");
    if (aggregation != null) {
      KubeList selectors = aggregation.listOrEmpty("clusterRoleSelectors");
      String path = "aggregationRule.clusterRoleSelectors";
      if (selectors.isEmpty()) {
        errors.required(
            path, "at least one clusterRoleSelector required if aggregationRule is non-nil");
      }
      for (int i = 0; i < selectors.size(); i++) {
        int before = errors.size();
        Checks.labelSelector(selectors.map(i), path + "[" + i + "]", errors);
        if (errors.size() > before) {
          errors.invalid(path + "[" + i + "]", null, "invalid label selector.");
        }
      }
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
    KubeMap role = next.root().mapOrEmpty("roleRef");
    if (binding && !role.equals(old.root().mapOrEmpty("roleRef"))) {
      KubeMap shown =
          KubeMap.of(
              "APIGroup", role.string("apiGroup", ""),
              "Kind", role.string("kind", ""),
              "Name", role.string("name", ""));
      errors.invalid("roleRef", shown, "cannot change roleRef");
    }
  }

  private void rule(KubeMap rule, String path, FieldErrors errors) {
    if (rule.listOrEmpty("verbs").isEmpty()) {
      errors.required(path + ".verbs", "verbs must contain at least one value");
    }
    KubeList urls = rule.listOrEmpty("nonResourceURLs");
    boolean groups = !rule.listOrEmpty("apiGroups").isEmpty();
    boolean resources = !rule.listOrEmpty("resources").isEmpty();
    if (!urls.isEmpty()) {
      if (namespaced) {
        errors.invalid(
            path + ".nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs");
      }
      if (groups || resources || !rule.listOrEmpty("resourceNames").isEmpty()) {
        errors.invalid(
            path + ".nonResourceURLs",
            urls,
            "rules cannot apply to both regular resources and non-resource URLs");
      }
      return;
    }
    if (!groups) {
      errors.required(path + ".apiGroups", "resource rules must supply at least one api group");
    }
    if (!resources) {
      errors.required(path + ".resources", "resource rules must supply at least one resource");
    }
  }

  private void roleRef(KubeMap role, FieldErrors errors) {
    String group = role.string("apiGroup", "");
    if (!group.equals(GROUP)) {
      errors.unsupported("roleRef.apiGroup", group, ImmutableList.of(GROUP));
    }
    ImmutableList<String> kinds =
        namespaced ? ImmutableList.of("Role", "ClusterRole") : ImmutableList.of("ClusterRole");
    String kind = role.string("kind", "");
    if (!kinds.contains(kind)) {
      errors.unsupported("roleRef.kind", kind, kinds);
    }
    String name = role.string("name", "");
    if (name.isEmpty()) {
      errors.required("roleRef.name", "");
    } else {
      errors.invalid("roleRef.name", name, Formats.pathSegment(name));
    }
  }

  private void subject(KubeMap subject, String path, FieldErrors errors) {
    String name = subject.string("name", "");
    String group = subject.string("apiGroup", "");
    if (name.isEmpty()) {
      errors.required(path + ".name", "");
    }
    String kind = subject.string("kind", "");
    switch (kind) {
      case "ServiceAccount" -> {
        if (!name.isEmpty()) {
          errors.invalid(path + ".name", name, Formats.dnsSubdomain(name));
        }
        if (!group.isEmpty()) {
          errors.unsupported(path + ".apiGroup", group, ImmutableList.of(""));
        }
        if (!namespaced && subject.string("namespace", "").isEmpty()) {
          errors.required(path + ".namespace", "");
        }
      }
      case "User", "Group" -> {
        if (!group.equals(GROUP)) {
          errors.unsupported(path + ".apiGroup", group, ImmutableList.of(GROUP));
        }
      }
      default ->
          errors.unsupported(
              path + ".kind", kind, ImmutableList.of("ServiceAccount", "User", "Group"));
    }
  }
}
