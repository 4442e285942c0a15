package dev.wavetank.core.controller.clusterroleaggregation;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rules of ClusterRoles with an {@code aggregationRule}: those of all roles that it
 * selects, in the order of their names, each rule once.
 *
 * <p>Follows pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go (v1.36).
 */
public final class ClusterRoleAggregationController implements Reconciler<ObjectKey> {

  private static final String NAME = "clusterrole-aggregation-controller";
  private static final int WORKERS = 5;

  private final ApiServer server;
  private final ApiClient client;
  private final Controller<ObjectKey> controller;
  private final Informer roles;

  /** A controller that watches from now on; what exists is right already. */
  public ClusterRoleAggregationController(ApiServer server) {
    this.server = server;
    this.client = new ApiClient(server, NAME);
    this.controller =
        new Controller<>(
            NAME,
            WORKERS,
            client,
            RateLimiter.controllerDefault(),
            Controller.RETRIES_UNBOUNDED,
            this);
    this.roles = Informer.of(server, ResourceType.CLUSTER_ROLES, NAME, this::roleChanged);
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private void roleChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    for (KubeObject role : server.list(ResourceType.CLUSTER_ROLES)) {
      if (role.root().has("aggregationRule")) {
        controller.enqueue(role.key(ResourceType.CLUSTER_ROLES));
      }
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject role = roles.view().get(key);
    KubeMap aggregation = role == null ? null : role.root().map("aggregationRule");
    if (role == null || aggregation == null) {
      return Result.done();
    }
    Set<Object> rules = new LinkedHashSet<>();
    for (KubeMap written : aggregation.listOrEmpty("clusterRoleSelectors").maps()) {
      LabelSelector selector = LabelSelector.of(written);
      for (KubeObject other : server.list(ResourceType.CLUSTER_ROLES)) {
        if (!other.name().equals(role.name()) && selector.matches(other.labels())) {
          other.root().listOrEmpty("rules").forEach(rules::add);
        }
      }
    }
    KubeList sum = KubeList.copyOf(rules);
    if (!sum.equals(role.root().listOrEmpty("rules"))) {
      client.update(ResourceType.CLUSTER_ROLES, role.with(sum, "rules"));
    }
    return Result.done();
  }
}
