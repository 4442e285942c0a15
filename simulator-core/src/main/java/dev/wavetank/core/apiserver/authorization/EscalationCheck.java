package dev.wavetank.core.apiserver.authorization;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.ApiServer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nobody gives away by a role or a binding what he has not got himself, unless he may {@code
 * escalate} the role or {@code bind} it.
 *
 * <p>Follows pkg/registry/rbac/role/policybased/storage.go,
 * pkg/registry/rbac/rolebinding/policybased/storage.go and pkg/registry/rbac/escalation_check.go
 * (v1.36).
 */
public final class EscalationCheck implements Admission {

  private final ApiServer server;
  private final RbacAuthorizer authorizer;

  /** The check of a server's writes. */
  public EscalationCheck(ApiServer server) {
    this.server = server;
    this.authorizer = new RbacAuthorizer(server);
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    UserInfo user = server.request().user();
    if (user == null || user.privileged() || !type.group().equals(RbacAuthorizer.GROUP)) {
      return object;
    }
    boolean role = type.equals(ResourceType.ROLES) || type.equals(ResourceType.CLUSTER_ROLES);
    String verb = role ? "escalate" : "bind";
    KubeMap reference = object.root().mapOrEmpty("roleRef");
    boolean clusterRole = reference.string("kind", "").equals("ClusterRole");
    String resource = role ? type.plural() : clusterRole ? "clusterroles" : "roles";
    String name = role ? object.name() : reference.string("name", "");
    Attributes asked =
        Attributes.resource(verb, RbacAuthorizer.GROUP, resource, "", object.namespace(), name);
    boolean same = before != null && unchanged(object, before);
    if (same || authorizer.authorize(user, asked).allowed()) {
      return object;
    }
    KubeList given =
        role ? object.root().listOrEmpty("rules") : authorizer.rulesOf(object, object.namespace());
    List<KubeMap> missing =
        PolicyRules.uncovered(authorizer.rules(user, object.namespace()), given);
    if (!missing.isEmpty()) {
      throw new ApiException(Status.forbidden(type, object.name(), why(user, missing)));
    }
    return object;
  }

  private static boolean unchanged(KubeObject next, KubeObject old) {
    return next.root().without("metadata").equals(old.root().without("metadata"));
  }

  private static String why(UserInfo user, List<KubeMap> missing) {
    return "user \""
        + user.name()
        + "\" (groups="
        + PolicyRules.quoted(user.groups())
        + ") is attempting to grant RBAC permissions not currently held:\n"
        + String.join("\n", PolicyRules.shown(missing));
  }
}
