package dev.wavetank.core.apiserver.authorization;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Role-based access control: what the roles allow that bindings give to a user. Rules only add up;
 * who is in {@code system:masters} is not asked.
 *
 * <p>Follows plugin/pkg/auth/authorizer/rbac/rbac.go and pkg/registry/rbac/validation/rule.go
 * (v1.36).
 */
public final class RbacAuthorizer {

  /** The group of roles and bindings. */
  public static final String GROUP = "rbac.authorization.k8s.io";

  /**
   * What the authorizer says.
   *
   * @param reason why it allows; empty for none
   */
  public record Decision(boolean allowed, String reason) {}

  private static final Decision PRIVILEGED = new Decision(true, "");
  private static final Decision NO_OPINION = new Decision(false, "");

  /** Looks at a rule that a user has, until it has seen enough. */
  private interface Visitor {
    boolean visit(KubeObject binding, KubeMap subject, KubeMap rule);
  }

  private final ApiServer server;

  /** The authorizer of a server, in which it finds roles and bindings. */
  public RbacAuthorizer(ApiServer server) {
    this.server = server;
  }

  /** Whether a user may do something. */
  public Decision authorize(UserInfo user, Attributes asked) {
    if (user.privileged()) {
      return PRIVILEGED;
    }
    Decision[] found = {NO_OPINION};
    visit(
        user,
        asked.namespace(),
        (binding, subject, rule) -> {
          if (!PolicyRules.allows(rule, asked)) {
            return true;
          }
          found[0] = new Decision(true, "RBAC: allowed by " + source(binding, subject));
          return false;
        });
    return found[0];
  }

  /** All rules that a user has in a namespace, cluster-wide ones first. */
  public List<KubeMap> rules(UserInfo user, String namespace) {
    List<KubeMap> rules = new ArrayList<>();
    visit(
        user,
        namespace,
        (binding, subject, rule) -> {
          rules.add(rule);
          return true;
        });
    return rules;
  }

  private void visit(UserInfo user, String namespace, Visitor visitor) {
    if (visitBindings(ResourceType.CLUSTER_ROLE_BINDINGS, user, "", visitor)
        && !namespace.isEmpty()) {
      visitBindings(ResourceType.ROLE_BINDINGS, user, namespace, visitor);
    }
  }

  private boolean visitBindings(
      ResourceType type, UserInfo user, String namespace, Visitor visitor) {
    List<KubeObject> bindings =
        namespace.isEmpty() ? server.list(type) : server.list(type, namespace, labels -> true);
    for (KubeObject binding : bindings) {
      KubeMap subject = subjectOf(binding, user, namespace);
      if (subject == null) {
        continue;
      }
      for (KubeMap rule : rulesOf(binding, namespace).maps()) {
        if (!visitor.visit(binding, subject, rule)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The rules of the role that a binding names; none when there is no such role. */
  KubeList rulesOf(KubeObject binding, String namespace) {
    KubeMap reference = binding.root().mapOrEmpty("roleRef");
    String name = reference.string("name", "");
    KubeObject role =
        reference.string("kind", "").equals("ClusterRole")
            ? server.find(ObjectKey.of(ResourceType.CLUSTER_ROLES, "", name))
            : server.find(ObjectKey.of(ResourceType.ROLES, namespace, name));
    return role == null ? KubeList.EMPTY : role.root().listOrEmpty("rules");
  }

  private static @Nullable KubeMap subjectOf(KubeObject binding, UserInfo user, String namespace) {
    for (KubeMap subject : binding.root().listOrEmpty("subjects").maps()) {
      String name = subject.string("name", "");
      boolean meant =
          switch (subject.string("kind", "")) {
            case "User" -> name.equals(user.name());
            case "Group" -> user.groups().contains(name);
            case "ServiceAccount" ->
                UserInfo.accountName(subject.string("namespace", namespace), name)
                    .equals(user.name());
            default -> false;
          };
      if (meant) {
        return subject;
      }
    }
    return null;
  }

  private static String source(KubeObject binding, KubeMap subject) {
    KubeMap role = binding.root().mapOrEmpty("roleRef");
    boolean placed = !binding.namespace().isEmpty();
    String name = binding.name() + (placed ? "/" + binding.namespace() : "");
    String kind = subject.string("kind", "");
    String who = subject.string("name", "");
    if (kind.equals("ServiceAccount")) {
      who += "/" + subject.string("namespace", "");
    }
    return (placed ? "RoleBinding" : "ClusterRoleBinding")
        + " \""
        + name
        + "\" of "
        + role.string("kind", "")
        + " \""
        + role.string("name", "")
        + "\" to "
        + kind
        + " \""
        + who
        + "\"";
  }
}
